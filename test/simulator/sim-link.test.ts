import { describe, expect, it } from "vitest";
import type { LinkMessage } from "../../protocol/ports/link.ts";
import { SimClock } from "../../simulator/clock/sim-clock.ts";
import { HONEST, MAX_HOARD, SimBroker } from "../../simulator/link/sim-broker.ts";
import { SimLink } from "../../simulator/link/sim-link.ts";
import { covers } from "../../simulator/link/topic-filter.ts";
import { Prng } from "../../simulator/random/prng.ts";

function make(seed = 1) {
	const clock = new SimClock();
	const broker = new SimBroker(clock, new Prng(seed));
	const log: string[] = [];
	const link = (id: string, ...filters: string[]) => {
		const made = new SimLink(clock, broker, new Prng(seed).split(id), id);
		made.open(filters, {
			up: () => log.push(`${id} up`),
			down: (reason) => log.push(`${id} down ${reason}`),
			message: (m) => log.push(`${id} ${m.topic} ${m.payload[0]}${m.retain ? " retained" : ""}`),
		});
		return made;
	};
	const message = (topic: string, value: number, retain = false): LinkMessage => ({
		topic,
		payload: Uint8Array.of(value),
		retain,
	});
	return { clock, broker, log, link, message };
}

describe("the simulated broker and link", () => {
	it("delivers to those who subscribed, keeps the newest retained message, and marks it so", () => {
		const { clock, log, link, message } = make();
		const a = link("a", "x/+/y");
		clock.runUntil(5000);
		expect(a.publish(message("x/1/y", 1, true))).toBe(true);
		a.publish(message("x/1/y", 2, true));
		a.publish(message("other", 3));
		clock.runUntil(10_000);
		link("b", "x/1/y");
		clock.runUntil(20_000);
		expect(log).toEqual(["a up", "a x/1/y 1", "a x/1/y 2", "b up", "b x/1/y 2 retained"]);
	});

	it("says no while the link is down, and comes back by itself after a partition", () => {
		const { clock, broker, log, link, message } = make();
		const a = link("a", "t");
		expect(a.publish(message("t", 1))).toBe(false);
		clock.runUntil(5000);
		broker.partition("a");
		expect(a.publish(message("t", 1))).toBe(false);
		clock.runUntil(60_000);
		broker.heal("a");
		clock.runUntil(70_000);
		expect([log, a.dropped, a.isUp()]).toEqual([["a up", "a down partition", "a up"], 2, true]);
	});

	it("keeps the order of a connection unless it is told to reorder", () => {
		const order = (reorder: boolean): string => {
			const { clock, broker, log, link, message } = make(5);
			const a = link("a", "t");
			clock.runUntil(5000);
			broker.faults = { ...HONEST, reorder, delayMeanMs: 500 };
			for (let i = 0; i < 20; i++) a.publish(message("t", i));
			clock.runUntil(60_000);
			return log.slice(1).join();
		};
		const sorted = Array.from({ length: 20 }, (_, i) => `a t ${i}`).join();
		expect(order(false)).toBe(sorted);
		expect(order(true)).not.toBe(sorted);
		expect(order(true).split(",").sort()).toEqual(sorted.split(",").sort());
	});

	it("loses and repeats as often as it is told to", () => {
		const { clock, broker, log, link, message } = make();
		const a = link("a", "t");
		clock.runUntil(5000);
		broker.faults = { ...HONEST, loss: 0.5, duplicate: 0.5 };
		for (let i = 0; i < 200; i++) a.publish(message("t", i % 250));
		clock.runUntil(60_000);
		expect(broker.counts.lost).toBeGreaterThan(60);
		expect(broker.counts.duplicated).toBeGreaterThan(20);
		expect(log.length - 1).toBe(200 - broker.counts.lost + broker.counts.duplicated);
	});

	it("withholds into a bounded hoard, and hands on what it is given, to whom it likes", () => {
		const { clock, broker, log, link, message } = make();
		const a = link("a", "t");
		clock.runUntil(5000);
		broker.withhold = (to) => to === "a";
		for (let i = 0; i < MAX_HOARD + 10; i++) a.publish(message("t", 1));
		expect([broker.takeHoard().length, broker.counts.hoardDropped]).toEqual([MAX_HOARD, 10]);
		broker.inject("a", message("t", 9));
		clock.runUntil(10_000);
		expect(log).toEqual(["a up", "a t 9"]);
	});

	it("tells everybody that it went down, and forgets retained messages only if it lived in that process", () => {
		for (const keep of [false, true]) {
			const { clock, broker, log, link, message } = make();
			const a = link("a", "t");
			clock.runUntil(5000);
			a.publish(message("t", 7, true));
			clock.runUntil(6000);
			broker.stop(keep);
			expect(a.isUp()).toBe(false);
			clock.runUntil(9000);
			broker.start();
			clock.runUntil(20_000);
			expect(log.includes("a t 7 retained")).toBe(keep);
		}
	});

	it("knows the wildcards of MQTT", () => {
		expect(covers("a/+/c", "a/b/c")).toBe(true);
		expect(covers("a/+/c", "a/b/d/c")).toBe(false);
		expect(covers("a/#", "a/b/d/c")).toBe(true);
		expect(covers("a/+", "a")).toBe(false);
		expect(covers("+", "a")).toBe(true);
	});
});
