import { type IncomingMessage, request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Api, openApi } from "../../gateway/api/server.ts";
import { NodeClock } from "../../gateway/depot/node-clock.ts";
import type { Shell } from "../../gateway/depot/shell.ts";
import { until } from "../support/broker.ts";
import { lightNumber, RowCore, shellOf } from "../support/row-core.ts";
import { silentLog } from "../support/silent-log.ts";

interface Event {
	readonly event: string;
	readonly data: { readonly lights?: { readonly light: string; readonly desired: number }[] };
	readonly at: number;
}

const LIGHTS = 2000;
/** So many that a few batches fill what a client may leave unread. */
const MANY = 12_000;
let core: RowCore;
let shell: Shell<RowCore>;
let api: Api;
let base: string;
const open: IncomingMessage[] = [];

beforeEach(async () => {
	core = new RowCore(LIGHTS);
	shell = shellOf(core);
	const clock = new NodeClock();
	const none = async () => ({ command: { what: "clock-accept" }, report: {} }) as const;
	api = await openApi({
		shell,
		intake: { ratings: none, fleet: none },
		token: "t".repeat(43),
		instance: "i",
		mqtt: "mqtt://127.0.0.1:1",
		clock,
		timers: clock,
		log: silentLog,
		counters: () => ({}),
		turnedAway: () => ({ "too-large": 3 }),
		consoleDir: null,
	});
	base = await api.listen("127.0.0.1", 0);
});
afterEach(async () => {
	for (const response of open.splice(0)) response.destroy();
	await api.close();
});

function connect(): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const sent = request(`${base}/api/v1/stream`, { agent: false }, (response) => {
			open.push(response);
			response.on("error", () => undefined);
			resolve(response);
		});
		sent.on("error", reject);
		sent.end();
	});
}

function eventsOf(response: IncomingMessage): { readonly events: Event[]; text(): string } {
	const events: Event[] = [];
	let all = "";
	let rest = "";
	response.setEncoding("utf8");
	response.on("data", (part: string) => {
		all += part;
		rest += part;
		for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
			const block = rest.slice(0, end);
			rest = rest.slice(end + 2);
			const event = /^event: (.*)$/m.exec(block)?.[1] ?? "";
			events.push({ event, data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "{}"), at: performance.now() });
		}
	});
	return { events, text: () => all };
}

describe("the console's stream", () => {
	it("begins with all rows and how soon to come back", async () => {
		const stream = eventsOf(await connect());
		await until("the snapshot", () => stream.events.length > 0);
		expect(stream.text()).toMatch(/^retry: \d+\n/);
		expect(stream.events[0]?.event).toBe("snapshot");
		expect(stream.events[0]?.data.lights).toHaveLength(LIGHTS);
		expect(stream.events[0]?.data).toMatchObject({
			at: expect.any(Number),
			depot: { fleet: "demo", broker: { "too-large": 3 } },
		});
	});

	it("then carries each change, in at most four batches a second", async () => {
		const streams = [eventsOf(await connect()), eventsOf(await connect())];
		await until("snapshots", () => streams.every((s) => s.events.length > 0));
		const began = performance.now();
		let changes = 0;
		while (performance.now() - began < 1100) {
			shell.message(lightNumber(1 + (changes % 50)), Uint8Array.of(changes % 6), null);
			changes += 1;
			await new Promise((resolve) => setImmediate(resolve));
		}
		shell.message(lightNumber(51), Uint8Array.of(3), null);
		const last = (s: (typeof streams)[number]) =>
			s.events.some((e) => e.event === "lights" && e.data.lights?.some((l) => l.light === lightNumber(51)));
		await until("the last change", () => streams.every(last));
		for (const { events } of streams) {
			const batches = events.filter((e) => e.event === "lights");
			expect(changes).toBeGreaterThan(50);
			expect(batches.length).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - began) / 250));
			const shown = new Map<string, number>();
			for (const { data } of batches) for (const l of data.lights ?? []) shown.set(l.light, l.desired);
			for (const [light, desired] of shown) expect(core.rows.get(light as never)?.desired).toBe(desired);
			expect(shown.size).toBe(51);
		}
	});

	it("lets go a client that does not read, counts it, and serves the others", async () => {
		for (const [light, row] of new RowCore(MANY).rows) core.rows.set(light, row);
		const slow = await connect();
		slow.pause();
		slow.socket.pause();
		const quick = eventsOf(await connect());
		await until("the snapshot", () => quick.events.length > 0);
		for (let round = 0; round < 200 && api.counts()["stream-client-dropped"] === 0; round++) {
			const seen = quick.events.length;
			for (let n = 1; n <= MANY; n++) shell.message(lightNumber(n), Uint8Array.of(round % 6), null);
			await until("the next batch", () => quick.events.length > seen);
		}
		expect(api.counts()["stream-client-dropped"]).toBe(1);
		const seen = quick.events.length;
		shell.message(lightNumber(1), Uint8Array.of(4), null);
		await until("one more batch", () => quick.events.length > seen);
	});

	it("is refused to more than 64 consoles at once", async () => {
		for (let n = 0; n < 64; n++) await connect();
		const refused = await connect();
		expect(refused.statusCode).toBe(503);
	});
});

describe("a stop", () => {
	it("ends streams and does not wait for a request that never ends", async () => {
		await connect();
		const headers = { authorization: `Bearer ${"t".repeat(43)}`, "content-length": "1000" };
		const endless = request(`${base}/api/v1/ratings`, { method: "POST", headers, agent: false });
		endless.on("error", () => undefined);
		endless.write("1");
		await until(
			"the request is there",
			() => endless.socket?.bytesWritten !== undefined && endless.socket.bytesWritten > 100,
		);
		const began = performance.now();
		await api.close();
		expect(performance.now() - began).toBeLessThan(6000);
		endless.destroy();
	});
});
