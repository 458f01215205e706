import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type BrokerOptions, openBroker } from "../../gateway/broker/aedes-broker.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import { brokerSuite } from "../conformance/broker-suite.ts";
import { until } from "../support/broker.ts";
import { FLEET, lightId } from "../support/depot-records.ts";
import { type Embedded, embedded } from "../support/embedded-broker.ts";
import { miniConnect } from "../support/mini-client.ts";
import { silentLog } from "../support/silent-log.ts";

brokerSuite("the embedded broker", async () => {
	const { broker, url, heard } = await embedded();
	return {
		connect: async (light, topics) => {
			const client = await miniConnect(url, light);
			if (topics.length > 0) await client.subscribe(topics);
			return {
				received: client.arrived,
				publish: (topic, payload, retain) => void client.publish(topic, payload, { retain }),
				close: () => client.close(),
				cut: () => client.cut(),
				isDown: () => client.isEnded,
			};
		},
		depot: { received: heard, publish: (topic, payload, retain) => void broker.publish(topic, payload, retain) },
		until,
		close: () => broker.close(),
	};
});

const [A, B, STRANGER] = [lightId(1), lightId(2), lightId(3)];
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(1);

let running: Embedded | null = null;
const start = async (change: Partial<BrokerOptions> = {}): Promise<Embedded> => {
	running = await embedded({ isKnownLight: (id) => id === A || id === B, ...change });
	return running;
};
afterEach(async () => {
	await running?.broker.close();
	running = null;
});

describe("who is let in", () => {
	it("is a registered light by its id; anyone else is told so and counted", async () => {
		const { broker, url } = await start();
		for (const id of [STRANGER, "", "depot", `${A} `, A.toLowerCase(), "__proto__", "constructor", "#", "a/b"]) {
			const client = await miniConnect(url, id);
			expect([id, client.returnCode]).toEqual([id, 2]);
			await client.ended;
		}
		expect((await miniConnect(url, A)).returnCode).toBe(0);
		expect(broker.stats()).toMatchObject({ lights: 1, refused: { "unknown-light": 9 } });
	});

	it("may leave a will for its own `online` only", async () => {
		const { broker, url, heard } = await start();
		const wills = [
			{ topic: topicOf.online(FLEET, B), payload: bytes(3) },
			{ topic: topicOf.state(FLEET, A), payload: bytes(3) },
			{ topic: topicOf.grant(FLEET, B), payload: bytes(3) },
			{ topic: topicOf.online(FLEET, A), payload: bytes(5000) },
		];
		for (const { topic, payload } of wills) {
			const will = { topic, payload: Buffer.from(payload), qos: 1 as const, retain: true };
			const client = await miniConnect(url, A, { will });
			expect([topic, client.returnCode]).toEqual([topic, 5]);
			await client.ended;
		}
		expect(heard).toEqual([]);
		expect(broker.stats().refused).toEqual({ "will-not-allowed": 4 });
	});

	it("has its will told after a cut, not after a good-bye, and a session's late will comes under its own name", async () => {
		const { url, heard, broker } = await start();
		const online = topicOf.online(FLEET, A);
		const willOf = (session: number) => ({
			will: {
				topic: online,
				payload: Buffer.from(JSON.stringify({ online: false, session })),
				qos: 1 as const,
				retain: true,
			},
		});
		await (await miniConnect(url, A, willOf(1))).close();
		const second = await miniConnect(url, A, willOf(2));
		const third = await miniConnect(url, A, willOf(3));
		await third.publish(online, new TextEncoder().encode(JSON.stringify({ online: true, session: 3 })), {
			retain: true,
		});
		await until("the second is taken over", () => second.isEnded);
		await until("the will of the second", () => heard.length >= 2);
		third.cut();
		await until("the will of the third", () => heard.length >= 3);
		const told = heard.map((m) => JSON.parse(Buffer.from(m.payload).toString()));
		expect(told.map((t) => [t.online, t.session])).toEqual([
			[false, 2],
			[true, 3],
			[false, 3],
		]);
		expect(heard.every((m) => m.publisher === A)).toBe(true);
		expect(broker.stats().takenOver).toBe(1);
	});

	it("is at most as many connections as are allowed", async () => {
		const { broker, url } = await start({ maxConnections: 2 });
		const [a, b] = [await miniConnect(url, A), await miniConnect(url, B)];
		const more = await miniConnect(url, A);
		expect([a.returnCode, b.returnCode, more.returnCode]).toEqual([0, 0, -1]);
		expect(broker.stats().refused).toEqual({ "too-many-connections": 1 });
		expect([a.isEnded, b.isEnded]).toEqual([false, false]);
	});
});

describe("what a light may do", () => {
	it("is to subscribe to keys, notice and its own grant and job, by exact name", async () => {
		const { broker, url } = await start();
		await broker.publish(topicOf.grant(FLEET, B), bytes(4), true);
		const light = await miniConnect(url, A);
		const own = [topicOf.keys(FLEET), topicOf.notice(FLEET), topicOf.grant(FLEET, A), topicOf.job(FLEET, A)];
		expect(await light.subscribe(own)).toEqual([1, 1, 1, 1]);
		const others = [
			...[topicOf.grant(FLEET, B), topicOf.job(FLEET, B), topicOf.state(FLEET, A), topicOf.state(FLEET, B)],
			...["#", "+", `lx/1/${FLEET}/l/+/grant`, `lx/1/${FLEET}/l/${A}/#`, "$SYS/#", `lx/1/other/keys`],
		];
		expect(await light.subscribe(others)).toEqual(others.map(() => 128));
		await broker.publish(topicOf.grant(FLEET, B), bytes(4), true);
		await broker.publish(topicOf.grant(FLEET, A), bytes(5), true);
		await until("its own grant", () => light.arrived.length > 0);
		expect(light.arrived.map((m) => m.payload.length)).toEqual([5]);
		expect(broker.stats().refused).toEqual({ "subscribe-not-allowed": others.length });
	});

	it("is to publish its own state, event and online; anything else ends its connection and reaches nobody", async () => {
		const { broker, url, heard } = await start();
		const victim = await miniConnect(url, B);
		await victim.subscribe([topicOf.grant(FLEET, B)]);
		const foreign = [
			...[topicOf.grant(FLEET, B), topicOf.grant(FLEET, A), topicOf.state(FLEET, B), topicOf.online(FLEET, B)],
			...[
				topicOf.keys(FLEET),
				topicOf.notice(FLEET),
				"$SYS/x/heartbeat",
				`${topicOf.state(FLEET, A)}/`,
				"a".repeat(100),
			],
		];
		for (const topic of foreign) {
			const light = await miniConnect(url, A);
			expect([topic, await light.publish(topic, bytes(3), { retain: true })]).toEqual([topic, false]);
			await light.ended;
		}
		const light = await miniConnect(url, A);
		for (const topic of [topicOf.state(FLEET, A), topicOf.event(FLEET, A), topicOf.online(FLEET, A)])
			expect(await light.publish(topic, bytes(3), { retain: true })).toBe(true);
		await until("its own three", () => heard.length === 3);
		expect(victim.arrived).toEqual([]);
		expect(broker.retained(topicOf.event(FLEET, A))).toBe(null);
		expect(broker.retained(topicOf.state(FLEET, A))).not.toBe(null);
		expect(broker.stats()).toMatchObject({ refused: { "publish-not-allowed": foreign.length }, retained: 2 });
	});

	it("stays within 4 KiB a message, and a packet that announces more is not even read", async () => {
		const { broker, url, heard } = await start();
		const light = await miniConnect(url, A);
		expect(await light.publish(topicOf.state(FLEET, A), bytes(4096))).toBe(true);
		expect(await light.publish(topicOf.state(FLEET, A), bytes(4097))).toBe(false);
		const another = await miniConnect(url, A);
		// PUBLISH, remaining length 268,435,455: the largest that MQTT can say.
		another.raw(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f, 0x00));
		await another.ended;
		expect(heard.map((m) => m.payload.length)).toEqual([4096]);
		expect(broker.stats().refused).toEqual({ "too-large": 2 });
	});

	it("stays within its rate: a burst passes, a flood ends the connection, others are not touched", async () => {
		let now = 0;
		const { broker, url, heard } = await start({ clock: { monoMs: () => now as never } });
		const [light, other] = [await miniConnect(url, A), await miniConnect(url, B)];
		for (let n = 0; n < 100; n++) expect(await light.publish(topicOf.state(FLEET, A), bytes(1))).toBe(true);
		now += 1000;
		for (let n = 0; n < 20; n++) expect(await light.publish(topicOf.state(FLEET, A), bytes(1))).toBe(true);
		for (let n = 0; n < 500; n++) void light.publish(topicOf.state(FLEET, A), bytes(1), { qos: 0 });
		await light.ended;
		expect(await other.publish(topicOf.state(FLEET, B), bytes(1))).toBe(true);
		await until("the other's", () => heard.some((m) => m.publisher === B));
		expect(heard.filter((m) => m.publisher === A)).toHaveLength(120);
		expect(broker.stats().refused).toEqual({ "too-fast": 1 });
	});

	it("has no QoS 2 and no MQTT 5, and noise does no harm", async () => {
		const { broker, url, heard } = await start();
		const light = await miniConnect(url, A);
		expect(await light.publish(topicOf.state(FLEET, A), bytes(1), { qos: 2 })).toBe(false);
		expect((await miniConnect(url, A, { protocolVersion: 5 })).returnCode).not.toBe(0);
		const noise = await miniConnect(url, A);
		noise.raw(Uint8Array.of(0xff, 0x00, 0x13, 0x37));
		await noise.ended;
		const deep = await miniConnect(url, A);
		await deep.subscribe(["a/".repeat(120)]);
		await deep.ended;
		expect(heard).toEqual([]);
		expect((await miniConnect(url, A)).returnCode).toBe(0);
		expect(broker.stats().refused["qos-2"]).toBe(1);
	});
});

describe("the port", () => {
	it("opens after the first messages, so that a light finds them", async () => {
		const { isKnownLight } = { isKnownLight: () => true };
		const clock = { monoMs: () => 0 as never };
		const broker = await openBroker({ fleet: FLEET, isKnownLight, clock, log: silentLog });
		await broker.publish(topicOf.keys(FLEET), bytes(7), true);
		const url = await broker.listen("127.0.0.1", 0);
		const light = await miniConnect(url, A);
		await light.subscribe([topicOf.keys(FLEET)]);
		await until("the keys", () => light.arrived.length === 1);
		expect(light.arrived[0]?.retain).toBe(true);
		await broker.close();
		await light.ended;
		await broker.close();
		await expect(broker.publish(topicOf.keys(FLEET), bytes(7), true)).rejects.toMatchObject({ code: "broker-closed" });
	});

	it("that is taken is named, with the way out", async () => {
		const other = createServer();
		await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
		const address = other.address();
		const port = typeof address === "object" && address !== null ? address.port : 0;
		const { broker } = await start();
		const second = await openBroker({
			fleet: FLEET,
			isKnownLight: () => true,
			clock: { monoMs: () => 0 as never },
			log: silentLog,
		});
		const failure = await second.listen("127.0.0.1", port).catch((e: unknown) => e);
		expect(failure).toMatchObject({ code: "port-taken", message: expect.stringContaining(String(port)) });
		expect(await second.listen("127.0.0.1", 0)).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+$/);
		await second.close();
		await new Promise((resolve) => other.close(resolve));
		expect(broker.stats().connections).toBe(0);
	});

	it("is never open to other machines", async () => {
		const { broker } = await start();
		for (const host of ["0.0.0.0", "::", "192.168.1.5", "example.org"])
			await expect(broker.listen(host, 0)).rejects.toMatchObject({ code: "bind-not-loopback" });
	});
});

describe("the depot's messages", () => {
	it("do not wait for a light that has stopped reading", async () => {
		const { broker, url } = await start({ drainMs: 500 });
		const [frozen, live] = [await miniConnect(url, A), await miniConnect(url, B)];
		await frozen.subscribe([topicOf.job(FLEET, A)]);
		await live.subscribe([topicOf.job(FLEET, B)]);
		frozen.freeze();
		const sent: Promise<void>[] = [];
		for (let n = 0; n < 2000; n++) sent.push(broker.publish(topicOf.job(FLEET, A), bytes(4000), false));
		sent.push(broker.publish(topicOf.job(FLEET, B), bytes(4), false));
		await until("the live one's", () => live.arrived.length === 1, 15_000);
		await until("the frozen one is cut off", () => frozen.isEnded || broker.stats().lights === 1, 15_000);
		await Promise.all(sent);
	});

	it("may come by the thousand in one turn, to topics that nobody listens to", async () => {
		const { broker, url } = await start();
		const light = await miniConnect(url, A);
		await light.subscribe([topicOf.grant(FLEET, A)]);
		const sent = Array.from({ length: 20_000 }, (_, n) =>
			broker.publish(topicOf.grant(FLEET, lightId(n)), bytes(9), true),
		);
		await Promise.all(sent);
		await until("its own", () => light.arrived.length === 1);
		expect(broker.stats()).toMatchObject({ retained: 20_000, fromDepot: 20_000 });
	});

	it("beyond the retained cap are handed over but not kept, and counted", async () => {
		const { broker, url } = await start({ maxRetained: 2 });
		const light = await miniConnect(url, A);
		await light.subscribe([topicOf.grant(FLEET, A)]);
		await broker.publish(topicOf.keys(FLEET), bytes(1), true);
		await broker.publish(topicOf.notice(FLEET), bytes(1), true);
		await broker.publish(topicOf.keys(FLEET), bytes(2), true);
		await broker.publish(topicOf.grant(FLEET, A), bytes(3), true);
		await until("the grant", () => light.arrived.length === 1);
		expect(broker.retained(topicOf.keys(FLEET))?.length).toBe(2);
		expect(broker.retained(topicOf.grant(FLEET, A))).toBe(null);
		expect(broker.stats().refused).toEqual({ "retained-full": 1 });
	});
});
