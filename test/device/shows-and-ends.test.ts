import { describe, expect, it } from "vitest";
import { DEPOT, grantMessage, keysMessage, LightBench, NEXT_DEPOT, noticeMessage } from "../support/light-bench.ts";

const HOUR = 3_600_000;

describe("a light that starts", () => {
	it("is dark, says so with a fresh ask and the next session, and has stored both first", () => {
		const light = LightBench.started();
		expect(light.face).toEqual({ pattern: "neutral", stars: 0 });
		expect(light.last()).toMatchObject({ session: 1, shown: 0, pattern: "neutral", epoch: 0, seq: 0, keysVersion: 1 });
		expect(light.last().ask).toHaveLength(8);
		light.powerCycle();
		expect(light.last().session).toBe(2);
	});

	it("darkens the lamp before anything else, whatever was on it", () => {
		const light = new LightBench();
		const effects = light.feed({ type: "boot", copies: light.copies });
		expect(effects.map((effect) => effect.type).filter((type) => type !== "log")).toEqual(["show", "write"]);
		expect(effects.find((effect) => effect.type === "show")).toEqual({
			type: "show",
			face: { pattern: "neutral", stars: 0 },
		});
	});

	it("asks for its tick again when one comes early", () => {
		const light = LightBench.started();
		light.grant({ stars: 4 });
		const asked = light.wakeAt;
		light.wakeAt = null;
		light.feed({ type: "tick" });
		expect(light.wakeAt).toBe(asked);
	});

	it("shows the stars of a grant for its ask, and answers with the pair and what is left of the lease", () => {
		const light = LightBench.started();
		light.advance(60_000);
		light.grant({ stars: 4, seq: 7 });
		expect(light.face).toEqual({ pattern: "stars", stars: 4 });
		expect(light.last()).toMatchObject({
			shown: 4,
			pattern: "stars",
			epoch: 1,
			seq: 7,
			leaseLeftS: 3540,
			resumesLeft: 0,
		});
	});
});

describe("a grant ends", () => {
	it("when its lease is over, counted from the drawing of the ask, with no clock at all", () => {
		const light = LightBench.started();
		light.advance(60_000);
		light.grant({ stars: 5, issuedAt: -900_000, lastsS: 3600 });
		light.advance(HOUR - 60_001);
		expect(light.face.stars).toBe(5);
		light.advance(1);
		expect(light.face).toEqual({ pattern: "neutral", stars: 0 });
	});

	it("at notAfter by the light's time, before its lease is over", () => {
		const light = LightBench.started();
		light.grant({ stars: 5, lastsS: 120 });
		light.advance(119_999);
		expect(light.face.stars).toBe(5);
		light.advance(1);
		expect(light.face.stars).toBe(0);
	});

	it("with a notice of a newer epoch, and with the removal of the key that signed it", () => {
		const light = LightBench.started();
		light.grant({ stars: 5, epoch: 3 });
		light.message("notice", noticeMessage(4));
		expect(light.face.stars).toBe(0);
		light.grant({ stars: 3, epoch: 4 });
		expect(light.face.stars).toBe(3);
		light.advance(1_000);
		light.message("keys", keysMessage(2, [NEXT_DEPOT]));
		expect(light.face.stars).toBe(0);
		expect(light.last()).toMatchObject({ epoch: 0, seq: 0, keysVersion: 2 });
		expect(light.last().noticeEpoch).toBeUndefined();
		light.message("grant", grantMessage({ stars: 5, ask: light.ask(), epoch: 9, signer: DEPOT }));
		expect(light.last().refused).toMatchObject({ code: "unknown-key", kind: "grant", epoch: 9 });
	});
});
