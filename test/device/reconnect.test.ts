import { describe, expect, it } from "vitest";
import {
	DEPOT,
	grantMessage,
	jobMessage,
	keysMessage,
	LightBench,
	NEXT_DEPOT,
	noticeMessage,
} from "../support/light-bench.ts";

const KEYS = keysMessage(1, [DEPOT]);
const NOTICE = noticeMessage(5);

/** A light that shows three stars of (epoch 5, seq 5), after notice 5; its link broke. */
function cutOff(): { light: LightBench; grant: Uint8Array; heard: () => readonly LightBench["states"][number][] } {
	const light = LightBench.started();
	light.message("notice", NOTICE);
	const grant = light.grant({ stars: 3, epoch: 5, seq: 5 });
	light.advance(1_000);
	light.feed({ type: "link-down" });
	const before = light.states.length;
	return { light, grant, heard: () => light.states.slice(before) };
}

describe("a light that reconnects", () => {
	it("says one state where nothing changed", () => {
		const { light, grant, heard } = cutOff();
		light.connect(["keys", KEYS], ["notice", NOTICE], ["grant", grant]);
		light.advance(10_000);
		expect(heard()).toHaveLength(1);
		expect(heard()[0]).toMatchObject({ shown: 3, epoch: 5, seq: 5, noticeEpoch: 5, keysVersion: 1 });
		expect(heard()[0]?.refused).toBeUndefined();
	});

	it("verifies no signature twice: what was kept is what it has", () => {
		const { light, grant } = cutOff();
		const kept = [["keys", KEYS] as const, ["notice", NOTICE] as const, ["grant", grant] as const];
		light.connect(...kept);
		const once = light.verifications;
		light.connect(...kept);
		expect(light.verifications).toBe(once);
		light.connect(["notice", noticeMessage(4)], ["grant", Uint8Array.from(grant, (byte, n) => (n === 150 ? 0 : byte))]);
		expect(light.verifications).toBeGreaterThan(once);
		light.powerCycle();
		const started = light.verifications;
		light.connect(...kept);
		expect([light.verifications - started, light.last().refused]).toEqual([2, undefined]);
	});

	it("refuses what it has verified before, once its key is gone", () => {
		const { light, grant, heard } = cutOff();
		light.connect(["keys", keysMessage(2, [NEXT_DEPOT])], ["notice", NOTICE], ["grant", grant]);
		expect(light.face.stars).toBe(0);
		expect(heard().at(-1)).toMatchObject({ keysVersion: 2, shown: 0, refused: { kind: "grant", code: "unknown-key" } });
		expect(heard().at(-1)?.noticeEpoch).toBeUndefined();
	});

	it("says one state where the broker kept nothing", () => {
		const { light, heard } = cutOff();
		light.connect();
		expect(heard()).toHaveLength(1);
	});

	it("is dark at once by a kept notice that ends its grant, and says so when it is stored", () => {
		const { light, grant, heard } = cutOff();
		light.autoWrite = false;
		light.connect(["keys", KEYS], ["notice", noticeMessage(6)], ["grant", grant]);
		expect(light.face.stars).toBe(0);
		expect([light.writes.length, heard().length]).toEqual([1, 0]);
		light.answerWrite();
		light.answerWrite();
		expect(heard()).toHaveLength(1);
		expect(heard()[0]).toMatchObject({ shown: 0, pattern: "neutral", noticeEpoch: 6 });
	});

	it("says one state when all that was kept is new to it", () => {
		const { light, heard } = cutOff();
		const dark = grantMessage({ stars: 0, ask: null, epoch: 7, seq: 1, signer: NEXT_DEPOT });
		light.connect(
			["keys", keysMessage(2, [DEPOT, NEXT_DEPOT])],
			["notice", noticeMessage(7, NEXT_DEPOT)],
			["grant", dark],
		);
		expect(heard()).toHaveLength(1);
		expect(heard()[0]).toMatchObject({ keysVersion: 2, noticeEpoch: 7, epoch: 7, seq: 1, shown: 0 });
	});

	it("names an old grant that was kept as refused, in that one state", () => {
		const { light, heard } = cutOff();
		const old = grantMessage({ stars: 5, ask: new Uint8Array(8), epoch: 5, seq: 9 });
		light.connect(["keys", KEYS], ["notice", NOTICE], ["grant", old]);
		expect(heard()).toHaveLength(1);
		expect(heard()[0]).toMatchObject({ shown: 3, refused: { kind: "grant", code: "not-fresh", epoch: 5, seq: 9 } });
	});

	it("names each refusal, also where one follows another: the depot waits for that of its grant", () => {
		const { light, heard } = cutOff();
		const old = grantMessage({ stars: 5, ask: new Uint8Array(8), epoch: 5, seq: 9 });
		light.connect(["notice", noticeMessage(4)], ["grant", old], ["job", jobMessage("identify", new Uint8Array(8))]);
		expect(heard().map(({ refused }) => [refused?.kind, refused?.code])).toEqual([
			["notice", "stale"],
			["grant", "not-fresh"],
			["job", "not-fresh"],
		]);
	});

	it("names what it refused just before its link broke, whatever was kept", () => {
		const { light, heard } = cutOff();
		light.message("grant", grantMessage({ stars: 5, ask: new Uint8Array(8), epoch: 5, seq: 9 }));
		light.connect(["keys", KEYS], ["grant", grantMessage({ stars: 5, ask: new Uint8Array(8), epoch: 5, seq: 10 })]);
		expect(heard().map(({ refused }) => refused?.seq)).toEqual([9, 10]);
	});

	it("keeps its report period, also where that begins with the connect", () => {
		const { light, grant, heard } = cutOff();
		if (light.wakeAt === null) throw new Error("no tick was asked for");
		light.now = light.wakeAt;
		light.connect(["keys", KEYS], ["notice", NOTICE], ["grant", grant]);
		expect(heard()).toHaveLength(1);
		light.advance(600_000);
		expect(heard().length).toBeGreaterThan(1);
	});

	it("shows a star that was granted for it while it was away", () => {
		const { light, heard } = cutOff();
		const next = grantMessage({ stars: 4, ask: light.ask(), epoch: 5, seq: 6 });
		light.connect(["keys", KEYS], ["notice", NOTICE], ["grant", next]);
		expect(light.face).toEqual({ pattern: "stars", stars: 4 });
		expect(heard().map(({ shown, seq }) => [shown, seq])).toEqual([[4, 6]]);
	});
});
