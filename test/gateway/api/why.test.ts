import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Api, openApi } from "../../../gateway/api/server.ts";
import { GatewayCore } from "../../../gateway/core/core.ts";
import type { Command } from "../../../gateway/core/types.ts";
import { foldCommand } from "../../../gateway/depot/fold-command.ts";
import { NodeClock } from "../../../gateway/depot/node-clock.ts";
import { Shell } from "../../../gateway/depot/shell.ts";
import { utf8Encode } from "../../../protocol/wire/bytes.ts";
import { unixSeconds } from "../../../protocol/wire/units.ts";
import { simCrypto } from "../../../simulator/cli/node-crypto.ts";
import { SimStorePort } from "../../../simulator/hardware/sim-ports.ts";
import { emptySnapshot, SimStore } from "../../../simulator/hardware/sim-store.ts";
import { Prng } from "../../../simulator/random/prng.ts";
import { FLEET, makeSetup } from "../../../simulator/scenario/setup.ts";
import { silentLog } from "../../support/silent-log.ts";

const LOCAL = { host: "127.0.0.1:8790" };
const crypto = simCrypto();
const setup = makeSetup(new Prng(1), crypto, 2);
const taxis = setup.taxis.map((one, i) => ({ ...one, plate: `豫DT000${i + 1}` }));
const [taxi, other] = taxis as [(typeof taxis)[0], (typeof taxis)[0]];
let shell: Shell<GatewayCore>;
let api: Api;

const tell = (command: Command) => shell.command(foldCommand(command));

/** A depot without lights that speak: one taxi with a rated driver on duty, one with nobody. */
async function fill(): Promise<void> {
	const asOf = unixSeconds(Math.floor(shell.now().unix / 1000) - 86_400);
	await tell({
		what: "ratings-pull",
		source: "csv",
		name: "r.csv",
		contentHash: "00",
		rows: 2,
		accepted: [{ row: 1, certificate: taxi.main, grade: "AAA", score: 25, period: "2025", asOf }],
		quarantined: [{ row: 2, reason: "score-out-of-range", certificate: taxi.deputy }],
	});
	const rows = setup.fleetRows.map((row, i) => ({ ...row, plate: taxis[i]?.plate ?? "" }));
	await tell({ what: "fleet-import", rows, dryRun: false });
	for (const { light, signer, plate } of taxis) {
		await tell({ what: "light-add", light, publicKey: signer.publicKey });
		await tell({ what: "light-bind", light, plate });
	}
	await tell({ what: "sign-in", vehicle: { plate: taxi.plate }, driver: { certificate: taxi.main }, at: null });
}

beforeEach(async () => {
	const clock = new NodeClock();
	const snapshot = emptySnapshot(FLEET);
	const env = { crypto, random: new Prng(2), signingKey: setup.root.publicKey, keysMessage: utf8Encode("keys") };
	shell = new Shell<GatewayCore>(
		{
			makeCore: (from, now) => new GatewayCore(setup.config, env, from, now),
			store: new SimStorePort(new SimStore(snapshot)),
			...{ signer: null, broker: null, clock, timers: clock, log: silentLog },
			soon: (run) => setImmediate(run),
		},
		snapshot,
	);
	shell.start();
	await fill();
	api = await openApi({
		shell,
		intake: { ratings: () => Promise.reject(new Error("none")), fleet: () => Promise.reject(new Error("none")) },
		...{ token: "t".repeat(43), instance: "i", mqtt: "mqtt://127.0.0.1:1", clock, timers: clock, log: silentLog },
		counters: () => ({}),
		turnedAway: () => ({}),
		consoleDir: null,
	});
});
afterEach(async () => {
	await api.close();
	await shell.stop();
});

const why = (payload: unknown, headers: Record<string, string> = LOCAL) =>
	api.app.inject({ method: "POST", url: "/api/v1/why", headers, payload: payload as object });
const story = (light: string, query = "") =>
	api.app.inject({ method: "GET", url: `/api/v1/lights/${light}/story${query}`, headers: LOCAL });
const codeOf = (answer: { statusCode: number; json(): { error: { code: string } } }) => [
	answer.statusCode,
	answer.json().error.code,
];

describe("asking why", () => {
	it("needs no token, and answers the chain with the first broken link and the next step", async () => {
		const answer = await why({ plate: taxi.plate });
		expect(answer.statusCode).toBe(200);
		const { chain, broken, next, light, desired, change } = answer.json();
		expect([light, desired, broken]).toEqual([taxi.light, 5, "delivery"]);
		expect(chain.map((one: { link: string; ok: boolean }) => [one.link, one.ok])).toEqual([
			["rating", true],
			["policy", true],
			["duty", true],
			["grant", true],
			["delivery", false],
			["glass", false],
		]);
		expect(next).toContain("power");
		expect(change).toMatchObject({ stars: 5, reason: "rated", end: null });
		for (const { at, ageS } of chain) {
			expect(new Date(at).toISOString()).toBe(at);
			expect(ageS).toBeGreaterThanOrEqual(0);
		}
	});

	it("by light and by driver's key says the same, in Chinese where asked for", async () => {
		const driver = (await why({ plate: taxi.plate })).json().change.driver;
		for (const query of [{ light: taxi.light }, { driver }]) {
			const zh = (await why({ ...query, lang: "zh" })).json();
			expect([zh.plate, zh.broken]).toEqual([taxi.plate, "delivery"]);
			expect(zh.next).toMatch(/\p{Script=Han}/u);
		}
		expect((await why({ plate: other.plate })).json().broken).toBe("duty");
	});

	it("takes a plate as people write it", async () => {
		const typed = " 豫dt－0001";
		expect((await why({ plate: typed })).json().light).toBe(taxi.light);
	});

	it("names the row that was not taken, also where the rating file came before the fleet file", async () => {
		const { plate, deputy } = taxi;
		await tell({ what: "sign-in", vehicle: { plate }, driver: { certificate: deputy }, at: null });
		const { broken, chain } = (await why({ plate })).json();
		expect([broken, chain[0].code]).toEqual(["rating", "rating-quarantined"]);
		expect(chain[0].detail).toContain("score-out-of-range");
	});

	it("gives no certificate number away", async () => {
		for (const query of [{ plate: taxi.plate }, { plate: other.plate }, { light: taxi.light }])
			for (const lang of ["zh", "en"]) {
				const text = (await why({ ...query, lang })).body;
				for (const certificate of setup.certificates) expect(text).not.toContain(certificate);
			}
	});

	it("is refused to pages of other origins and to foreign host names", async () => {
		expect(codeOf(await why({ plate: taxi.plate }, { host: "evil.example" }))).toEqual([421, "host-not-loopback"]);
		const foreign = await why({ plate: taxi.plate }, { ...LOCAL, origin: "https://evil.example" });
		expect(codeOf(foreign)).toEqual([403, "origin-foreign"]);
	});

	it.each([
		[{}, 400, "body-invalid"],
		[{ plate: "A", light: "PDS00000001H" }, 400, "body-invalid"],
		[{ plate: "A", lang: "de" }, 400, "body-invalid"],
		[{ light: "PDS00000001J" }, 400, "body-invalid"],
		[{ certificate: "C00000001" }, 400, "body-invalid"],
		[{ plate: "NOBODY-1" }, 404, "vehicle-unknown"],
		[{ light: "PDS00000001H" }, 404, "light-unknown"],
		[{ driver: "D999999" }, 404, "driver-unknown"],
	])("%o is answered with %i %s and the next step", async (body, status, code) => {
		const answer = await why(body);
		expect(codeOf(answer)).toEqual([status, code]);
		expect(answer.json().error.next.length).toBeGreaterThan(10);
		expect(answer.body).not.toContain("C00000001");
	});
});

describe("a light's story", () => {
	it("tells its newest change and those before it, each with what it rests on and how it ended", async () => {
		const { plate, main, deputy } = taxi;
		for (const certificate of [deputy, main])
			await tell({ what: "sign-in", vehicle: { plate }, driver: { certificate }, at: null });
		await tell({ what: "sign-out", vehicle: { plate }, driver: null, at: null });
		// What was decided is stored with the next transaction.
		await tell({ what: "light-bind", light: other.light, plate: null });
		const told = (await story(taxi.light)).json();
		expect([told.light, told.plate, told.more]).toEqual([taxi.light, plate, false]);
		expect(told.changes.map((c: { stars: number; end: { what: string } | null }) => [c.stars, c.end?.what])).toEqual([
			[0, undefined],
			[5, "not-due"],
			[0, "superseded"],
			[5, "superseded"],
		]);
		const [now, last] = told.changes;
		expect(last.end.by).toBe(now.trace);
		expect(Object.keys(last).sort()).toEqual(
			["trace", "stars", "reason", "driver", "pull", "duty", "openedAt", "end"].sort(),
		);
		expect([last.pull, last.duty, last.reason]).toEqual(["P000001", "S000003", "rated"]);
		for (const certificate of setup.certificates) expect(JSON.stringify(told)).not.toContain(certificate);
		const short = (await story(taxi.light, "?limit=2")).json();
		expect([short.changes, short.more]).toEqual([told.changes.slice(0, 2), true]);
	});

	it("is empty for a light that never owed a star, and unknown for one that is not registered", async () => {
		expect((await story(other.light)).json()).toMatchObject({ changes: [], more: false });
		expect(codeOf(await story("PDS00000001H"))).toEqual([404, "light-unknown"]);
		expect(codeOf(await story("nonsense"))).toEqual([404, "light-unknown"]);
		expect(codeOf(await story(taxi.light, "?limit=0"))).toEqual([400, "query-invalid"]);
		expect(codeOf(await story(taxi.light, "?before=1"))).toEqual([400, "query-invalid"]);
	});
});
