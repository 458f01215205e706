import { batch } from "@preact/signals";
import type { LightView, StreamedDepot } from "../../core/types.ts";
import { type Problem, problemOf } from "./problem.ts";
import { applyBatch, replaceAll } from "./row.ts";
import { depot, heardAt, lights, link, loaded, now, refused, snapshots } from "./state.ts";

const STREAM = "/api/v1/stream";
/** The server beats every 5 s; nothing for longer than this means that the stream is dead, whatever the socket says. */
const DEAD_MS = 12_000;
/** Pause before a new stream. */
const AGAIN_MS = 1_500;
const WATCH_MS = 1_000;

interface Rows {
	readonly lights: readonly LightView[];
	readonly depot?: StreamedDepot;
}

/** Why the stream was refused; null where nobody answers. A stream that opens after all is closed again. */
async function whyRefused(): Promise<Problem | null> {
	const end = new AbortController();
	try {
		const answer = await fetch(STREAM, { signal: end.signal });
		if (answer.ok) return null;
		return problemOf(answer.status, await answer.json());
	} catch {
		return null;
	} finally {
		end.abort();
	}
}

/** Keeps one stream open for as long as the page lives. A snapshot replaces all rows, a batch those that changed. */
export function openStream(clock: () => number): void {
	let source: EventSource | null = null;

	const heard = (take: () => void): void =>
		batch(() => {
			now.value = clock();
			heardAt.value = now.value;
			link.value = "live";
			refused.value = null;
			take();
		});
	const stop = (): void => {
		source?.close();
		source = null;
		link.value = loaded.value ? "cut" : "failed";
		setTimeout(connect, AGAIN_MS);
	};
	const connect = (): void => {
		const stream = new EventSource(STREAM);
		source = stream;
		const on = (event: string, take: (data: string) => void): void =>
			stream.addEventListener(event, (message) => heard(() => take(String(message.data))));
		on("snapshot", (data) => {
			const all = JSON.parse(data) as Rows;
			lights.value = replaceAll(all.lights, now.value);
			if (all.depot !== undefined) depot.value = all.depot;
			loaded.value = true;
			snapshots.value += 1;
		});
		on("lights", (data) => {
			lights.value = applyBatch(lights.value, (JSON.parse(data) as Rows).lights, now.value);
		});
		on("depot", (data) => {
			depot.value = JSON.parse(data) as StreamedDepot;
		});
		on("beat", () => {});
		stream.addEventListener("error", () => {
			if (source !== stream) return;
			const answered = stream.readyState === EventSource.CLOSED;
			stop();
			if (answered && !loaded.value)
				void whyRefused().then((why) => {
					if (link.value !== "live") refused.value = why;
				});
		});
	};
	setInterval(() => {
		if (source !== null && link.value === "live" && clock() - heardAt.value > DEAD_MS) stop();
	}, WATCH_MS);
	connect();
}
