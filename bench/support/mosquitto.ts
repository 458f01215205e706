import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { pause } from "./clock.ts";
import { benchFailed } from "./failure.ts";

const PLACES = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"];
const START_MS = 5_000;

/** Where Mosquitto is, or null. @param named a path given by hand, "" = none */
export function findMosquitto(named: string): string | null {
	if (named !== "") return existsSync(named) ? named : null;
	return PLACES.find((path) => existsSync(path)) ?? null;
}

export const HOW_TO_GET_IT = "no Mosquitto here, so there is no floor: apt-get install mosquitto, or --mosquitto PATH";

/**
 * What its defaults would spoil: a queue of 1,000 messages a client that drops the rest in silence, a window of 20, Nagle's pause.
 * Retained messages are in memory, as in the embedded broker.
 */
const config = (port: number): string =>
	[
		`listener ${port} 127.0.0.1`,
		"allow_anonymous true",
		"persistence false",
		"max_queued_messages 0",
		"max_inflight_messages 0",
		"set_tcp_nodelay true",
		"max_connections -1",
		"log_type error",
		"",
	].join("\n");

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === "object" && address !== null ? address.port : 0;
}

const answers = (port: number): Promise<boolean> =>
	new Promise((resolve) => {
		const socket = connect({ host: "127.0.0.1", port });
		socket.on("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.on("error", () => resolve(false));
	});

/** A tuned Mosquitto of its own. */
export class Mosquitto {
	private readonly child: ChildProcess;
	/** `mqtt://127.0.0.1:PORT`. */
	readonly url: string;

	private constructor(child: ChildProcess, port: number) {
		this.child = child;
		this.url = `mqtt://127.0.0.1:${port}`;
	}

	/** @param folder for its configuration file */
	static async start(program: string, folder: string): Promise<Mosquitto> {
		const port = await freePort();
		const path = join(folder, "mosquitto.conf");
		writeFileSync(path, config(port));
		const child = spawn(program, ["-c", path], { stdio: ["ignore", 2, 2] });
		child.on("error", () => undefined);
		const until = performance.now() + START_MS;
		while (!(await answers(port))) {
			if (child.exitCode !== null || performance.now() > until)
				throw benchFailed(`${program} did not start (exit code ${child.exitCode}).`, "See its own words above.");
			await pause(50);
		}
		return new Mosquitto(child, port);
	}

	async stop(): Promise<void> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		const gone = new Promise((resolve) => this.child.once("exit", resolve));
		this.child.kill("SIGTERM");
		await gone;
	}
}
