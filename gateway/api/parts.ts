import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import type { Command, CommandAnswer } from "../core/types.ts";
import { foldCommand } from "../depot/fold-command.ts";
import type { Ops } from "../depot/ops.ts";
import type { CorePort, Shell } from "../depot/shell.ts";
import type { BackupPort } from "./routes-backup.ts";

/** A file as a command, and what its reader tells of it beside the depot's answer: rows left out and why, never whose. */
export interface TakenFile {
	readonly command: Command;
	readonly report: Readonly<Record<string, unknown>>;
}

/** Turns files into commands; bound to `gateway/sources` in the depot. Both throw coded errors that name file, row and mend. */
export interface Intake {
	ratings(bytes: Uint8Array, name: string, dryRun?: boolean): Promise<TakenFile>;
	fleet(bytes: Uint8Array, name: string, dryRun: boolean): Promise<TakenFile>;
}

/** Runs a file's command; what its reader told stands beside the depot's own answer. */
export async function runTaken(
	run: (command: Command) => Promise<CommandAnswer>,
	{ command, report }: TakenFile,
): Promise<CommandAnswer> {
	const answer = await run(command);
	return answer.ok ? { ok: true, value: { ...answer.value, ...report } } : answer;
}

/** Runs a command with plates and certificate numbers folded. */
export const runner =
	<C extends CorePort>(parts: Pick<ApiParts<C>, "shell">) =>
	(command: Command): Promise<CommandAnswer> =>
		parts.shell.command(foldCommand(command));

/** The platform that ratings are pulled from; bound to `gateway/sources/http` in the depot. */
export interface RatingSourcePort {
	/** What `GET /api/v1/depot` tells of it. */
	view(): object;
	/** Pulls now from this address (null = the configured one). Throws coded errors. */
	pull(url: string | null): Promise<Readonly<Record<string, unknown>>>;
}

/** What the API is made of. */
export interface ApiParts<C extends CorePort> {
	readonly shell: Shell<C>;
	readonly intake: Intake;
	/** null = this depot pulls from no platform. */
	readonly source?: RatingSourcePort | null;
	readonly token: string;
	/** Random, told by `/healthz`: a command proves by it that it talks to the gateway of its data folder. */
	readonly instance: string;
	/** Address of the broker, for provisioning files. */
	readonly mqtt: string;
	readonly clock: Clock;
	readonly timers: Timers;
	readonly log: Log;
	/** Counters of broker, store, loop and API, by part. */
	readonly counters: () => Readonly<Record<string, unknown>>;
	/** Copies the store; left out where there is none to copy. */
	readonly backup?: BackupPort;
	/** Metrics and alarms; a gateway has them, a test of the routes alone need not. */
	readonly ops?: Ops;
	/** Connections and messages that the broker turned away since its start, by code. */
	readonly turnedAway: () => Readonly<Record<string, number>>;
	/** Folder of the built console, or null where it was not built. */
	readonly consoleDir: string | null;
}
