import { describe, expect, it } from "vitest";
import { newLightState } from "../../../gateway/core/lights/light-state.ts";
import { standing } from "../../../gateway/core/lights/reconcile.ts";
import type { Change } from "../../../gateway/core/model.ts";
import type { Desired } from "../../../gateway/core/stars/decide.ts";
import { equalBytes } from "../../../protocol/wire/bytes.ts";
import { seal } from "../../../protocol/wire/seal.ts";
import { topicOf } from "../../../protocol/wire/topics.ts";
import { type Stars, seconds } from "../../../protocol/wire/units.ts";
import { crypto, type Depot, FLEET, lightId, makeSigner, oneTaxi, ScriptedLight } from "./harness.ts";

function litTaxi() {
	const taxi = oneTaxi();
	taxi.depot.signIn("A-10001", "C5");
	taxi.light.report();
	taxi.light.take();
	taxi.depot.advance(20_000);
	return taxi;
}

const dropped = (depot: Depot) => depot.core.depot(depot.now()).dropped;

describe("observed", () => {
	it("is null for a light that was never heard", () => {
		const { depot, light } = oneTaxi();
		expect(depot.view(light.id)).toMatchObject({
			observed: null,
			acked: null,
			status: "silent",
			reason: "never-heard",
		});
	});

	it("comes from nothing but a verified state: a forged one is dropped and counted", () => {
		const { depot, light } = litTaxi();
		const forger = makeSigner();
		const report = { fleet: FLEET, light: light.id, session: 9, counter: 99, ask: light.ask, shown: 1 as Stars };
		const pair = { epoch: 1, seq: 1, pattern: "stars" as const, sensed: true };
		light.deliver(seal("state", { ...report, ...pair }, forger, crypto));
		light.deliver(seal("state", { ...report, ...pair, light: lightId(2) }, light.signer, crypto));
		light.deliver(seal("state", { ...report, ...pair, fleet: "other" }, light.signer, crypto));
		expect(depot.view(light.id).observed).toBe(5);
		expect(dropped(depot)).toEqual({ "unknown-key": 1, "wrong-light": 2 });
	});

	it("is not turned back by a state that comes again or late", () => {
		const { depot, light } = oneTaxi();
		const old = light.state();
		light.period();
		const newest = light.state();
		for (const bytes of [old, newest, newest, old]) light.deliver(bytes);
		expect(dropped(depot)).toEqual({ replayed: 3 });
		expect(equalBytes(depot.grants(light.id)[0]?.ask ?? new Uint8Array(), light.ask)).toBe(true);
	});

	it("is not turned back by an old state after a restart of the depot", () => {
		const { depot, light } = litTaxi();
		const old = light.state({ shown: 0, pattern: "neutral" });
		light.report();
		depot.advance(1000);
		depot.restart();
		light.deliver(old);
		expect(depot.view(light.id).observed).toBe(5);
		expect(dropped(depot)).toEqual({ replayed: 1 });
	});

	it("is stored within a second, with the next commit or by itself", () => {
		const { depot, light } = litTaxi();
		light.report();
		depot.advance(999);
		expect(depot.store.view().observed.get(light.id)?.counter).toBe(light.counter - 1);
		depot.advance(1);
		expect(depot.store.view().observed.get(light.id)?.counter).toBe(light.counter);
		light.report();
		depot.signOut("A-10001");
		expect(depot.store.view().observed.get(light.id)?.counter).toBe(light.counter);
	});
});

describe("a light's status", () => {
	it("is right when a verified state shows what is owed", () => {
		const { depot, light } = litTaxi();
		expect(depot.view(light.id)).toMatchObject({ status: "right", reason: null, observed: 5, desired: 5 });
	});

	it("is never right while the last report shows something else than is owed, also where nothing was reckoned yet", () => {
		const { depot, light } = oneTaxi();
		light.report();
		depot.advance(5000);
		const observed = depot.store.snapshot().observed.get(light.id) ?? null;
		expect(observed?.shown).toBe(0);
		const owed = (stars: Stars) => newLightState({ stars, asOf: 0, trace: new Uint8Array(8) } as unknown as Desired); // the status reads the stars only
		const statusOf = (stars: Stars) => {
			const { unix, mono } = depot.now();
			return standing(owed(stars), observed, seconds(1500), null, unix, mono).status;
		};
		expect([statusOf(0), statusOf(5)]).toEqual(["right", "moving"]);
	});

	it("is moving for 10 s after a change and then differs, and the console is told without anything else happening", () => {
		const { depot, light } = litTaxi();
		depot.signIn("A-10001", "C3");
		expect(depot.view(light.id)).toMatchObject({ status: "moving", desired: 3, observed: 5, acked: 5 });
		depot.changed = [];
		depot.advance(9_999);
		expect(depot.view(light.id).status).toBe("moving");
		depot.advance(1);
		expect(depot.view(light.id)).toMatchObject({ status: "differs", reason: "no-answer" });
		expect(depot.changed).toContain(light.id);
	});

	it("is refused with the refusal's code when that is what stands in the way", () => {
		const { depot, light } = litTaxi();
		depot.signIn("A-10001", "C3");
		const { epoch = 0, seq = 0 } = depot.grants(light.id).at(-1) ?? {};
		light.report({ refused: { code: "bad-signature", kind: "grant", epoch, seq } });
		depot.advance(10_000);
		expect(depot.view(light.id)).toMatchObject({ status: "refused", reason: "bad-signature" });
	});

	it("is fault with a broken lamp, whatever is owed", () => {
		const { depot, light } = litTaxi();
		light.report({ shown: 0, pattern: "fault", lamps: ["ok", "ok", "stuck-on", "ok", "ok"] });
		expect(depot.view(light.id)).toMatchObject({ status: "fault", reason: "lamp-stuck-on" });
		light.report({ shown: 0, pattern: "fault" });
		expect(depot.view(light.id)).toMatchObject({ status: "fault", reason: "fault-pattern" });
	});

	it("is silent when nothing was heard for too long: then nothing is said to be observed", () => {
		const { depot, light } = litTaxi();
		depot.changed = [];
		depot.advance(1_500_000 - 20_000);
		expect(depot.view(light.id).status).toBe("right");
		depot.advance(1_000);
		expect(depot.view(light.id)).toMatchObject({ status: "silent", reason: "not-heard", observed: null, acked: 5 });
		expect(depot.changed).toContain(light.id);
	});

	it("counts down the lease that was reported", () => {
		const { depot, light } = litTaxi();
		const { leaseLeftS } = depot.view(light.id);
		depot.advance(100_000);
		expect(depot.view(light.id).leaseLeftS).toBe((leaseLeftS ?? 0) - 100);
	});
});

describe("online", () => {
	const say = (depot: Depot, light: ScriptedLight, value: unknown, publisher: string | null = null) =>
		depot.feed({
			type: "message",
			topic: topicOf.online(FLEET, light.id),
			bytes: Buffer.from(JSON.stringify(value)),
			publisher,
		});

	it("of the present session makes a light silent, until it is heard again", () => {
		const { depot, light } = litTaxi();
		say(depot, light, { online: false, session: 1 });
		expect(depot.view(light.id)).toMatchObject({ status: "silent", reason: "offline" });
		light.report();
		expect(depot.view(light.id).status).toBe("right");
	});

	it("of an earlier session is a late will and says nothing", () => {
		const { depot, light } = litTaxi();
		light.session = 2;
		light.report();
		say(depot, light, { online: false, session: 1 });
		expect(depot.view(light.id).status).toBe("right");
	});

	it("of another connection, or malformed, is dropped and counted", () => {
		const { depot, light } = litTaxi();
		say(depot, light, { online: false, session: 1 }, lightId(2));
		say(depot, light, { online: "no", session: 1 });
		say(depot, light, { online: false, session: -1 });
		say(depot, light, ["x".repeat(300)]);
		expect(depot.view(light.id).status).toBe("right");
		expect(dropped(depot)).toEqual({ "publisher-mismatch": 1, malformed: 2, oversize: 1 });
	});
});

describe("events of a light", () => {
	it("are logged once, and a replay is dropped", () => {
		const { depot, light } = litTaxi();
		const event = { fleet: FLEET, light: light.id, session: 1, counter: 50, what: "button", uptimeS: 3, detail: {} };
		const bytes = seal("event", event, light.signer, crypto);
		for (let i = 0; i < 2; i++)
			depot.feed({ type: "message", topic: topicOf.event(FLEET, light.id), bytes, publisher: null });
		expect(depot.logs.filter((l) => l.code === "light-event")).toMatchObject([{ fields: { what: "button" } }]);
		expect(dropped(depot)).toEqual({ replayed: 1 });
	});
});

describe("lights and vehicles", () => {
	it("keep only the public key, and a repeat changes nothing", () => {
		const { depot, light } = oneTaxi();
		const again = { what: "light-add", light: light.id, publicKey: light.signer.publicKey } as const;
		expect(depot.tell(again)).toMatchObject({ applied: false });
		expect(depot.ask({ ...again, publicKey: makeSigner().publicKey })).toMatchObject({ code: "light-exists" });
		expect(depot.ask({ ...again, publicKey: new Uint8Array(31) })).toMatchObject({ code: "public-key-invalid" });
	});

	it("are refused where they are unknown", () => {
		const { depot, light } = oneTaxi();
		expect(depot.ask({ what: "light-bind", light: lightId(9), plate: "A-10001" })).toMatchObject({
			code: "light-unknown",
		});
		expect(depot.ask({ what: "light-bind", light: light.id, plate: "A-1" })).toMatchObject({ code: "vehicle-unknown" });
	});

	it("a second light takes the place of the first, which owes nothing from then on", () => {
		const { depot, light } = litTaxi();
		const second = new ScriptedLight(depot, 2);
		depot.tell({ what: "light-add", light: second.id, publicKey: second.signer.publicKey });
		expect(depot.tell({ what: "light-bind", light: second.id, plate: "A-10001" })).toMatchObject({ unbound: light.id });
		second.report();
		expect(depot.grants(light.id).at(-1)?.stars).toBe(0);
		expect(depot.grants(second.id).at(-1)?.stars).toBe(5);
	});

	it("a vehicle that left the fleet file ends its duty; one with a light bound stays until it is unbound", () => {
		const { depot, light } = litTaxi();
		depot.signIn("A-10002", "C4");
		expect(depot.fleet({ "A-20000": ["C9"] })).toMatchObject({
			ok: true,
			value: { added: 1, removed: 1, kept: 1, keptPlates: ["A-10001"], newDrivers: 1 },
		});
		expect(depot.core.duties()).toHaveLength(1);
		expect(depot.view(light.id).desired).toBe(5);
		expect(depot.signIn("A-10002", "C4")).toMatchObject({ code: "vehicle-unknown" });
	});

	it("a fleet file that changes nothing stores nothing, and a dry run stores nothing either", () => {
		const { depot } = oneTaxi();
		const commits = depot.commits.length;
		expect(depot.fleet({ "A-10001": ["C5", "C3"], "A-10002": ["C4", "C0"] })).toMatchObject({ value: { changed: 0 } });
		const row = { row: 1, plate: "A-1", plateColour: 1, company: "", terminal: "", main: "C77", deputy: "" };
		expect(depot.tell({ what: "fleet-import", rows: [row], dryRun: true })).toMatchObject({ added: 1, newDrivers: 1 });
		expect(depot.commits.length).toBe(commits);
	});

	it("an empty fleet file is refused", () => {
		const { depot } = oneTaxi();
		expect(depot.ask({ what: "fleet-import", rows: [], dryRun: false })).toMatchObject({
			ok: false,
			code: "fleet-empty",
		});
	});

	it("the bytes of a public key are copied, so that nobody changes them afterwards", () => {
		const { depot } = oneTaxi();
		const publicKey = makeSigner().publicKey;
		depot.tell({ what: "light-add", light: lightId(7), publicKey });
		const before = Uint8Array.from(publicKey);
		publicKey.fill(0);
		const rows = depot.commits.flatMap(({ changes }) => changes).filter((c: Change) => c.type === "light");
		expect(rows.at(-1)).toMatchObject({ light: { light: lightId(7), publicKey: before } });
	});
});
