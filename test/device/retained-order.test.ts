import { describe, expect, it } from "vitest";
import { RetainedOrder } from "../../device/drivers/retained-order.ts";
import type { LinkMessage } from "../../protocol/ports/link.ts";
import { SimClock } from "../../simulator/clock/sim-clock.ts";
import { handTimers } from "../support/hand-timers.ts";

function order(subscriptions: readonly string[] = ["keys", "notice", "grant"]) {
	const hand = handTimers();
	const heard: string[] = [];
	const name = ({ topic, payload }: LinkMessage) => `${topic}${payload[0]}`;
	const retained = new RetainedOrder(subscriptions, hand.timers, {
		up: (kept) => heard.push(["up", ...kept.map(name)].join(" ")),
		message: (message) => heard.push(name(message)),
	});
	const take = (topic: string, n = 1) => retained.take({ topic, payload: Uint8Array.of(n), retain: true });
	return { retained, take, heard, ...hand };
}

describe("what a broker sends right after a connect", () => {
	it("is told with up, in one go, as keys, notice, grant, those of one topic in the order they came", () => {
		const { retained, take, heard, fire } = order();
		retained.begin();
		take("grant", 1);
		retained.subscribed();
		take("notice");
		take("grant", 2);
		take("keys");
		expect(heard).toEqual([]);
		fire();
		expect(heard).toEqual(["up keys1 notice1 grant1 grant2"]);
		take("keys", 2);
		expect(heard.slice(1)).toEqual(["keys2"]);
	});

	it("is waited for also where nothing was kept, but not where nothing can be", () => {
		const { retained, heard, fire } = order();
		retained.begin();
		retained.subscribed();
		expect(heard).toEqual([]);
		fire();
		expect(heard).toEqual(["up"]);
		const none = order([]);
		none.retained.begin();
		none.retained.subscribed();
		expect([none.heard, none.waiting()]).toEqual([["up"], 0]);
	});

	it("is waited for from one message to the next, longest for the first", () => {
		const clock = new SimClock();
		const heard: string[] = [];
		const retained = new RetainedOrder(["keys", "grant"], clock, {
			up: (kept) => heard.push(`up at ${clock.now() - from} with ${kept.map(({ topic }) => topic).join(" ")}`),
			message: ({ topic }) => heard.push(topic),
		});
		const take = (topic: string) => retained.take({ topic, payload: Uint8Array.of(1), retain: true });
		const from = clock.now();
		retained.begin();
		retained.subscribed();
		clock.after("a slow broker", 200, () => take("grant"));
		clock.after("its next", 240, () => take("keys"));
		clock.runUntil(1_000);
		expect(heard).toEqual(["up at 290 with keys grant"]);
	});

	it("is not held for long, nor when it is much, and what comes later goes straight on", () => {
		const { retained, take, heard, fire, waiting } = order();
		retained.begin();
		retained.subscribed();
		for (let n = 0; n < 16; n++) take("grant", n);
		expect(heard[0]?.split(" ")).toHaveLength(1 + 16);
		expect(waiting()).toBe(0);
		take("keys");
		expect(heard.at(-1)).toBe("keys1");
		fire();
		expect(heard).toHaveLength(2);
	});

	it("is told once, however much of it comes before the broker's answer to the subscription", () => {
		const { retained, take, heard, fire } = order();
		retained.begin();
		for (let n = 0; n < 17; n++) take("grant", n);
		retained.subscribed();
		fire();
		expect(heard.map((line) => line.split(" ")[0])).toEqual(["up", "grant16"]);
	});

	it("is forgotten with its connection", () => {
		const { retained, take, heard, fire } = order();
		retained.begin();
		take("grant");
		retained.subscribed();
		retained.discard();
		fire();
		expect(heard).toEqual([]);
	});
});
