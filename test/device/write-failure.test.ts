import { describe, expect, it } from "vitest";
import { LightBench, noticeMessage } from "../support/light-bench.ts";

function failing(): LightBench {
	const light = LightBench.started();
	light.grant({ stars: 5 });
	light.advance(1_000);
	light.autoWrite = false;
	light.grant({ stars: 4, seq: 2 });
	light.answerWrite(false);
	return light;
}

describe("a record that cannot be written", () => {
	it("darkens the light, which says so by what it is known to have stored", () => {
		const light = failing();
		expect(light.face).toEqual({ pattern: "fault", stars: 0 });
		expect(light.events.at(-1)).toMatchObject({ what: "record-not-written", detail: { reason: "ENOSPC", slot: 0 } });
		expect(light.last()).toMatchObject({ shown: 0, pattern: "fault", seq: 1, link: { writeFailures: 1 } });
		expect(light.logs).toContain("record-not-written");
	});

	it("is tried again with growing pauses, at most a minute long", () => {
		const light = failing();
		const pauses: number[] = [];
		for (let n = 0; n < 9; n++) {
			const from = light.now;
			while (light.writes.length === 0) light.advance(100);
			pauses.push(light.now - from);
			light.answerWrite(false);
		}
		expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
		expect(light.events.filter((event) => event.what === "record-not-written")).toHaveLength(1);
	});

	it("is not followed by anything else until it is done; then it holds, and what waited is judged", () => {
		const light = failing();
		light.message("notice", noticeMessage(9));
		light.advance(1_000);
		expect(light.last()).toMatchObject({ seq: 1 });
		expect(light.last().noticeEpoch).toBeUndefined();
		light.answerWrite();
		expect(light.face).toEqual({ pattern: "fault", stars: 0 });
		light.answerWrite();
		expect(light.state.record?.seq).toBe(2);
		expect(light.face.stars).toBe(0);
		light.answerWrite();
		light.answerWrite();
		light.advance(1_000);
		expect(light.last()).toMatchObject({ seq: 2, noticeEpoch: 9, shown: 0, pattern: "neutral" });
		expect(light.events.map((event) => event.what)).toContain("memory-recovered");
	});

	it("lights what it stored once it is written at last, if the grant still runs", () => {
		const light = failing();
		light.advance(1_000);
		light.answerWrite();
		light.answerWrite();
		expect(light.face).toEqual({ pattern: "stars", stars: 4 });
	});

	it("keeps the light dark and silent when it is the start's", () => {
		const light = new LightBench();
		light.autoWrite = false;
		light.boot();
		light.feed({ type: "link-up" });
		light.answerWrite(false);
		light.advance(1_800_000);
		expect(light.face).toEqual({ pattern: "fault", stars: 0 });
		expect(light.states).toEqual([]);
		expect(light.events).toEqual([]);
		light.answerWrite();
		light.answerWrite();
		expect(light.last()).toMatchObject({ session: 1, pattern: "neutral" });
	});

	it("answers that fit no write change nothing", () => {
		const light = LightBench.started();
		light.autoWrite = false;
		light.grant({ stars: 5 });
		const generation = light.writes[0]?.generation ?? 0;
		light.feed({ type: "written", slot: 1, generation });
		light.feed({ type: "written", slot: 0, generation: generation - 1 });
		light.feed({ type: "write-failed", slot: 1, generation, reason: "late" });
		expect(light.face).toEqual({ pattern: "neutral", stars: 0 });
		expect(light.writes).toHaveLength(1);
		light.answerWrite();
		light.answerWrite();
		expect(light.face.stars).toBe(5);
	});
});

describe("a renewal on its way to the copies", () => {
	it("leaves the same stars lit, lets fewer stars go dark first, and lights more only when it is stored", () => {
		for (const [next, meanwhile] of [
			[3, 3],
			[2, 0],
			[5, 3],
		] as const) {
			const light = LightBench.started();
			light.grant({ stars: 3 });
			light.advance(1_000);
			light.autoWrite = false;
			light.grant({ stars: next, seq: 2 });
			expect([next, light.face.stars]).toEqual([next, meanwhile]);
			light.answerWrite();
			expect([next, light.face.stars]).toEqual([next, meanwhile]);
			light.answerWrite();
			expect([next, light.face.stars]).toEqual([next, next]);
		}
	});

	it("does not keep the old grant lit beyond its own lease", () => {
		const light = LightBench.started();
		light.grant({ stars: 3 });
		light.advance(3_599_000);
		light.autoWrite = false;
		light.grant({ stars: 3, seq: 2 });
		light.advance(1_000);
		expect(light.face.stars).toBe(0);
		light.answerWrite();
		light.answerWrite();
		expect(light.face.stars).toBe(3);
	});
});
