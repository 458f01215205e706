import { afterEach, describe, expect, it } from "vitest";
import { loadSettings } from "../../../gateway/config/load.ts";
import { GatewayCore } from "../../../gateway/core/core.ts";
import { coreConfig } from "../../../gateway/depot/foundation.ts";
import { NodeClock } from "../../../gateway/depot/node-clock.ts";
import { makeKeyPair, NodeCrypto, NodeSigner, nodeRandom } from "../../../gateway/depot/node-crypto.ts";
import { type Heard, Shell } from "../../../gateway/depot/shell.ts";
import { seal } from "../../../protocol/wire/seal.ts";
import { topicOf } from "../../../protocol/wire/topics.ts";
import type { LightId, Stars } from "../../../protocol/wire/units.ts";
import { toUnixSeconds } from "../../../protocol/wire/units.ts";
import { emptySnapshot, SimStore } from "../../../simulator/hardware/sim-store.ts";
import { until } from "../../support/broker.ts";
import { silentLog } from "../../support/silent-log.ts";

const LIGHT = "PDS00000001H" as LightId;
const PLATE = "豫DT0001";
const crypto = new NodeCrypto();
const clock = new NodeClock();
const depotKey = new NodeSigner(makeKeyPair().privateKey);
const lightKey = new NodeSigner(makeKeyPair().privateKey);
const { settings } = loadSettings({ cwd: "/", env: {}, flags: {} });
const shells: Shell<GatewayCore>[] = [];
afterEach(async () => {
	for (const shell of shells.splice(0)) await shell.stop();
});

/** The real core over a store whose disk can be full, and a broker that keeps what a light said last. */
function depotOver(store: SimStore, disk: { full: boolean }) {
	const kept: Heard[] = [];
	const grants: string[] = [];
	const env = {
		crypto,
		random: nodeRandom,
		signingKey: depotKey.publicKey,
		keysMessage: new Uint8Array(),
	};
	const config = coreConfig(settings, crypto);
	const shell = new Shell<GatewayCore>(
		{
			makeCore: (snapshot, now) => new GatewayCore(config, env, snapshot, now),
			store: {
				load: async () => store.snapshot(),
				commit: async (changes) => {
					if (disk.full) throw new TypeError("no space left");
					store.commit(changes);
				},
				close: async () => undefined,
			},
			signer: depotKey,
			broker: { publish: async (topic) => void grants.push(topic) },
			replay: () => kept,
			clock,
			timers: clock,
			log: silentLog,
			soon: (run) => setImmediate(run),
		},
		store.snapshot(),
	);
	shells.push(shell);
	shell.start();
	const say = (counter: number, shown: Stars) => {
		const report = {
			fleet: "demo",
			light: LIGHT,
			session: 1,
			counter,
			ask: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, counter),
			shown,
		};
		const more = { pattern: shown === 0 ? "neutral" : "stars", sensed: true, epoch: 0, seq: 0 } as const;
		const bytes = seal("state", { ...report, ...more }, lightKey, crypto);
		const heard = { topic: topicOf.state("demo", LIGHT), bytes, publisher: LIGHT };
		kept.splice(0, 1, heard);
		shell.message(heard.topic, heard.bytes, heard.publisher);
	};
	return { shell, say, grants };
}

const row = { row: 1, plate: PLATE, plateColour: 1, company: "", terminal: "", main: "C1", deputy: "" };

async function fill(shell: Shell<GatewayCore>): Promise<void> {
	const asOf = toUnixSeconds(clock.unixMs());
	const rated = { row: 1, certificate: "C1", grade: "AAA", score: 20, period: "", asOf } as const;
	const commands = [
		{ what: "fleet-import", rows: [row], dryRun: false },
		{ what: "ratings-pull", source: "csv", name: "r", contentHash: "h", rows: 1, accepted: [rated], quarantined: [] },
		{ what: "light-add", light: LIGHT, publicKey: lightKey.publicKey },
		{ what: "light-bind", light: LIGHT, plate: PLATE },
	] as const;
	for (const command of commands) expect(await shell.command(command)).toMatchObject({ ok: true });
}

const signIn = { what: "sign-in", vehicle: { plate: PLATE }, driver: { certificate: "C1" }, at: null } as const;

describe("a full disk", () => {
	it("refuses what cannot be stored, keeps what was, and goes on by itself once there is room", async () => {
		const disk = { full: false };
		const store = new SimStore(emptySnapshot("demo"));
		const { shell, say, grants } = depotOver(store, disk);
		await fill(shell);
		disk.full = true;
		expect(await shell.command(signIn)).toMatchObject({ ok: false, code: "store-failed", next: expect.any(String) });
		expect(store.view().duties.size).toBe(0);
		expect(shell.broken).toBe(true);
		// The light speaks while nothing can be stored: what it said stays with the broker.
		say(1, 0);
		expect(await shell.command(signIn)).toMatchObject({ ok: false, code: "store-failed" });
		disk.full = false;
		await until("the depot is well again", () => !shell.broken);
		await until("the light's word is heard again", () => shell.view.light(LIGHT, shell.now())?.observed === 0);
		expect(await shell.command(signIn)).toMatchObject({ ok: true, value: { applied: true } });
		expect(shell.view.light(LIGHT, shell.now())).toMatchObject({ desired: 5, observed: 0 });
		await until("a grant", () => grants.includes(topicOf.grant("demo", LIGHT)));
	});

	it("that stays full is tried again more and more slowly, and nothing is answered for", async () => {
		const disk = { full: false };
		const store = new SimStore(emptySnapshot("demo"));
		const { shell } = depotOver(store, disk);
		await fill(shell);
		disk.full = true;
		for (let i = 0; i < 5; i++) expect(await shell.command(signIn)).toMatchObject({ ok: false, code: "store-failed" });
		await until("a rebuild", () => shell.counts.rebuilds >= 1);
		expect(await shell.command(signIn)).toMatchObject({ ok: false, code: "store-failed" });
		expect(store.view().duties.size).toBe(0);
		expect(shell.counts.rebuilds).toBeLessThan(5);
	});
});
