import type { FleetRow } from "../../gateway/core/types.ts";
import type { Timers } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import type { Random } from "../../protocol/ports/random.ts";
import { isCoded } from "../../protocol/wire/errors.ts";
import { millis } from "../../protocol/wire/units.ts";
import type { DepotClient } from "./depot-client.ts";
import type { Truth } from "./truth.ts";

/** A shift change somewhere in the fleet every few seconds: slow enough to watch, often enough to see something. */
const PAUSE_MS = 4_000;

export type ShiftChange = { readonly plate: string; readonly what: "sign-in" | "swap" | "sign-out" };

export interface ShiftOptions {
	readonly rows: readonly FleetRow[];
	readonly client: DepotClient;
	readonly truth: Truth;
	readonly timers: Timers;
	readonly random: Random;
	readonly log: Log;
	readonly onChange: (change: ShiftChange) => void;
}

/** Drivers come, swap and go until stopped. A refused call is logged and the next one goes on. */
export function runShifts(options: ShiftOptions): { stop(): void } {
	const { rows, timers, random, log } = options;
	const onDuty = new Map<string, string>(rows.filter((row) => row.main !== "").map((row) => [row.plate, row.main]));
	let timer: { cancel(): void } | null = null;
	let stopped = false;
	const next = () => {
		if (!stopped) timer = timers.after("shift-change", millis(PAUSE_MS), () => void turn());
	};
	const turn = async () => {
		const roll = random.bytes(3);
		const row = rows[(((roll[0] ?? 0) << 8) | (roll[1] ?? 0)) % Math.max(1, rows.length)];
		if (row !== undefined)
			await changeShift(row, (roll[2] ?? 0) % 3, onDuty, options).catch((e: unknown) =>
				log.warn("shift-change-failed", { code: isCoded(e) ? e.code : "unknown" }),
			);
		next();
	};
	next();
	return {
		stop() {
			stopped = true;
			timer?.cancel();
		},
	};
}

/** The truth follows the depot's answer: only what was accepted counts. */
async function changeShift(
	row: FleetRow,
	choice: number,
	onDuty: Map<string, string>,
	options: ShiftOptions,
): Promise<void> {
	const { client, truth, onChange } = options;
	const now = onDuty.get(row.plate);
	if (now !== undefined && choice === 0) {
		await client.signOut(row.plate, now);
		truth.signOut(row.plate, now);
		onDuty.delete(row.plate);
		onChange({ plate: row.plate, what: "sign-out" });
		return;
	}
	const other = now === row.main && row.deputy !== "" ? row.deputy : row.main;
	if (other === "" || other === now) return;
	await client.signIn(row.plate, other);
	truth.signIn(row.plate, other);
	for (const [plate, driver] of onDuty) if (driver === other) onDuty.delete(plate);
	onDuty.set(row.plate, other);
	onChange({ plate: row.plate, what: now === undefined ? "sign-in" : "swap" });
}
