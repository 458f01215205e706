import { NodeClock } from "../../gateway/depot/node-clock.ts";
import { unixMs } from "../../protocol/wire/units.ts";
import { Platform, type PlatformOptions } from "../../simulator/platform/platform.ts";
import { Prng } from "../../simulator/random/prng.ts";

const HOUR_MS = 3_600_000;
/** So far back that a hundred snapshots an hour apart are all in the past. */
const BACK_MS = 100 * HOUR_MS;

/** A stand-in platform for a test; each `advance` is an hour later on its own clock. */
export function openPlatform(seed: number, more: Partial<PlatformOptions> = {}): Promise<Platform> {
	const clock = new NodeClock();
	const first = clock.unixMs() - BACK_MS;
	let hours = 0;
	return Platform.open({
		random: new Prng(seed),
		drivers: 230,
		port: 0,
		token: null,
		clock: { unixMs: () => unixMs(first + HOUR_MS * hours++) },
		timers: clock,
		lateMs: 60_000,
		...more,
	});
}
