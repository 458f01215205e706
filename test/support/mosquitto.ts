import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";

const PLACES = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"];

/** The broker's program, or null; tests that need it skip with a line that says how to get it. */
export function findMosquitto(): string | null {
	const found = PLACES.find((path) => existsSync(path));
	if (found !== undefined) return found;
	return spawnSync("mosquitto", ["-h"], { stdio: "ignore" }).error === undefined ? "mosquitto" : null;
}

export const NO_MOSQUITTO = "Mosquitto is not installed; get it with: apt-get install mosquitto";

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
	const server = createServer();
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	server.close();
	await once(server, "close");
	return typeof address === "object" && address !== null ? address.port : 0;
}

/** A real Mosquitto on loopback, to be killed and started again, with what it keeps in a folder of its own. */
export class Mosquitto {
	readonly url: string;
	private readonly program: string;
	private readonly folder: string;
	private readonly port: number;
	private child: ChildProcess | null = null;

	/** Its queues are opened as docs/brokers.md says: by its defaults it drops messages without a word. */
	constructor(program: string, folder: string, port: number) {
		this.program = program;
		this.folder = folder;
		this.port = port;
		this.url = `mqtt://127.0.0.1:${port}`;
		mkdirSync(folder, { recursive: true });
		const lines = [
			`listener ${port} 127.0.0.1`,
			"allow_anonymous true",
			"set_tcp_nodelay true",
			"max_queued_messages 0",
			"max_inflight_messages 0",
			"persistence true",
			`persistence_location ${folder}/`,
			"autosave_on_changes true",
			"autosave_interval 1",
			...(process.getuid?.() === 0 ? ["user root"] : []),
		];
		writeFileSync(join(folder, "mosquitto.conf"), `${lines.join("\n")}\n`);
	}

	/** Starts it and waits until it answers. */
	async start(): Promise<void> {
		this.child = spawn(this.program, ["-c", join(this.folder, "mosquitto.conf")], { stdio: "ignore" });
		for (let tries = 0; tries < 200; tries++) {
			if (await this.answers()) return;
			await new Promise((resolve) => setTimeout(resolve, 25));
		}
		throw new Error("Mosquitto did not open its port within 5 s");
	}

	private answers(): Promise<boolean> {
		return new Promise((resolve) => {
			const socket = connect(this.port, "127.0.0.1", () => {
				socket.destroy();
				resolve(true);
			});
			socket.on("error", () => resolve(false));
		});
	}

	async kill(): Promise<void> {
		const { child } = this;
		this.child = null;
		if (child === null || child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, "exit");
		child.kill("SIGKILL");
		await gone;
	}

	private get store(): string {
		return join(this.folder, "mosquitto.db");
	}

	/** Everything retained is lost. */
	forget(): void {
		rmSync(this.store, { force: true });
	}

	/** Keeps a copy of what is retained now, to be put back later as something old. */
	hoard(): void {
		if (existsSync(this.store)) copyFileSync(this.store, `${this.store}.old`);
	}

	/** Puts the hoarded copy back: old retained messages. */
	putBackHoard(): void {
		if (existsSync(`${this.store}.old`)) copyFileSync(`${this.store}.old`, this.store);
	}
}
