import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WakeQueue } from "../../../gateway/core/wake-queue.ts";
import { topicOf } from "../../../protocol/wire/topics.ts";
import type { LightId } from "../../../protocol/wire/units.ts";
import { SEED } from "../../support/seed.ts";
import { Depot, FLEET, lightId, oneTaxi, ScriptedLight } from "./harness.ts";

const DRIVERS = ["C5", "C3", null] as const;
const STARS = { C5: 5, C3: 3, null: 0 } as const;

describe("many changes in a short time", () => {
	it("a hundred duty changes in a second end in the newest, with about one signature a second", () => {
		const change = fc.record({ driver: fc.constantFrom(...DRIVERS), after: fc.integer({ min: 0, max: 20 }) });
		const property = fc.property(fc.array(change, { minLength: 100, maxLength: 100 }), (changes) => {
			const { depot, light } = oneTaxi();
			light.report();
			light.take();
			depot.advance(20_000);
			const before = depot.signatures.length;
			const began = depot.mono;
			for (const { driver, after } of changes) {
				if (driver === null) depot.signOut("A-10001");
				else depot.signIn("A-10001", driver);
				depot.advance(after);
			}
			for (let i = 0; i < 40; i++) {
				depot.advance(500);
				if (depot.grants(light.id).length > 1) light.take();
			}
			const last = STARS[`${changes.at(-1)?.driver ?? null}`];
			expect(depot.view(light.id)).toMatchObject({ desired: last, observed: last, status: "right" });
			const seconds = (changes.reduce((sum, c) => sum + c.after, 0) + 3000) / 1000;
			expect(depot.signatures.length - before).toBeLessThanOrEqual(Math.ceil(seconds));
			const times = depot.signatures.filter((t) => t >= began);
			for (let i = 1; i < times.length; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(1000);
		});
		fc.assert(property, { seed: SEED, numRuns: 15 });
	});
});

describe("any input", () => {
	const topics = (light: LightId) => [
		topicOf.state(FLEET, light),
		topicOf.event(FLEET, light),
		topicOf.online(FLEET, light),
		topicOf.grant(FLEET, light),
		topicOf.keys(FLEET),
		topicOf.state("other", light),
		topicOf.state(FLEET, lightId(99)),
		topicOf.duty(FLEET, "V000001"),
		"lx/1/+/l/#/state",
		"",
	];

	it("of bytes on any topic is dropped and counted, never thrown, and changes nothing", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		light.take();
		depot.advance(20_000);
		const genuine = light.state();
		const before = depot.view(light.id);
		const damaged = fc.tuple(fc.nat(genuine.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
			const bytes = Uint8Array.from(genuine);
			bytes[at] = (bytes[at] ?? 0) ^ flip;
			return bytes;
		});
		const bytes = fc.oneof(fc.uint8Array({ maxLength: 3000 }), damaged, fc.constant(new Uint8Array(0)));
		let count = 0;
		const property = fc.property(fc.constantFrom(...topics(light.id)), bytes, (topic, payload) => {
			depot.feed({ type: "message", topic, bytes: payload, publisher: null });
			count += 1;
			const { dropped } = depot.core.depot(depot.now());
			expect(Object.values(dropped).reduce((a, b) => a + b, 0)).toBe(count);
		});
		fc.assert(property, { seed: SEED, numRuns: 500 });
		expect(depot.view(light.id)).toEqual(before);
	});

	it("of commands is answered once, whatever the values", () => {
		const { depot } = oneTaxi();
		const text = fc.oneof(
			fc.string({ maxLength: 40 }),
			fc.constantFrom("A-10001", "C5", "__proto__", "V000001", "P000001"),
		);
		const at = fc.option(fc.oneof(fc.integer(), fc.double(), fc.constantFrom(Number.NaN, -1, 2 ** 60)));
		const command = fc.oneof(
			fc.record({
				what: fc.constantFrom("sign-in", "sign-out"),
				vehicle: fc.oneof(fc.record({ key: text }), fc.record({ plate: text })),
				driver: fc.oneof(fc.record({ key: text }), fc.record({ certificate: text })),
				at,
			}),
			fc.record({ what: fc.constantFrom("held-accept", "held-reject"), pull: text }),
			fc.record({ what: fc.constant("light-add"), light: text, publicKey: fc.uint8Array({ maxLength: 64 }) }),
			fc.record({ what: fc.constant("light-bind"), light: text, plate: fc.option(text) }),
			fc.record({ what: fc.constantFrom("clock-accept", "blank-fleet", "no-such-command") }),
			fc.record({ what: fc.constantFrom("fleet-import", "ratings-pull", "sign-in") }),
		);
		const property = fc.property(command, (value) => {
			// Anything at all may come through an edge with a bug.
			expect(depot.ask(value as never)).not.toBeNull();
			depot.advance(100);
		});
		fc.assert(property, { seed: SEED, numRuns: 500 });
	});

	it("of answers nobody asked for changes nothing", () => {
		const { depot, light } = oneTaxi();
		light.report();
		const sent = depot.sent.length;
		for (const n of [-1, 0, 1, 2, 3, 99]) {
			depot.feed({ type: "committed", tx: n });
			depot.feed({ type: "signed", job: n, signature: new Uint8Array(64) });
		}
		expect(depot.sent).toHaveLength(sent);
	});

	it("of a signature with a wrong length is not sent; the grant is decided anew", () => {
		const { depot, light } = oneTaxi();
		depot.hold.signs = true;
		depot.signIn("A-10001", "C5");
		light.report();
		depot.feed({ type: "signed", job: depot.heldSigns[0]?.job ?? 0, signature: new Uint8Array(7) });
		depot.hold.signs = false;
		depot.advance(1000);
		expect(depot.grants(light.id)).toMatchObject([{ stars: 5, seq: 2 }]);
	});
});

describe("what waits", () => {
	it("comes out in the order of its deadlines, each key once, with the deadline set last", () => {
		const move = fc.tuple(fc.nat(30), fc.option(fc.nat(1000)));
		const property = fc.property(fc.array(move, { maxLength: 200 }), (moves) => {
			const queue = new WakeQueue<number>();
			const model = new Map<number, number>();
			for (const [key, at] of moves) {
				queue.set(key, at);
				if (at === null) model.delete(key);
				else model.set(key, at);
			}
			expect(queue.size).toBe(model.size);
			const out: number[] = [];
			for (let at = queue.next(); at !== null; at = queue.next()) {
				expect(queue.takeDue(at - 1)).toBeNull();
				const key = queue.takeDue(at) ?? -1;
				expect(model.get(key)).toBe(at);
				model.delete(key);
				out.push(at);
			}
			expect(model.size).toBe(0);
			expect(out).toEqual([...out].sort((a, b) => a - b));
		});
		fc.assert(property, { seed: SEED, numRuns: 200 });
	});
});

describe("a whole fleet at once", () => {
	it("is reserved in transactions of bounded size, and each light gets its grant", () => {
		const depot = new Depot({ allowUnassigned: true }).start();
		const n = 1200;
		const cars = Object.fromEntries(Array.from({ length: n }, (_, i) => [`P-${i}`, [`C${i}`]]));
		depot.fleet(cars);
		depot.pull(Object.fromEntries(Array.from({ length: n }, (_, i) => [`C${i}`, 24])));
		const lights = Array.from({ length: n }, (_, i) => new ScriptedLight(depot, i).bind(`P-${i}`));
		for (const [i, light] of lights.entries()) {
			depot.signIn(`P-${i}`, `C${i}`);
			light.report();
		}
		depot.advance(20_000);
		depot.commits.length = 0;
		depot.hold.signs = true;
		depot.pull(Object.fromEntries(Array.from({ length: n }, (_, i) => [`C${i}`, 12])), { hash: "lower" });
		depot.tell({ what: "held-accept", pull: depot.core.held()[0]?.pull.id ?? "" });
		const ratings = depot.commits.filter((c) => c.changes.some((r) => r.type === "rating"));
		expect(ratings.map((c) => c.changes.filter((r) => r.type === "rating").length)).toEqual([n]);
		const reserved = depot.commits.map((c) => c.changes.filter((r) => r.type === "entry").length).filter((k) => k > 0);
		expect(reserved).toEqual([500, 500, 200]);
		expect(depot.heldSigns).toHaveLength(n);
	});

	it("that hears of new keys late is told them together, not light by light", () => {
		const depot = new Depot({ allowUnassigned: true }).start();
		const n = 50;
		depot.fleet(Object.fromEntries(Array.from({ length: n }, (_, i) => [`P-${i}`, [`C${i}`]])));
		const lights = Array.from({ length: n }, (_, i) => new ScriptedLight(depot, i).bind(`P-${i}`));
		for (const light of lights) light.report();
		depot.sent = [];
		const [grant] = depot.everSent.filter((s) => s.topic.endsWith("/grant"));
		const { epoch, seq } = depot.open(grant?.bytes ?? new Uint8Array());
		for (const light of lights) light.report({ refused: { code: "unknown-key", kind: "grant", epoch, seq } });
		depot.advance(5_000);
		expect(depot.kinds().filter((k) => k === "keys")).toHaveLength(2);
		expect(depot.kinds().filter((k) => k === "grant")).toHaveLength(n);
	});
});
