import type { ServerResponse } from "node:http";
import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import type { LightId, Millis } from "../../protocol/wire/units.ts";
import type { StreamedDepot } from "../core/types.ts";
import type { CorePort, Shell } from "../depot/shell.ts";
import type { ApiParts } from "./parts.ts";
import { refused } from "./problems.ts";
import type { Rows } from "./rows.ts";

/** At most 4 batches a second (console: one stream, batched). */
const BATCH_EVERY_MS = 250;
/** Silence of a stream; a console that hears nothing for longer knows that the stream is dead. */
const HEARTBEAT_MS = 5000;
/** A browser's own wait before it connects again. */
const RETRY_MS = 2000;
/** Consoles of a depot and some to spare. */
const MAX_CLIENTS = 64;
/** What a client has not read yet; a snapshot of 20,000 lights fits, a client that stopped reading does not. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

const frame = (event: string, data: string, id: number): string => `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;

/**
 * Server-sent events: `snapshot` (all rows and the depot) first, then `lights` with the rows that changed, at most 4 a second,
 * `depot` when the depot's view changed, and a heartbeat. Each text is built once for all clients.
 */
export class Stream<C extends CorePort> {
	private readonly shell: Shell<C>;
	private readonly rows: Rows<C>;
	private readonly turnedAway: () => Readonly<Record<string, number>>;
	private readonly clock: Clock;
	private readonly timers: Timers;
	private readonly log: Log;
	private readonly clients = new Set<ServerResponse>();
	private readonly changed = new Set<LightId>();
	private timer: { cancel(): void } | null = null;
	private heartbeat: { cancel(): void } | null = null;
	private lastBatch = Number.NEGATIVE_INFINITY;
	private lastDepot = "";
	private serial = 0;
	private readonly unsubscribe: readonly (() => void)[];
	/** Slow clients that were let go. */
	dropped = 0;

	constructor(parts: ApiParts<C>, rows: Rows<C>) {
		const { shell, clock, timers, log } = parts;
		this.shell = shell;
		this.rows = rows;
		this.turnedAway = parts.turnedAway;
		this.clock = clock;
		this.timers = timers;
		this.log = log;
		// What a person decided may change no light: consoles hear of it all the same, at once.
		this.unsubscribe = [shell.onChanged((light) => this.onChanged(light)), shell.onAnswered(() => this.schedule())];
	}

	get size(): number {
		return this.clients.size;
	}

	/** Takes over a response. Throws `too-many-streams`. */
	add(response: ServerResponse): void {
		if (this.clients.size >= MAX_CLIENTS)
			throw refused("too-many-streams", `${MAX_CLIENTS} consoles are connected already.`, "Close one of them.");
		response.writeHead(200, {
			"content-type": "text/event-stream; charset=utf-8",
			"cache-control": "no-store",
			"x-content-type-options": "nosniff",
			connection: "keep-alive",
		});
		response.socket?.setNoDelay(true);
		const gone = () => this.clients.delete(response);
		response.on("close", gone);
		response.on("error", gone);
		this.clients.add(response);
		const depot = this.depotJson();
		const snapshot = `{"at":${this.clock.unixMs()},"depot":${depot},"lights":${this.rows.all()}}`;
		this.write(response, `retry: ${RETRY_MS}\n${frame("snapshot", snapshot, ++this.serial)}`);
		if (this.heartbeat === null) this.beat();
	}

	private depotJson(): string {
		const depot: StreamedDepot = { ...this.shell.view.depot(this.shell.now()), broker: this.turnedAway() };
		return JSON.stringify(depot);
	}

	private write(response: ServerResponse, text: string): void {
		response.write(text);
		if (response.writableLength <= MAX_UNREAD_BYTES) return;
		this.dropped += 1;
		this.clients.delete(response);
		response.destroy();
		this.log.warn("stream-client-dropped", { dropped: this.dropped });
	}

	private onChanged(light: LightId): void {
		if (this.clients.size === 0) return;
		this.changed.add(light);
		this.schedule();
	}

	private schedule(): void {
		if (this.clients.size === 0 || this.timer !== null) return;
		const wait = Math.max(0, this.lastBatch + BATCH_EVERY_MS - this.clock.monoMs());
		this.timer = this.timers.after("stream-batch", wait as Millis, () => this.batch());
	}

	private batch(): void {
		this.timer = null;
		this.lastBatch = this.clock.monoMs();
		const lights = [...this.changed];
		this.changed.clear();
		if (this.clients.size === 0) return;
		const data = `{"at":${this.clock.unixMs()},"lights":${this.rows.some(lights)}}`;
		const rows = lights.length === 0 ? "" : frame("lights", data, ++this.serial);
		const text = rows + this.depotIfChanged();
		if (text !== "") this.send(text);
	}

	private depotIfChanged(): string {
		const depot = this.depotJson();
		if (depot === this.lastDepot) return "";
		this.lastDepot = depot;
		return frame("depot", depot, ++this.serial);
	}

	private send(text: string): void {
		for (const client of [...this.clients]) this.write(client, text);
	}

	private beat(): void {
		this.heartbeat = this.timers.after("stream-heartbeat", HEARTBEAT_MS as Millis, () => {
			this.heartbeat = null;
			if (this.clients.size === 0) return;
			this.send(`${this.depotIfChanged()}${frame("beat", `{"at":${this.clock.unixMs()}}`, ++this.serial)}`);
			this.beat();
		});
	}

	/** Ends every stream; clients come back by themselves. */
	close(): void {
		for (const end of this.unsubscribe) end();
		this.timer?.cancel();
		this.heartbeat?.cancel();
		for (const client of this.clients) client.end();
		this.clients.clear();
	}
}
