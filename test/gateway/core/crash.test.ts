import { describe, expect, it } from "vitest";
import { toHex } from "../../../protocol/wire/bytes.ts";
import { Crash, type Depot, oneTaxi, type ScriptedLight } from "./harness.ts";

/** What happens in order; after a crash the step that was cut off is done again, as a caller without an answer does. */
const STEPS: readonly ((depot: Depot, light: ScriptedLight) => void)[] = [
	(_, light) => light.report(),
	(depot) => depot.signIn("A-10001", "C5"),
	(_, light) => light.take(),
	(depot) => depot.advance(2000),
	(depot) => depot.signIn("A-10001", "C3"),
	(_, light) => light.take(),
	(depot) => depot.advance(61_000),
	(depot) => depot.ask({ what: "blank-fleet" }),
	(_, light) => light.goDark().period(),
	(_, light) => light.take(),
	(depot) => depot.advance(2000),
	(depot) => depot.pull({ C5: 24, C3: 12, C4: 12 }),
	(depot) => depot.signOut("A-10001", "C3"),
	(depot) => depot.signIn("A-10001", "C3"),
];

/** Runs the steps with the power lost after `fuse` effects; true if it came to that. */
function runWith(fuse: number): { depot: Depot; light: ScriptedLight; crashed: boolean } {
	const { depot, light } = oneTaxi({ heldLoweredShare: 1 });
	depot.fuse = fuse;
	let crashed = false;
	for (const step of STEPS) {
		try {
			step(depot, light);
		} catch (e) {
			if (!(e instanceof Crash)) throw e;
			crashed = true;
			depot.fuse = null;
			depot.restart();
			step(depot, light);
		}
	}
	depot.fuse = null;
	return { depot, light, crashed };
}

/** The light connects, takes what was published and reports, until all is said. */
function settle(depot: Depot, light: ScriptedLight): void {
	for (let i = 0; i < 4; i++) {
		depot.advance(11_000);
		if (depot.grants(light.id).length > 0) light.take();
		else light.period();
	}
}

type Run = ReturnType<typeof runWith> & { readonly fuse: number };

/** The run with a crash at every point, one after the other; the last one has none. */
const everyPoint = ((): (() => readonly Run[]) => {
	const runs: Run[] = [];
	return () => {
		while (runs.at(-1)?.crashed !== false) {
			const run = { ...runWith(runs.length), fuse: runs.length };
			settle(run.depot, run.light);
			runs.push(run);
		}
		return runs;
	};
})();

/** Grants ever handed to the broker, over all restarts. */
const everGranted = (depot: Depot) =>
	depot.everSent
		.filter(({ topic }) => topic.endsWith("/grant"))
		.map(({ bytes }) => ({ ...depot.open(bytes), hex: toHex(bytes) }));

describe("a loss of power at any point between two effects", () => {
	it("loses nothing that was answered, and the right star comes back", () => {
		expect(everyPoint().length).toBeGreaterThan(60);
		for (const { depot, light, fuse } of everyPoint()) {
			expect(depot.view(light.id), `fuse ${fuse}`).toMatchObject({ desired: 4, observed: 4, status: "right" });
			expect([...depot.store.view().duties.values()], `fuse ${fuse}`).toMatchObject([{ driver: "D000002" }]);
			expect(depot.store.view().ratings.get("D000002")?.score).toBe(12);
		}
	});

	it("never sends two different grants under one (epoch, seq), nor a pair that falls", () => {
		for (const { depot, fuse } of everyPoint()) {
			const hexOf = new Map<string, string>();
			let newest = { epoch: 0, seq: 0 };
			for (const { epoch, seq, hex } of everGranted(depot)) {
				const pair = `${epoch}/${seq}`;
				expect(hexOf.get(pair) ?? hex, `fuse ${fuse}, ${pair}`).toBe(hex);
				hexOf.set(pair, hex);
				const falls = epoch < newest.epoch || (epoch === newest.epoch && seq < newest.seq);
				expect(falls, `fuse ${fuse}: ${pair} after ${newest.epoch}/${newest.seq}`).toBe(false);
				newest = { epoch, seq };
			}
		}
	});

	it("never sends what the store does not have", () => {
		for (const { depot, fuse } of everyPoint()) {
			const entries = depot.commits.flatMap(({ changes }) => changes).filter((c) => c.type === "entry");
			for (const { epoch, seq } of everGranted(depot)) {
				const stored = entries.some(({ entry }) => entry.epoch === epoch && entry.seq === seq);
				expect(stored, `fuse ${fuse}`).toBe(true);
			}
		}
	});
});

describe("a restart", () => {
	it("publishes keys and the newest signed grants, and takes no new number for what stands", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		light.take();
		depot.advance(2000);
		const before = depot.sent.at(-1)?.bytes;
		depot.restart();
		expect(depot.kinds()).toEqual(["keys", "grant"]);
		expect(depot.sent[1]?.bytes).toEqual(before);
		light.report();
		depot.advance(20_000);
		expect(depot.signatures).toHaveLength(1);
		expect(depot.view(light.id)).toMatchObject({ status: "right", acked: 5 });
	});

	it("decides anew, with a new number, what was reserved and not signed", () => {
		const { depot, light } = oneTaxi();
		depot.hold.signs = true;
		depot.signIn("A-10001", "C5");
		light.report();
		depot.restart();
		expect(depot.grants(light.id)).toMatchObject([{ stars: 5, seq: 2 }]);
	});

	it("does not publish a grant whose star is not owed any more", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		light.take();
		depot.advance(2000);
		depot.hold.signs = true;
		depot.signOut("A-10001");
		depot.restart();
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([0]);
	});

	it("does not publish a grant of an older epoch", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		light.take();
		depot.advance(2000);
		depot.tell({ what: "blank-fleet" });
		depot.restart();
		expect(depot.kinds()).toEqual(["keys", "notice"]);
	});

	it("with another signing key grants anew what the old key had signed", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		light.take();
		depot.advance(2000);
		depot.newKey();
		depot.restart();
		expect(depot.grants(light.id)).toMatchObject([{ stars: 5, seq: 2 }]);
	});

	it("keeps the trace of a change that is on its way", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		light.take();
		depot.advance(2000);
		const { trace } = depot.view(light.id);
		depot.restart();
		expect(depot.view(light.id).trace).toBe(trace);
	});
});

describe("a store that fails", () => {
	it("fails every command that waits and every later one, and sends nothing more", () => {
		const { depot, light } = oneTaxi();
		light.report();
		light.take();
		depot.advance(2000);
		depot.hold.commits = true;
		depot.signIn("A-10001", "C5");
		depot.ask({ what: "blank-fleet" });
		const sent = depot.sent.length;
		depot.feed({ type: "commit-failed", tx: depot.heldCommits[0]?.tx ?? 0, reason: "disk full" });
		depot.signOut("A-10001");
		expect([...depot.answers.values()].slice(-3).map((a) => (a.ok ? "ok" : a.code))).toEqual([
			"store-failed",
			"store-failed",
			"store-failed",
		]);
		for (const { tx } of depot.heldCommits) depot.feed({ type: "committed", tx });
		light.period();
		depot.advance(60_000);
		expect(depot.sent).toHaveLength(sent);
		expect(depot.logs.at(-1)).toMatchObject({ level: "error", code: "store-failed" });
	});

	it("is followed by a new core over what is stored, which knows nothing of the failed change", () => {
		const { depot, light } = oneTaxi();
		light.report();
		light.take();
		depot.advance(2000);
		depot.hold.commits = true;
		depot.signIn("A-10001", "C5");
		depot.feed({ type: "commit-failed", tx: depot.heldCommits[0]?.tx ?? 0, reason: "disk full" });
		depot.restart();
		expect(depot.view(light.id)).toMatchObject({ desired: 0, onDuty: false });
		depot.signIn("A-10001", "C5");
		depot.advance(11_000);
		expect(depot.grants(light.id).at(-1)?.stars).toBe(5);
	});
});
