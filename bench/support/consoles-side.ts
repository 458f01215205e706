import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import { machineMs } from "./clock.ts";
import { benchFailed } from "./failure.ts";
import { serve } from "./peer.ts";

/** How a row begins in the stream. */
const ROW = Buffer.from('{"light":"');

/** A console as far as the server sees it: reads the stream as it comes, counts rows, keeps the bytes of the newest frames if asked. */
class Console {
	private tail: Uint8Array = new Uint8Array();
	private rows = 0;
	private target = Number.POSITIVE_INFINITY;
	private done: ((at: number) => void) | null = null;
	private at: number | null = null;
	private kept: Buffer[] | null = null;
	response: IncomingMessage | null = null;

	open(url: string): Promise<void> {
		return new Promise((resolve, reject) => {
			get(url, (response) => {
				this.response = response;
				if (response.statusCode !== 200) reject(benchFailed(`The stream answered ${response.statusCode}.`));
				response.on("data", (chunk: Buffer) => this.take(chunk));
				resolve();
			}).on("error", reject);
		});
	}

	/** From now on: so many rows. */
	arm(target: number, keep: boolean): void {
		this.rows = 0;
		this.target = target;
		this.at = null;
		this.done = null;
		this.kept = keep ? [] : null;
	}

	/** Machine milliseconds at which the last of them was there. */
	all(): Promise<number> {
		return new Promise((resolve) => {
			if (this.at === null) this.done = resolve;
			else resolve(this.at);
		});
	}

	bytes(): Uint8Array {
		return new Uint8Array(Buffer.concat(this.kept ?? []));
	}

	private take(chunk: Buffer): void {
		this.kept?.push(chunk);
		const text: Buffer = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
		let from = 0;
		for (let at = text.indexOf(ROW); at >= 0; at = text.indexOf(ROW, from)) {
			this.rows += 1;
			from = at + ROW.length;
		}
		this.tail = text.subarray(Math.max(from, text.length - ROW.length + 1));
		if (this.rows < this.target || this.at !== null) return;
		this.at = machineMs();
		this.done?.(this.at);
	}
}

let consoles: Console[] = [];

/** The floor: a bare server that sends the same bytes in one event. */
const streams = new Set<ServerResponse>();
let floorBytes = Buffer.alloc(0);
const bare = createServer((_request, response) => {
	response.writeHead(200, { "content-type": "text/event-stream" });
	response.socket?.setNoDelay(true);
	response.flushHeaders();
	streams.add(response);
	response.on("close", () => streams.delete(response));
});

serve(
	{
		/** Answered when each has got so many rows: those of the snapshot that a stream begins with. */
		connect: async ({ url, count, rows }: { url: string; count: number; rows: number }) => {
			for (let n = 0; n < count; n++) {
				const one = new Console();
				one.arm(rows, false);
				await one.open(url);
				if (rows > 0) await one.all();
				consoles.push(one);
			}
		},
		disconnect: () => {
			for (const one of consoles) one.response?.destroy();
			consoles = [];
		},
		arm: ({ rows, keep }: { rows: number; keep: boolean }) => {
			consoles.forEach((one, n) => {
				one.arm(rows, keep && n === 0);
			});
		},
		all: async () => Math.max(0, ...(await Promise.all(consoles.map((one) => one.all())))),
		bytes: () => consoles[0]?.bytes() ?? new Uint8Array(),
		listen: () =>
			new Promise<string>((resolve) => {
				bare.listen(0, "127.0.0.1", () => {
					const address = bare.address();
					resolve(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`);
				});
			}),
		load: (bytes: Uint8Array) => {
			floorBytes = Buffer.from(bytes);
		},
		push: () => {
			const at = machineMs();
			for (const response of streams) response.write(floorBytes);
			return at;
		},
	},
	async () => {
		bare.closeAllConnections();
		bare.close();
	},
);
