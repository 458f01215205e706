import { describe, expect, it } from "vitest";
import { EPOCH_S, LightBench } from "../support/light-bench.ts";

const unix = (light: LightBench): number => Math.round((light.state.record?.time ?? 0) / 1_000) - EPOCH_S;

describe("the light's time", () => {
	it("is set forwards and back by a grant with a live ask, and by nothing else", () => {
		const light = LightBench.started();
		expect(light.state.record?.time).toBe(0);
		light.grant({ stars: 3, seq: 1, issuedAt: 5_000 });
		light.advance(100_000);
		light.grant({ stars: 3, seq: 2, issuedAt: 900 });
		expect(unix(light)).toBe(900);
		light.advance(60_000);
		light.feed({ type: "unsigned-zero" });
		expect(unix(light)).toBe(960);
	});

	it("is left alone by 0 stars without a live ask, whatever they say", () => {
		const light = LightBench.started();
		light.grant({ stars: 3, seq: 1, issuedAt: 100 });
		light.advance(50_000);
		light.grant({ stars: 0, ask: null, seq: 2, issuedAt: 900_000 });
		expect(light.last()).toMatchObject({ seq: 2, shown: 0 });
		expect(unix(light)).toBe(150);
	});

	it("stands still without power", () => {
		const light = LightBench.started();
		light.grant({ stars: 3, issuedAt: 0, resumes: 3, resumeS: 600 });
		light.advance(600_000);
		light.feed({ type: "unsigned-zero" });
		expect(unix(light)).toBe(600);
		light.powerCycle();
		expect(unix(light)).toBe(600);
	});

	it("of a depot whose clock was wrong is put right by its next grant", () => {
		const light = LightBench.started();
		light.grant({ stars: 4, seq: 1, issuedAt: 86_400 * 365 });
		light.advance(1_800_000);
		light.grant({ stars: 4, seq: 2, issuedAt: 1_800, lastsS: 1_000 });
		expect(unix(light)).toBe(1_800);
		light.advance(999_999);
		expect(light.face.stars).toBe(4);
		light.advance(1);
		expect(light.face.stars).toBe(0);
	});

	it("at the end of what fits 32 bits leaves the record readable", () => {
		const light = LightBench.started();
		light.grant({ stars: 4, issuedAt: 0xffff_ffff - EPOCH_S - 1, lastsS: 1, resumes: 1, resumeS: 1 });
		light.advance(5_000);
		expect(light.face.stars).toBe(0);
		light.feed({ type: "unsigned-zero" });
		light.powerCycle();
		expect(light.last()).toMatchObject({ session: 2, pattern: "neutral" });
	});
});

describe("a loss of power", () => {
	it("with no resumes (the default) ends the grant: dark until a grant for a new ask", () => {
		const light = LightBench.started();
		light.grant({ stars: 5 });
		light.powerCycle();
		expect(light.face).toEqual({ pattern: "neutral", stars: 0 });
		expect(light.faces.slice(2).every((face) => face.stars === 0)).toBe(true);
		light.grant({ stars: 5, seq: 2 });
		expect(light.face.stars).toBe(5);
	});

	it("with resumes left shows it again for resumeS, then never more", () => {
		const light = LightBench.started();
		light.grant({ stars: 5, resumes: 2, resumeS: 300 });
		light.advance(60_000);
		light.powerCycle();
		expect(light.face.stars).toBe(5);
		expect(light.last()).toMatchObject({ resumesLeft: 1, leaseLeftS: 300, shown: 5 });
		light.advance(299_999);
		expect(light.face.stars).toBe(5);
		light.advance(1);
		expect(light.face.stars).toBe(0);
		light.powerCycle();
		expect(light.face.stars).toBe(0);
	});

	it("in a row uses the resumes up, one each, written before the light is lit", () => {
		const light = LightBench.started();
		light.grant({ stars: 5, resumes: 3, resumeS: 300 });
		const left: number[] = [];
		for (let n = 0; n < 3; n++) {
			light.powerCycle();
			left.push(light.last().resumesLeft ?? -1);
		}
		expect(left).toEqual([2, 1, 0]);
		light.powerCycle();
		expect(light.face.stars).toBe(0);
		expect(light.last().resumesLeft).toBeUndefined();
	});

	it("brings nothing back at or past notAfter by the time that was stored", () => {
		const light = LightBench.started();
		light.grant({ stars: 5, resumes: 3, resumeS: 300, lastsS: 100 });
		light.advance(99_000);
		// A write that saves the time.
		light.grant({ stars: 5, seq: 2, issuedAt: 99, resumes: 3, resumeS: 300, lastsS: 1 });
		expect(light.face.stars).toBe(5);
		light.advance(999);
		light.powerCycle();
		expect(light.face.stars).toBe(5);
		light.advance(1_000);
		expect(light.face.stars).toBe(0);
		light.powerCycle();
		expect(light.face.stars).toBe(0);
	});
});
