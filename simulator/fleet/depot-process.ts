import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { CodedError } from "../../protocol/wire/errors.ts";
import { boundedLines } from "../cli/lines.ts";

/** A depot gateway in a process of its own, as an operator would run it. */
export interface DepotProcess {
	/** `http://127.0.0.1:PORT`. */
	readonly http: string;
	/** `mqtt://127.0.0.1:PORT`. */
	readonly mqtt: string;
	readonly pid: number;
	/** Resolves when the process is gone, with how it went. */
	readonly gone: Promise<string>;
	/** Asks it to stop and waits; kills it after 5 s. */
	stop(): Promise<void>;
	/** `kill -9`: nothing is said, nothing is saved. */
	kill(): Promise<void>;
}

export interface DepotProcessOptions {
	readonly data: string;
	/** The built gateway program; the one beside this file if not given. */
	readonly program?: string;
	/** 0 = any free port. */
	readonly httpPort: number;
	readonly mqttPort: number;
	/** Further arguments of `liangxing gateway`. */
	readonly args?: readonly string[];
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Told how to kill it as soon as there is a process, long before it listens. */
	readonly onSpawn?: (kill: () => void) => void;
	/** Its log lines (JSON), one by one. */
	readonly onLog: (line: string) => void;
}

/** Longest line taken from the child; a longer one is cut. */
const MAX_LINE = 65_536;
const STOP_MS = 5_000;
/** Lines of its log kept to say why it did not start. */
const KEPT_LINES = 20;

const gatewayMain = (): string => fileURLToPath(new URL("../../gateway/main.js", import.meta.url));

/** Starts the gateway and waits until it listens. Throws `depot-not-built`, `depot-not-started` with its own last words. */
export async function startDepotProcess(options: DepotProcessOptions): Promise<DepotProcess> {
	const main = options.program ?? gatewayMain();
	if (!existsSync(main))
		throw new CodedError("depot-not-built", "The gateway program is not built.", {
			fault: "environment",
			next: "Run: npm run build",
		});
	const args = [
		"gateway",
		"--data",
		options.data,
		"--http-port",
		String(options.httpPort),
		"--mqtt-port",
		String(options.mqttPort),
	];
	const child = spawn(process.execPath, [main, ...args, "--json", ...(options.args ?? [])], {
		stdio: ["pipe", "pipe", "pipe"],
		// Its standard input ends with this program, however that ends: no gateway is left behind.
		env: { ...options.env, LIANGXING_SIM_ENDS_WITH_STDIN: "1" },
	});
	options.onSpawn?.(() => child.kill("SIGKILL"));
	const last: string[] = [];
	const gone = once(child, "exit").then(([code, signal]) => String(signal ?? `exit code ${code}`));
	void readLog(child.stderr, (line) => {
		last.push(line);
		if (last.length > KEPT_LINES) last.shift();
		options.onLog(line);
	});
	const ready = await Promise.race([firstReady(child.stdout), gone.then((how) => ({ failed: how }))]);
	if ("failed" in ready)
		throw new CodedError(
			"depot-not-started",
			`The depot gateway did not start (${ready.failed}). ${last.slice(-3).join(" | ")}`,
			{
				fault: "environment",
				next: "Mend what its last lines name, then start again.",
			},
		);
	return {
		...ready,
		pid: child.pid ?? 0,
		gone,
		stop: () => stopChild(child, gone),
		kill: () => killChild(child, gone),
	};
}

async function readLog(stream: Readable, onLine: (line: string) => void): Promise<void> {
	for await (const line of boundedLines(stream, MAX_LINE)) onLine(line.text);
}

/** The first line with both addresses; the rest of the stream is read and dropped, so that the child never blocks on it. */
function firstReady(stream: Readable): Promise<{ http: string; mqtt: string }> {
	return new Promise((resolve) => {
		void readLog(stream, (text) => {
			try {
				const line = JSON.parse(text) as { http?: unknown; mqtt?: unknown };
				if (typeof line.http === "string" && typeof line.mqtt === "string")
					resolve({ http: line.http, mqtt: line.mqtt });
			} catch {
				// Not a status line: the gateway may print other things.
			}
		});
	});
}

async function stopChild(child: ChildProcess, gone: Promise<string>): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	child.kill("SIGTERM");
	const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
	await gone;
	clearTimeout(timer);
}

async function killChild(child: ChildProcess, gone: Promise<string>): Promise<void> {
	child.kill("SIGKILL");
	await gone;
}
