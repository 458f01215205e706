import { describe, expect, it } from "vitest";
import { RetainedOrder } from "../../device/drivers/retained-order.ts";
import { handTimers } from "../support/hand-timers.ts";

function order() {
	const hand = handTimers();
	const heard: string[] = [];
	const retained = new RetainedOrder(["keys", "notice", "grant"], hand.timers, ({ topic, payload }) =>
		heard.push(`${topic}${payload[0]}`),
	);
	const take = (topic: string, n = 1) => retained.take({ topic, payload: Uint8Array.of(n), retain: true });
	return { retained, take, heard, ...hand };
}

describe("what a broker sends right after a connect", () => {
	it("is handed on as keys, notice, grant, those of one topic in the order they came", () => {
		const { retained, take, heard, fire } = order();
		retained.begin();
		take("grant", 1);
		retained.subscribed();
		take("notice");
		take("grant", 2);
		take("keys");
		expect(heard).toEqual([]);
		fire();
		expect(heard).toEqual(["keys1", "notice1", "grant1", "grant2"]);
	});

	it("is not held for long, nor when it is much, and what comes later goes straight on", () => {
		const { retained, take, heard, fire, waiting } = order();
		retained.begin();
		retained.subscribed();
		for (let n = 0; n < 16; n++) take("grant", n);
		expect(heard).toHaveLength(16);
		expect(waiting()).toBe(0);
		take("keys");
		expect(heard.at(-1)).toBe("keys1");
		fire();
		expect(heard).toHaveLength(17);
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
