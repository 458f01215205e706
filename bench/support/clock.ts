import { NodeClock } from "../../gateway/depot/node-clock.ts";

/** Milliseconds of the machine's monotonic clock: the same for every process, so that one may start what another one stops. */
export function machineMs(): number {
	const [s, ns] = process.hrtime();
	return s * 1e3 + ns / 1e6;
}

export const clock = new NodeClock();

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
