import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../../gateway/core/model.ts";
import { afterRestore } from "../../../gateway/core/restored.ts";
import { Crash, type Depot, oneTaxi, type ScriptedLight } from "./harness.ts";

const DAY_MS = 86_400_000;

/**
 * A taxi that was lit for C5 when the store was copied, and for C3 when the copy came back; the light holds the newer grant. `after`
 * is the time between the two.
 */
function putBack(after: number, keepDuties = false): { depot: Depot; light: ScriptedLight; copy: Snapshot } {
	const { depot, light } = oneTaxi();
	light.report();
	depot.signIn("A-10001", "C5");
	light.take();
	depot.advance(2000);
	depot.tell({ what: "blank-fleet" });
	light.goDark().period();
	light.take();
	depot.advance(2000);
	const copy = depot.store.snapshot();
	depot.tell({ what: "blank-fleet" });
	depot.signIn("A-10001", "C3");
	depot.advance(after);
	light.goDark().period();
	light.take();
	depot.advance(2000);
	expect(light.shown).toBe(3);
	depot.store.restore(copy);
	depot.store.commit(afterRestore(copy, keepDuties, null));
	return { depot, light, copy };
}

describe("a store that came back from a backup", () => {
	it("begins with keys and a notice in an epoch above all that it ever took, before anything else", () => {
		const { depot } = putBack(60_000);
		const before = Math.max(...depot.notices().map((n) => n.epoch));
		depot.restart();
		expect(depot.kinds().slice(0, 2)).toEqual(["keys", "notice"]);
		expect(depot.notices()).toHaveLength(1);
		expect(depot.notices()[0]?.epoch).toBeGreaterThan(before);
		expect(depot.store.view().meta).toMatchObject({ blankDue: false, notice: { epoch: depot.notices()[0]?.epoch } });
	});

	it("sends no grant and no notice of the copy, and owes nothing until somebody signs in", () => {
		const { depot, light } = putBack(60_000);
		depot.restart();
		light.goDark().period();
		depot.advance(30_000);
		expect(depot.grants(light.id).map((g) => g.stars)).not.toContain(5);
		expect(depot.view(light.id)).toMatchObject({ desired: 0, onDuty: false });
		depot.signIn("A-10001", "C3");
		depot.advance(11_000);
		expect(light.take().stars).toBe(3);
	});

	it("keeps who is on duty where a person says that nobody signed in or out since", () => {
		const { depot, light } = putBack(60_000, true);
		depot.restart();
		expect(depot.kinds().slice(0, 2)).toEqual(["keys", "notice"]);
		light.goDark().period();
		depot.advance(11_000);
		expect(depot.grants(light.id).at(-1)?.stars).toBe(5);
	});

	it("of more than a day ago signs nothing until the clock is accepted, and then the notice first", () => {
		const { depot, light } = putBack(DAY_MS + 60_000);
		depot.restart();
		expect(depot.kinds()).toEqual(["keys"]);
		expect(depot.logs.at(-1)?.code).toBe("clock-ahead");
		light.period({ refused: { code: "unknown-key", kind: "grant", epoch: 1, seq: 1 } });
		depot.advance(30_000);
		expect(depot.kinds().filter((k) => k !== "keys")).toEqual([]);
		expect(depot.ask({ what: "blank-fleet" })).toMatchObject({ ok: false, code: "clock-ahead" });
		depot.restart();
		depot.tell({ what: "clock-accept" });
		expect(depot.kinds()).toEqual(["keys", "notice", "grant"]);
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([0]);
	});

	it("is blanked once only: the next start goes on as any other", () => {
		const { depot } = putBack(60_000);
		depot.restart();
		const { epoch } = depot.store.view().meta;
		depot.restart();
		depot.advance(120_000);
		expect(depot.store.view().meta).toMatchObject({ epoch, blankDue: false });
		expect(depot.kinds().slice(0, 2)).toEqual(["keys", "notice"]);
	});

	it("is blanked by the notice that a person asks for at the same time, which serves for both", () => {
		const { depot } = putBack(DAY_MS + 60_000);
		depot.restart();
		depot.hold.signs = true;
		depot.tell({ what: "clock-accept" });
		depot.ask({ what: "blank-fleet" });
		depot.hold.signs = false;
		depot.releaseSign();
		expect(depot.notices()).toHaveLength(1);
		expect([...depot.answers.values()].at(-1)).toMatchObject({ ok: true });
	});

	it("loses its blanking to no crash: whatever goes out of it, a newer notice went first", () => {
		let crashes = 0;
		for (let fuse = 0; ; fuse++) {
			const { depot, light } = putBack(60_000);
			const sentBefore = depot.everSent.length;
			depot.fuse = fuse;
			let crashed = false;
			const steps = [() => depot.restart(), () => light.goDark().period(), () => depot.signIn("A-10001", "C3")];
			for (const step of [...steps, () => depot.advance(30_000)]) {
				try {
					step();
				} catch (e) {
					if (!(e instanceof Crash)) throw e;
					crashed = true;
					depot.fuse = null;
					depot.restart();
					step();
				}
			}
			const kinds = depot.everSent.slice(sentBefore).map(({ topic }) => topic.split("/")[3]);
			expect(kinds.filter((k) => k !== "keys")[0], `fuse ${fuse}`).toBe("notice");
			expect(depot.store.view().meta.blankDue, `fuse ${fuse}`).toBe(false);
			const grants = depot.grants(light.id);
			expect(grants.at(-1)?.stars, `fuse ${fuse}`).toBe(3);
			if (!crashed) break;
			crashes += 1;
		}
		expect(crashes).toBeGreaterThan(15);
	});
});
