import { describe, expect, it } from "vitest";
import type { JobWhat, LampState } from "../../protocol/wire/messages.ts";
import { jobMessage, LightBench } from "../support/light-bench.ts";

const lamps = (third: LampState): LampState[] => ["ok", "ok", third, "ok", "ok"];

function three(): LightBench {
	const light = LightBench.started();
	light.feed({ type: "lamps", lamps: lamps("ok"), sensed: true });
	light.grant({ stars: 3 });
	light.advance(1_000);
	return light;
}

describe("a broken lamp", () => {
	it.each(["open", "short", "stuck-on", "stuck-off"] as const)(
		"that is %s darkens the whole face as a fault, is reported, and never shows another count",
		(fault) => {
			const light = three();
			light.feed({ type: "lamps", lamps: lamps(fault), sensed: true });
			expect(light.face).toEqual({ pattern: "fault", stars: 0 });
			expect(light.last()).toMatchObject({ shown: 0, pattern: "fault", lamps: lamps(fault) });
			expect(light.events.at(-1)).toMatchObject({ what: "lamp-fault", detail: { lamps: `ok,ok,${fault},ok,ok` } });
			light.advance(1_000);
			light.grant({ stars: 5, seq: 2 });
			expect(light.face).toEqual({ pattern: "fault", stars: 0 });
			light.feed({ type: "lamps", lamps: lamps("ok"), sensed: true });
			expect(light.face).toEqual({ pattern: "stars", stars: 5 });
			expect(light.events.at(-1)?.what).toBe("lamps-ok");
		},
	);

	it("mended after the grant has ended brings no star back", () => {
		const light = three();
		light.feed({ type: "lamps", lamps: lamps("open"), sensed: true });
		light.advance(3_600_000);
		light.feed({ type: "lamps", lamps: lamps("ok"), sensed: true });
		expect(light.face.stars).toBe(0);
	});

	it("is told with the lease that still runs, so that the depot does not sign anew for each report", () => {
		const light = three();
		light.feed({ type: "lamps", lamps: lamps("open"), sensed: true });
		expect(light.last().leaseLeftS).toBe(3_599);
	});

	it("is not assumed where nobody measures", () => {
		const light = three();
		light.feed({ type: "lamps", lamps: lamps("unknown"), sensed: false });
		expect(light.face.stars).toBe(3);
	});
});

describe("a job", () => {
	it.each([
		["identify", 60_000],
		["self-test", 2_500],
	] as const)("%s shows its pattern, which is no count, and ends by itself", (what, lasts) => {
		const light = three();
		light.message("job", jobMessage(what, light.ask()));
		expect(light.face).toEqual({ pattern: what, stars: 0 });
		light.advance(lasts - 1);
		expect(light.face.pattern).toBe(what);
		light.advance(1);
		expect(light.face).toEqual({ pattern: "stars", stars: 3 });
		expect(light.events.map((event) => event.what)).toEqual(["job-started", "job-done"]);
	});

	it("sent again does nothing: its ask is dead", () => {
		const light = three();
		const bytes = jobMessage("identify", light.ask());
		light.message("job", bytes);
		light.advance(61_000);
		light.message("job", bytes);
		expect(light.face.pattern).toBe("stars");
		expect(light.last().refused).toMatchObject({ code: "not-fresh", kind: "job" });
	});

	it("ends with an unsigned 0 stars", () => {
		const light = three();
		light.message("job", jobMessage("identify", light.ask()));
		light.feed({ type: "unsigned-zero" });
		expect(light.face).toEqual({ pattern: "neutral", stars: 0 });
	});

	it.each(["configure", "update", "renew", "retire"] satisfies JobWhat[])("%s is answered as unsupported", (what) => {
		const light = three();
		light.message("job", jobMessage(what, light.ask()));
		expect(light.face.stars).toBe(3);
		expect(light.events.at(-1)).toMatchObject({ what: "job-unsupported", detail: { what } });
	});
});
