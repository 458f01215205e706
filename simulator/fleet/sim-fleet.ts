import type { FleetRow } from "../../gateway/core/types.ts";
import type { NewLight } from "../../gateway/depot/provision.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import type { Stars } from "../../protocol/wire/units.ts";
import { type DepotClient, eachOf } from "./depot-client.ts";
import { makeTaxi, type Taxi, type TaxiHost } from "./taxi.ts";
import type { Truth } from "./truth.ts";

/** Calls to the depot under way at once: enough to hide one commit's wait behind the next. */
const CALLS_AT_ONCE = 16;
/** Lights that are switched on at once: a yard's lights do not all get power in the same millisecond. */
const STARTS_AT_ONCE = 64;

/** N taxis in this process, known to a depot. */
export interface SimFleet {
	readonly taxis: readonly Taxi[];
	/** What each glass shows now, by plate. */
	glass(): Readonly<Record<string, Stars>>;
	/** Judged by the simulator's own truth: lit, as due, lit with another count than due. */
	judge(): FleetVerdict;
	stop(): Promise<void>;
}

export interface FleetVerdict {
	readonly lights: number;
	/** At least one star glows. */
	readonly lit: number;
	/** The lamps equal what is due, 0 included. */
	readonly correct: number;
	/** Stars glow that are not what is due: never allowed, also on the way. */
	readonly wrong: number;
}

export interface SimFleetOptions {
	readonly rows: readonly FleetRow[];
	readonly client: DepotClient;
	/** `mqtt://127.0.0.1:PORT`. */
	readonly broker: string;
	/** Provisioning of each plate's light: kept from an earlier run, or new. */
	readonly lightOf: (plate: string) => NewLight & { readonly registered: boolean };
	readonly host: TaxiHost;
	readonly truth: Truth;
	readonly progress: (step: "lights" | "switched-on" | "signed-in", done: number, of: number) => void;
	readonly stop: AbortSignal;
}

/** Registers and binds the lights, switches them on, signs each main driver in through the API, in the file's order. */
export async function startSimFleet(options: SimFleetOptions): Promise<SimFleet> {
	const { rows, client, lightOf, host, truth, progress, stop } = options;
	const places: Taxi[] = new Array(rows.length);
	let done = 0;
	await eachOf(rows, CALLS_AT_ONCE, async (row, index) => {
		if (stop.aborted) return;
		const light = lightOf(row.plate);
		if (!light.registered) {
			await client.addLight(light.light, toHex(light.publicKey), row.plate);
		}
		places[index] = await makeTaxi(row.plate, light.file, options.broker, host);
		progress("lights", ++done, rows.length);
	});
	// Stopped on the way, some places stay empty.
	const taxis = places.filter((taxi) => taxi !== undefined);
	done = 0;
	await eachOf(taxis, STARTS_AT_ONCE, async (taxi) => {
		if (stop.aborted) return;
		await taxi.start();
		progress("switched-on", ++done, rows.length);
	});
	done = 0;
	const signIn = async (row: FleetRow) => {
		if (stop.aborted) return;
		if (row.main !== "") {
			await client.signIn(row.plate, row.main);
			truth.signIn(row.plate, row.main);
		}
		progress("signed-in", ++done, rows.length);
	};
	// A driver who is main on two taxis ends on the later one, as the file has it: those wait until the others are in.
	const { once, again } = splitByDriver(rows);
	await eachOf(once, CALLS_AT_ONCE, signIn);
	await eachOf(again, 1, signIn);
	return simFleet(taxis, truth);
}

/** Rows whose main driver stands in no other row, and the rest, each in the file's order. */
function splitByDriver(rows: readonly FleetRow[]): {
	readonly once: readonly FleetRow[];
	readonly again: readonly FleetRow[];
} {
	const times = new Map<string, number>();
	for (const { main } of rows) times.set(main, (times.get(main) ?? 0) + 1);
	const once = (row: FleetRow): boolean => times.get(row.main) === 1;
	return { once: rows.filter(once), again: rows.filter((row) => !once(row)) };
}

function simFleet(taxis: readonly Taxi[], truth: Truth): SimFleet {
	return {
		taxis,
		glass: () => Object.fromEntries(taxis.map((taxi) => [taxi.plate, taxi.glass()])),
		judge: () => {
			const verdict = { lights: taxis.length, lit: 0, correct: 0, wrong: 0 };
			for (const taxi of taxis) {
				const glass = taxi.glass();
				const due = truth.due(taxi.plate);
				if (glass > 0) verdict.lit++;
				if (glass === due) verdict.correct++;
				else if (glass > 0) verdict.wrong++;
			}
			return verdict;
		},
		stop: () => eachOf(taxis, STARTS_AT_ONCE, (taxi) => taxi.stop()),
	};
}
