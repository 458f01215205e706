import { describe, expect, it } from "vitest";
import type { AskRecord } from "../../protocol/wire/acceptance.ts";
import { leaseAt, startLease } from "../../protocol/wire/lease.ts";
import { type MonoMs, millis, monoMs, seconds, toUnixSeconds, unixMs, unixSeconds } from "../../protocol/wire/units.ts";
import { grant } from "./samples.ts";

/** The compiler checks this file: a line under `@ts-expect-error` that compiles is an error. */
describe("units", () => {
	it("are refused where another unit is wanted, at compile time", () => {
		const at = (now: MonoMs): number => now;
		const lease = startLease(grant(), monoMs(0), monoMs(0));
		// @ts-expect-error a duration is no instant
		at(millis(5));
		// @ts-expect-error seconds are no monotonic milliseconds
		at(seconds(5));
		// @ts-expect-error wall time is not monotonic time
		at(unixMs(5));
		// @ts-expect-error a bare number has no unit
		at(5);
		// @ts-expect-error the lease counts monotonic milliseconds, not a duration
		startLease(grant(), millis(0), monoMs(0));
		// @ts-expect-error the light's time is in milliseconds, not seconds
		leaseAt(lease, monoMs(0), unixSeconds(0));
		// @ts-expect-error both instants exchanged
		leaseAt(lease, unixMs(0), monoMs(0));
		// @ts-expect-error an ask is drawn at a monotonic instant
		const record: AskRecord = { ask: new Uint8Array(8), drawnAt: millis(0) };
		// @ts-expect-error a light id is made only by its parser
		grant({ light: "PDS00000001H" });
		expect(record.drawnAt).toBe(0);
	});

	it("round wall time down to whole seconds", () => {
		expect(toUnixSeconds(unixMs(1999))).toBe(1);
		expect(toUnixSeconds(unixMs(2000))).toBe(2);
	});
});
