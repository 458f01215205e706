import type { DepotView, LightView } from "../../core/types.ts";
import type { Row } from "./row.ts";
import { depot, heardAt, link, loaded, now, rows } from "./state.ts";

/** The server beats every 5 s; nothing for longer than this means that the stream is dead, whatever the socket says. */
const DEAD_MS = 12_000;
/** Pause before a new stream, where the browser has given up by itself. */
const AGAIN_MS = 2_000;

interface Snapshot {
	readonly lights: readonly LightView[];
	readonly depot?: DepotView;
}

const rowOf = (view: LightView): Row => ({ view, at: now.peek() });

/** Keeps one stream open for as long as the page lives. A snapshot replaces all rows, a batch those that changed. */
export function openStream(clock: () => number): void {
	let source: EventSource | null = null;
	let retry: ReturnType<typeof setTimeout> | null = null;

	const heard = () => {
		now.value = clock();
		heardAt.value = now.value;
		link.value = "live";
	};
	const cut = () => {
		if (link.value !== "cut" && link.value !== "failed") link.value = loaded.value ? "cut" : "failed";
	};
	const again = () => {
		source?.close();
		source = null;
		cut();
		if (retry === null)
			retry = setTimeout(() => {
				retry = null;
				connect();
			}, AGAIN_MS);
	};
	const connect = () => {
		const stream = new EventSource("/api/v1/stream");
		source = stream;
		stream.addEventListener("snapshot", (event) => {
			heard();
			const snapshot = JSON.parse(event.data) as Snapshot;
			rows.value = new Map(snapshot.lights.map((view) => [view.light, rowOf(view)]));
			if (snapshot.depot !== undefined) depot.value = snapshot.depot;
			loaded.value = true;
		});
		stream.addEventListener("lights", (event) => {
			heard();
			const batch = JSON.parse(event.data) as Snapshot;
			const next = new Map(rows.value);
			for (const view of batch.lights) next.set(view.light, rowOf(view));
			rows.value = next;
		});
		stream.addEventListener("depot", (event) => {
			heard();
			depot.value = JSON.parse(event.data) as DepotView;
		});
		stream.addEventListener("beat", heard);
		stream.addEventListener("error", () => {
			if (source === stream) again();
		});
	};
	setInterval(() => {
		if (source !== null && link.value === "live" && clock() - heardAt.value > DEAD_MS) again();
	}, 1_000);
	connect();
}
