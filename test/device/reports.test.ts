import { describe, expect, it } from "vitest";
import { toHex } from "../../protocol/wire/bytes.ts";
import { grantMessage, LightBench } from "../support/light-bench.ts";

/** The most that any second holds. */
function mostInASecond(times: readonly number[]): number {
	return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}

/** Feeds noise every `everyMs` and returns when states went out. */
function stateTimes(light: LightBench, everyMs: number, forMs: number): number[] {
	const times: number[] = [];
	for (let passed = 0; passed < forMs; passed += everyMs) {
		const before = light.states.length;
		light.message("grant", Uint8Array.from([passed & 255]));
		for (let n = before; n < light.states.length; n++) times.push(light.now);
		const early = light.states.length;
		light.advance(everyMs);
		for (let n = early; n < light.states.length; n++) times.push(light.now);
	}
	return times;
}

describe("a state", () => {
	it("goes out at every link-up, with the newest ask, and at every report period", () => {
		const light = LightBench.started();
		expect(light.states).toHaveLength(1);
		light.feed({ type: "link-down" });
		light.feed({ type: "link-up" });
		expect(light.states).toHaveLength(2);
		light.advance(600_000);
		expect(light.states).toHaveLength(3);
		light.feed({ type: "link-down" });
		light.advance(1_800_000);
		expect(light.states).toHaveLength(3);
		light.feed({ type: "link-up" });
		expect(light.states).toHaveLength(4);
		expect(light.last().link).toMatchObject({ linkUps: 3 });
	});

	it("goes out at most five times in any second, and the last one tells the newest", () => {
		const light = LightBench.started();
		light.advance(5_000);
		const times = stateTimes(light, 20, 5_000);
		expect(mostInASecond(times)).toBe(5);
		expect(times.length).toBeGreaterThanOrEqual(24);
		light.grant({ stars: 4 });
		light.advance(1_000);
		expect(light.last()).toMatchObject({ shown: 4, seq: 1 });
	});

	it("names the last refusal once", () => {
		const light = LightBench.started();
		light.advance(1_000);
		light.message("grant", grantMessage({ stars: 5, ask: new Uint8Array(8), seq: 2 }));
		expect(light.last().refused).toMatchObject({ code: "not-fresh", seq: 2 });
		light.feed({ type: "link-up" });
		expect(light.last().refused).toBeUndefined();
	});

	it("keeps a refusal for the link to come back", () => {
		const light = LightBench.started();
		light.feed({ type: "link-down" });
		light.message("grant", grantMessage({ stars: 5, ask: new Uint8Array(8), seq: 2 }));
		light.feed({ type: "link-up" });
		expect(light.last().refused).toMatchObject({ code: "not-fresh", seq: 2 });
	});

	it("names the grant by the start of its hash, and what is known of firmware, uptime and lamps", () => {
		const light = LightBench.started();
		const bytes = light.grant({ stars: 5 });
		light.feed({ type: "lamps", lamps: ["ok", "ok", "ok", "ok", "ok"], sensed: true });
		light.advance(65_000);
		light.feed({ type: "link-up" });
		const hash = light.env.crypto.sha256(bytes).slice(0, 8);
		expect(toHex(light.last().grant ?? new Uint8Array())).toBe(toHex(hash));
		expect(light.last()).toMatchObject({ firmware: "bench", uptimeS: 65, sensed: true });
		expect(light.last().lamps).toEqual(["ok", "ok", "ok", "ok", "ok"]);
	});

	it("is not said to rest on sensed currents while any lamp is unknown", () => {
		const light = LightBench.started();
		expect(light.last().sensed).toBe(false);
		light.feed({ type: "lamps", lamps: ["ok", "unknown", "ok", "ok", "ok"], sensed: true });
		expect(light.last()).toMatchObject({ sensed: false, pattern: "neutral" });
	});
});

describe("the counter", () => {
	it("rises by one with each state and event, and never falls across cuts, without a write for each", () => {
		const light = LightBench.started();
		const counters = () => [...light.states, ...light.events].map((report) => report.counter);
		let writes = 0;
		const written = () => light.state.record?.generation ?? 0;
		for (let start = 0; start < 4; start++) {
			const before = written();
			for (let n = 0; n < 50; n++) {
				light.advance(1_000);
				light.feed({ type: "link-up" });
			}
			writes += written() - before;
			light.powerCycle();
		}
		expect(writes).toBe(0);
		const seen = counters();
		expect(new Set(seen).size).toBe(seen.length);
		const states = light.states.map((state) => state.counter);
		expect(states).toEqual([...states].sort((a, b) => a - b));
		expect(new Set(light.states.map((state) => state.session))).toEqual(new Set([1, 2, 3, 4, 5]));
	});

	it("is reserved further before it runs out, and never used beyond what is reserved", () => {
		const light = LightBench.started();
		for (let n = 0; n < 3_000; n++) {
			light.advance(1_000);
			light.feed({ type: "link-up" });
		}
		expect(light.states.length).toBeGreaterThan(3_000);
		const top = light.last().counter;
		light.powerCycle();
		expect(light.last().counter).toBeGreaterThan(top);
		// A medium that takes no more writes: the light still reports, but only as far as counters are reserved.
		light.autoWrite = false;
		const before = light.states.length;
		for (let n = 0; n < 3_000; n++) {
			if (light.writes.length > 0) light.answerWrite(false);
			light.advance(1_000);
			light.feed({ type: "link-up" });
		}
		const used = light.states.length - before;
		expect(used).toBeGreaterThan(900);
		expect(used).toBeLessThanOrEqual(1_000);
		const last = light.last().counter;
		light.autoWrite = true;
		light.powerCycle();
		expect(light.last().counter).toBeGreaterThan(last);
	});
});

describe("events", () => {
	it("wait for the link, the oldest is dropped and counted, and at most five go out in a second", () => {
		const light = LightBench.started();
		light.feed({ type: "link-down" });
		for (let n = 0; n < 12; n++) light.feed({ type: "unsigned-zero" });
		light.feed({ type: "link-up" });
		expect(light.events).toHaveLength(5);
		light.advance(1_000);
		expect(light.events).toHaveLength(8);
		light.feed({ type: "link-up" });
		expect(light.last().link).toMatchObject({ eventsDropped: 4 });
	});
});

describe("messages during a write", () => {
	it("wait, are judged in their order once it is done, and are answered only then", () => {
		const light = LightBench.started();
		light.autoWrite = false;
		const ask = light.ask();
		light.message("grant", grantMessage({ stars: 5, ask, seq: 1 }));
		light.message("grant", grantMessage({ stars: 4, ask, seq: 2 }));
		light.message("grant", grantMessage({ stars: 0, ask: null, seq: 3 }));
		expect(light.face.stars).toBe(0);
		expect(light.states).toHaveLength(1);
		light.answerWrite();
		expect(light.face.stars).toBe(0);
		light.answerWrite();
		while (light.writes.length > 0) light.answerWrite();
		// The second was signed before the first was accepted, the third darkens at once: nothing was ever lit.
		expect(light.faces.every((face) => face.stars === 0)).toBe(true);
		expect(light.last()).toMatchObject({ shown: 0, seq: 3, refused: { code: "not-fresh", seq: 2 } });
	});

	it("are at most sixteen: the oldest is dropped and counted, the newest is taken", () => {
		const light = LightBench.started();
		light.autoWrite = false;
		light.message("grant", grantMessage({ stars: 5, ask: light.ask(), seq: 1 }));
		for (let seq = 2; seq <= 21; seq++) light.message("grant", grantMessage({ stars: 0, ask: null, seq }));
		light.autoWrite = true;
		for (const write of light.writes.splice(0)) {
			light.feed({ type: "written", slot: write.slot, generation: write.generation });
		}
		light.advance(1_000);
		expect(light.last()).toMatchObject({ seq: 21, shown: 0, link: { queueDropped: 4, accepted: 17 } });
	});
});
