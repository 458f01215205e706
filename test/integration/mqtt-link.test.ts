import { describe, expect, it } from "vitest";
import { MqttLink } from "../../device/drivers/mqtt-link.ts";
import { NodeClock, NodeRandom } from "../../device/drivers/node-clock.ts";
import type { Timers } from "../../protocol/ports/clock.ts";
import type { LinkMessage } from "../../protocol/ports/link.ts";
import { linkSuite } from "../conformance/link-suite.ts";
import { startBroker, until } from "../support/broker.ts";
import { silentLog } from "../support/silent-log.ts";

const clock = new NodeClock();

const linkTo = (broker: string, clientId: string, will: LinkMessage | null = null): MqttLink =>
	new MqttLink({ broker, clientId, will, clock, timers: clock, random: new NodeRandom(), log: silentLog });

linkSuite("MQTT over a socket", async () => {
	const broker = await startBroker();
	const light = linkTo(broker.url, "PDS00000001H");
	const depot = linkTo(broker.url, "depot");
	return {
		light,
		depot,
		until,
		cut: () => broker.cut("PDS00000001H"),
		end: async () => {
			await Promise.all([light.close(), depot.close()]);
			await broker.end();
		},
	};
});

describe("the MQTT link", () => {
	it("says up with the retained keys, notice and grant in that order, however the broker sends them", async () => {
		const broker = await startBroker();
		const depot = linkTo(broker.url, "depot");
		let up = false;
		depot.open([], { up: () => (up = true), down: () => undefined, message: () => undefined });
		await until("the depot is up", () => up);
		for (const topic of ["f/grant", "f/notice", "f/keys"]) {
			depot.publish({ topic, payload: Uint8Array.of(1), retain: true });
		}
		const heard: string[] = [];
		for (let round = 1; round <= 5; round++) {
			const light = linkTo(broker.url, `light${round}`);
			light.open(["f/keys", "f/notice", "f/grant"], {
				up: (kept) => heard.push(kept.map((message) => message.topic).join(" ")),
				down: () => undefined,
				message: (message) => heard.push(message.topic),
			});
			await until("up", () => heard.length === round);
			expect(heard.at(-1)).toBe("f/keys f/notice f/grant");
			await light.close();
		}
		await depot.close();
		await broker.end();
	});

	it("tells nothing of a connection that broke before what was kept had come, and takes nothing for it", async () => {
		const broker = await startBroker();
		const holds: { run: () => void; cancelled: boolean }[] = [];
		const timers: Timers = {
			after: (name, delay, run) => {
				if (name !== "retained-order") return clock.after(name, delay, run);
				const hold = { run, cancelled: false };
				holds.push(hold);
				return { cancel: () => (hold.cancelled = true) };
			},
		};
		const heard: string[] = [];
		const random = new NodeRandom();
		const light = new MqttLink({
			broker: broker.url,
			clientId: "light",
			will: null,
			clock,
			timers,
			random,
			log: silentLog,
		});
		light.open(["f/keys"], {
			up: () => heard.push("up"),
			down: () => heard.push("down"),
			message: () => heard.push("message"),
		});
		await until("the hold", () => holds.length === 1);
		expect(light.publish({ topic: "l/state", payload: Uint8Array.of(1), retain: true })).toBe(false);
		broker.cut("light");
		await until("the next hold", () => holds.length === 2);
		expect([holds[0]?.cancelled, heard, light.counts()]).toEqual([true, [], { connects: 0, dropped: 1 }]);
		holds[1]?.run();
		expect([heard, light.counts().connects]).toEqual([["up"], 1]);
		expect(light.publish({ topic: "l/state", payload: Uint8Array.of(1), retain: true })).toBe(true);
		await light.close();
		await broker.end();
	});

	it("lets the broker tell of its death, and hands over what it was given before a close", async () => {
		const broker = await startBroker();
		const heard: string[] = [];
		const depot = linkTo(broker.url, "depot");
		let ups = 0;
		const up = () => {
			ups += 1;
		};
		const events = { up, down: () => undefined };
		depot.open(["l/online"], { ...events, message: (m) => heard.push(String.fromCharCode(...m.payload)) });
		const will = { topic: "l/online", payload: Uint8Array.from([100]), retain: true };
		const light = linkTo(broker.url, "light", will);
		light.open([], { ...events, message: () => undefined });
		await until("both up", () => ups === 2);
		broker.cut("light");
		await until("the will", () => heard.includes("d"));
		await until("up again", () => ups === 3);
		for (const letter of "abc")
			light.publish({ topic: "l/online", payload: Uint8Array.of(letter.charCodeAt(0)), retain: false });
		await light.close();
		await until("all that was handed over", () => heard.includes("c"));
		expect(heard.filter((letter) => letter !== "d")).toEqual(["a", "b", "c"]);
		expect(heard.filter((letter) => letter === "d")).toHaveLength(1);
		await depot.close();
		await broker.end();
	});

	it("drops what does not fit its queue, counts it, and keeps the newest retained message of a topic", async () => {
		const broker = await startBroker();
		const heard: LinkMessage[] = [];
		const depot = linkTo(broker.url, "depot");
		let ups = 0;
		const events = {
			up: () => {
				ups += 1;
			},
			down: () => undefined,
		};
		depot.open(["l/state", "l/event"], { ...events, message: (m) => heard.push(m) });
		const light = linkTo(broker.url, "light");
		light.open([], { ...events, message: () => undefined });
		await until("both up", () => ups === 2);
		const taken = Array.from({ length: 40 }, (_, n) =>
			light.publish({ topic: "l/event", payload: Uint8Array.of(n), retain: false }),
		).filter(Boolean).length;
		expect(taken).toBe(20);
		expect(light.counts().dropped).toBe(20);
		await until("all that was taken", () => heard.length === 20);
		for (let n = 1; n <= 60; n++)
			expect(light.publish({ topic: "l/state", payload: Uint8Array.of(n), retain: true })).toBe(true);
		await until("the newest state", () => heard.at(-1)?.payload[0] === 60);
		expect(heard.filter((m) => m.topic === "l/state").length).toBeLessThan(60);
		await light.close();
		await depot.close();
		await broker.end();
	});

	it("keeps trying while there is no broker, and comes up when there is one", async () => {
		const gone = await startBroker();
		await gone.end();
		const light = linkTo(gone.url, "light");
		let up = false;
		light.open([], { up: () => (up = true), down: () => undefined, message: () => undefined });
		const back = await startBroker(Number(new URL(gone.url).port));
		await until("up", () => up);
		await light.close();
		await back.end();
	});
});
