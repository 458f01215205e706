import { describe, expect, it } from "vitest";
import { topicOf } from "../../protocol/wire/topics.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { FLEET, lightId } from "../support/depot-records.ts";

/** One message as it came. */
export interface Came {
	readonly topic: string;
	readonly payload: Uint8Array;
}

/** A light's connection to the broker. */
export interface BrokerClient {
	readonly received: readonly Came[];
	publish(topic: string, payload: Uint8Array, retain: boolean): void;
	/** Ends it as one should. */
	close(): Promise<void>;
	/** Ends it as a network does. */
	cut(): void;
	/** Whether the broker, or anyone, has ended it. */
	isDown(): boolean;
}

/** A broker with the depot attached, in real or virtual time. */
export interface BrokerBench {
	/** Connects as this light and subscribes to exactly these topics. */
	connect(light: LightId, topics: readonly string[]): Promise<BrokerClient>;
	readonly depot: {
		/** `publisher`: the light whose connection it came over, null where the broker does not tell. */
		readonly received: readonly (Came & { readonly publisher: string | null })[];
		publish(topic: string, payload: Uint8Array, retain: boolean): void;
	};
	/** Lets time pass until `done` says so; throws with `what` when it never does. */
	until(what: string, done: () => boolean): Promise<void>;
	close(): Promise<void>;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const [A, B] = [lightId(1), lightId(2)];
const grantOf = (light: LightId) => topicOf.grant(FLEET, light);
const stateOf = (light: LightId) => topicOf.state(FLEET, light);
const values = (messages: readonly Came[], topic: string) =>
	messages.filter((m) => m.topic === topic).map((m) => m.payload[0]);

async function onBench(make: () => Promise<BrokerBench>, use: (bench: BrokerBench) => Promise<void>): Promise<void> {
	const bench = await make();
	try {
		await use(bench);
	} finally {
		await bench.close();
	}
}

/** What the depot and the lights rest on, whatever broker is between them. */
export function brokerSuite(name: string, make: () => Promise<BrokerBench>): void {
	describe(`${name} as a broker`, () => {
		retainedMessages(make);
		delivery(make);
	});
}

function retainedMessages(make: () => Promise<BrokerBench>): void {
	it("gives a light that comes later the newest retained message of each of its topics", () =>
		onBench(make, async ({ connect, depot, until }) => {
			depot.publish(topicOf.keys(FLEET), bytes(9), true);
			for (const n of [1, 2, 3]) depot.publish(grantOf(A), bytes(n), true);
			depot.publish(grantOf(B), bytes(7), true);
			const light = await connect(A, [topicOf.keys(FLEET), topicOf.notice(FLEET), grantOf(A)]);
			await until("both retained ones", () => light.received.length >= 2);
			expect(values(light.received, grantOf(A))).toEqual([3]);
			expect(values(light.received, topicOf.keys(FLEET))).toEqual([9]);
			expect(values(light.received, grantOf(B))).toEqual([]);
		}));

	it("keeps nothing of a message that is not to be retained, or was cleared by an empty one", () =>
		onBench(make, async ({ connect, depot, until }) => {
			depot.publish(topicOf.job(FLEET, A), bytes(1), false);
			depot.publish(topicOf.notice(FLEET), bytes(2), true);
			depot.publish(topicOf.notice(FLEET), bytes(), true);
			depot.publish(grantOf(A), bytes(3), true);
			const light = await connect(A, [topicOf.job(FLEET, A), topicOf.notice(FLEET), grantOf(A)]);
			await until("the grant", () => light.received.length > 0);
			expect(light.received.map((m) => m.topic)).toEqual([grantOf(A)]);
		}));

	it("gives it again at each connection: at least once, however often a connection broke", () =>
		onBench(make, async ({ connect, depot, until }) => {
			depot.publish(grantOf(A), bytes(5), true);
			for (let round = 0; round < 3; round++) {
				const light = await connect(A, [grantOf(A)]);
				if (round > 0) await until(`the grant in round ${round}`, () => light.received.length > 0);
				light.cut();
				await until("the connection is gone", () => light.isDown());
			}
			depot.publish(grantOf(A), bytes(6), true);
			const light = await connect(A, [grantOf(A)]);
			await until("the grant made meanwhile", () => light.received.length > 0);
			expect(values(light.received, grantOf(A))).toEqual([6]);
		}));
}

function delivery(make: () => Promise<BrokerBench>): void {
	it("hands the depot's messages of a topic over in order, and to nobody else", () =>
		onBench(make, async ({ connect, depot, until }) => {
			const [a, b] = [await connect(A, [grantOf(A)]), await connect(B, [grantOf(B)])];
			const sent = Array.from({ length: 50 }, (_, n) => n);
			for (const n of sent) depot.publish(grantOf(A), bytes(n), n % 2 === 0);
			depot.publish(grantOf(B), bytes(99), false);
			await until("all of them", () => a.received.length >= 50 && b.received.length >= 1);
			expect(values(a.received, grantOf(A))).toEqual(sent);
			expect(b.received.map((m) => m.payload[0])).toEqual([99]);
		}));

	it("lets the depot hear what lights publish, unchanged, in order, and from whom", () =>
		onBench(make, async ({ connect, depot, until }) => {
			const [a, b] = [await connect(A, []), await connect(B, [])];
			const payload = Uint8Array.from({ length: 600 }, (_, n) => n & 0xff);
			a.publish(stateOf(A), payload, true);
			a.publish(topicOf.event(FLEET, A), bytes(1), false);
			a.publish(stateOf(A), bytes(2), true);
			b.publish(stateOf(B), bytes(3), true);
			await until("all four", () => depot.received.length >= 4);
			const from = (light: LightId) => depot.received.filter((m) => m.topic.includes(light));
			const ofA = from(A);
			expect(ofA.map((m) => m.topic)).toEqual([stateOf(A), topicOf.event(FLEET, A), stateOf(A)]);
			expect(ofA.map((m) => m.payload)).toEqual([payload, bytes(1), bytes(2)]);
			expect(from(B).map((m) => m.payload)).toEqual([bytes(3)]);
			for (const light of [A, B]) for (const { publisher } of from(light)) expect([light, null]).toContain(publisher);
		}));

	it("lets the newest connection of a light live, and ends the one before", () =>
		onBench(make, async ({ connect, depot, until }) => {
			const first = await connect(A, [grantOf(A)]);
			const second = await connect(A, [grantOf(A)]);
			await until("the first is down", () => first.isDown());
			depot.publish(grantOf(A), bytes(8), false);
			await until("the second hears", () => second.received.length > 0);
			expect(second.isDown()).toBe(false);
			expect(first.received).toEqual([]);
		}));

	it("loses no newest grant in a crowd: all lights at once, while the depot publishes", () =>
		onBench(make, async ({ connect, depot, until }) => {
			const lights = Array.from({ length: 60 }, (_, n) => lightId(100 + n));
			for (const light of lights) depot.publish(grantOf(light), bytes(1), true);
			const clients = lights.map((light) => connect(light, [grantOf(light)]));
			for (const light of lights) depot.publish(grantOf(light), bytes(2), true);
			for (const [n, connecting] of clients.entries()) {
				const client = await connecting;
				await until(`the newest grant of light ${n}`, () => client.received.at(-1)?.payload[0] === 2);
			}
		}));
}
