import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Link, LinkMessage } from "../../protocol/ports/link.ts";

/** What a link has told its owner. */
export interface Heard {
	/** Those told with `up` too. */
	readonly messages: LinkMessage[];
	/** Messages told while the link was not up. */
	early: number;
	ups: number;
	downs: number;
}

/** Two links on one broker, and a way to let time pass: virtual for a simulated link, real for a real one. */
export interface LinkPair {
	readonly light: Link;
	readonly depot: Link;
	/** Lets time pass until `done` says so; throws with `what` when it never does. */
	until(what: string, done: () => boolean): Promise<void>;
	/** Breaks the light's connection without the light's doing. */
	cut(): void;
	/** Ends both links and the broker. */
	end(): Promise<void>;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function listen(link: Link, subscriptions: readonly string[]): Heard {
	const heard: Heard = { messages: [], early: 0, ups: 0, downs: 0 };
	const note = (message: LinkMessage) => heard.messages.push({ ...message, payload: message.payload.slice() });
	link.open(subscriptions, {
		up: (kept) => {
			heard.ups += 1;
			kept.forEach(note);
		},
		down: () => {
			heard.downs += 1;
		},
		message: (message) => {
			if (heard.ups === heard.downs) heard.early += 1;
			note(message);
		},
	});
	return heard;
}

/** What every link owes its owner, whatever it is made of. */
export function linkSuite(name: string, makePair: () => Promise<LinkPair>): void {
	describe(`${name} as a link`, () => {
		let pair: LinkPair;
		beforeEach(async () => {
			pair = await makePair();
		});
		afterEach(() => pair.end());

		const both = async (topics: readonly string[]) => {
			const light = listen(pair.light, topics);
			const depot = listen(pair.depot, ["a/state"]);
			await pair.until("both links are up", () => light.ups === 1 && depot.ups === 1);
			return { light, depot };
		};

		it("takes nothing while it is down and says so", () => {
			expect(pair.light.publish({ topic: "a/state", payload: bytes(1), retain: false })).toBe(false);
		});

		it("hands a message over to whoever subscribed, in order and unchanged", async () => {
			const { depot } = await both(["a/grant"]);
			for (const n of [1, 2, 3]) {
				expect(pair.light.publish({ topic: "a/state", payload: bytes(n, 0, 255), retain: false })).toBe(true);
			}
			await pair.until("three messages", () => depot.messages.length >= 3);
			expect(depot.messages.map((m) => [m.topic, ...m.payload])).toEqual([
				["a/state", 1, 0, 255],
				["a/state", 2, 0, 255],
				["a/state", 3, 0, 255],
			]);
		});

		it("copies what it is given: the owner may use its bytes again at once", async () => {
			const { depot } = await both(["a/grant"]);
			const payload = bytes(0);
			// More than go out at once, so that some of them wait.
			for (let n = 1; n <= 8; n++) {
				payload.fill(n);
				expect(pair.light.publish({ topic: "a/state", payload, retain: false })).toBe(true);
			}
			payload.fill(0);
			await pair.until("the messages", () => depot.messages.length >= 8);
			expect(depot.messages.map((m) => m.payload[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
		});

		it("hears only what it subscribed to", async () => {
			const { light } = await both(["a/grant"]);
			pair.depot.publish({ topic: "b/grant", payload: bytes(1), retain: false });
			pair.depot.publish({ topic: "a/grant", payload: bytes(2), retain: false });
			await pair.until("its message", () => light.messages.length >= 1);
			expect(light.messages.map((m) => m.topic)).toEqual(["a/grant"]);
		});

		it("hears the newest retained message of each topic at its connect, none before it is up", async () => {
			const depot = listen(pair.depot, []);
			await pair.until("the depot is up", () => depot.ups === 1);
			for (const n of [1, 2]) pair.depot.publish({ topic: "a/grant", payload: bytes(n), retain: true });
			pair.depot.publish({ topic: "a/keys", payload: bytes(3), retain: true });
			const light = listen(pair.light, ["a/keys", "a/grant"]);
			const newest = () => light.messages.some((m) => m.topic === "a/grant" && m.payload[0] === 2);
			await pair.until("both topics", () => newest() && light.messages.some((m) => m.topic === "a/keys"));
			expect(light.messages.at(-1)?.payload).toEqual(bytes(2));
			expect([light.ups, light.early]).toEqual([1, 0]);
		});

		it("says down, comes back by itself and subscribes again after its connection broke", async () => {
			const { light } = await both(["a/grant"]);
			pair.cut();
			await pair.until("down", () => light.downs === 1);
			await pair.until("up again", () => light.ups === 2);
			pair.depot.publish({ topic: "a/grant", payload: bytes(7), retain: false });
			await pair.until("the message", () => light.messages.length >= 1);
			expect(light.messages[0]?.payload).toEqual(bytes(7));
		});

		it("is silent after close, and takes nothing", async () => {
			const { light } = await both(["a/grant"]);
			await pair.light.close();
			expect(pair.light.publish({ topic: "a/state", payload: bytes(1), retain: false })).toBe(false);
			const before = { ...light, messages: light.messages.length };
			pair.depot.publish({ topic: "a/grant", payload: bytes(7), retain: true });
			const probe = listen(pair.light, ["a/grant"]);
			await pair.until("a new opening hears it", () => probe.messages.length >= 1);
			expect({ ...light, messages: light.messages.length }).toEqual(before);
		});
	});
}
