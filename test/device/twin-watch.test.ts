import { describe, expect, it } from "vitest";
import { TwinWatch } from "../../device/drivers/twin-watch.ts";
import { monoMs } from "../../protocol/wire/units.ts";

const at = (seconds: number) => monoMs(seconds * 1000);

describe("a light whose connection is ended again and again", () => {
	it("says that another one has its id at the third time within a minute, and again an hour later", () => {
		const watch = new TwinWatch();
		expect([0, 1, 2, 3, 4].map((s) => watch.closed(at(s)))).toEqual([false, false, true, false, false]);
		expect(watch.closed(at(3590))).toBe(false);
		expect([3600, 3601, 3602, 3603].map((s) => watch.closed(at(s)))).toEqual([false, false, true, false]);
	});

	it("says nothing when it happens now and then", () => {
		const watch = new TwinWatch();
		expect([0, 31, 62, 93].map((s) => watch.closed(at(s)))).toEqual([false, false, false, false]);
	});

	it("says nothing when the broker was out of reach in between, as when it restarts", () => {
		const watch = new TwinWatch();
		for (const s of [0, 1, 2, 3]) {
			expect(watch.closed(at(s))).toBe(false);
			watch.failed();
		}
	});
});
