import { describe, expect, it } from "vitest";
import { toHex } from "../../protocol/wire/bytes.ts";
import { DEPOT, grantMessage, jobMessage, keysMessage, LightBench } from "../support/light-bench.ts";

const PERIOD = 600_000;

describe("an ask", () => {
	it("is drawn at each report period and sent in a state, all of them different", () => {
		const light = LightBench.started();
		light.advance(3 * PERIOD);
		expect(light.states).toHaveLength(4);
		expect(new Set(light.states.map((state) => toHex(state.ask))).size).toBe(4);
	});

	it("is live with the three before it; the fifth is not", () => {
		for (const [age, stars] of [
			[3, 5],
			[4, 0],
		] as const) {
			const light = LightBench.started();
			const bytes = grantMessage({ stars: 5, ask: light.ask() });
			light.advance(age * PERIOD);
			light.message("grant", bytes);
			expect(light.face.stars).toBe(stars);
		}
	});

	it("dies with the acceptance of any message: a hoarded grant for it lights nothing, whatever its pair", () => {
		const kills: [string, (light: LightBench) => void][] = [
			["grant", (light) => light.grant({ stars: 0, seq: 1 })],
			["keys", (light) => light.message("keys", keysMessage(2, [DEPOT]))],
			["job", (light) => light.message("job", jobMessage("identify", light.ask()))],
			["unsigned 0", (light) => light.feed({ type: "unsigned-zero" })],
		];
		for (const [name, kill] of kills) {
			const light = LightBench.started();
			const hoarded = grantMessage({ stars: 5, ask: light.ask(), seq: 99 });
			kill(light);
			light.advance(1_000);
			light.message("grant", hoarded);
			expect([name, light.last().refused?.code]).toEqual([name, "not-fresh"]);
			expect([name, light.face.stars]).toEqual([name, 0]);
		}
	});

	it("dies with the power: what was withheld before a cut lights nothing after it", () => {
		const light = LightBench.started();
		const withheld = grantMessage({ stars: 5, ask: light.ask(), seq: 99, resumes: 9, resumeS: 600 });
		light.powerCycle();
		light.message("grant", withheld);
		expect(light.last().refused).toMatchObject({ code: "not-fresh" });
		expect(light.face.stars).toBe(0);
	});

	it("counts the lease from its drawing, not from the arrival of a withheld grant", () => {
		const light = LightBench.started();
		const bytes = grantMessage({ stars: 5, ask: light.ask() });
		light.advance(1_700_000);
		light.message("grant", bytes);
		expect(light.last().leaseLeftS).toBe(1_900);
		light.advance(1_899_999);
		expect(light.face.stars).toBe(5);
		light.advance(1);
		expect(light.face.stars).toBe(0);
	});
});

describe("an unsigned 0 stars", () => {
	it("is always obeyed, stored and reported, and the grant never comes back", () => {
		const light = LightBench.started();
		const bytes = light.grant({ stars: 5, resumes: 9, resumeS: 600 });
		light.advance(1_000);
		light.feed({ type: "unsigned-zero" });
		expect(light.face).toEqual({ pattern: "neutral", stars: 0 });
		expect(light.events.map((event) => event.what)).toContain("unsigned-zero");
		expect(light.last()).toMatchObject({ shown: 0, pattern: "neutral" });
		light.message("grant", bytes);
		expect(light.face.stars).toBe(0);
		light.powerCycle();
		expect(light.face.stars).toBe(0);
		light.grant({ stars: 2, seq: 2 });
		expect(light.face.stars).toBe(2);
	});

	it("during the write of a grant keeps it from ever being lit", () => {
		const light = LightBench.started();
		light.autoWrite = false;
		light.grant({ stars: 5 });
		light.feed({ type: "unsigned-zero" });
		for (let n = 0; n < 4; n++) light.answerWrite();
		expect(light.faces.every((face) => face.stars === 0)).toBe(true);
		expect(light.last()).toMatchObject({ shown: 0, seq: 1 });
		light.autoWrite = true;
		light.powerCycle();
		expect(light.face.stars).toBe(0);
	});

	it("goes before what waits for a write: a grant behind it lights nothing", () => {
		const light = LightBench.started();
		light.autoWrite = false;
		const ask = light.ask();
		light.message("grant", grantMessage({ stars: 5, ask, seq: 1 }));
		light.message("grant", grantMessage({ stars: 4, ask, seq: 2 }));
		light.feed({ type: "unsigned-zero" });
		while (light.writes.length > 0) light.answerWrite();
		light.advance(2_000);
		expect(light.faces.every((face) => face.stars === 0)).toBe(true);
		expect(light.last().refused ?? light.states.findLast((s) => s.refused)?.refused).toMatchObject({
			code: "not-fresh",
		});
	});
});
