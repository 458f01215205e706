import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { enrolRecord } from "../../device/core/enrol.ts";
import { FileMemory } from "../../device/drivers/file-memory.ts";
import { MemoryLamp } from "../../device/drivers/memory-lamp.ts";
import { MqttLink } from "../../device/drivers/mqtt-link.ts";
import { NodeClock, NodeRandom } from "../../device/drivers/node-clock.ts";
import { LightRuntime } from "../../device/drivers/runtime.ts";
import type { Link } from "../../protocol/ports/link.ts";
import { type Online, parseOnline } from "../../protocol/schema/online.ts";
import type { LightEvent, LightReport } from "../../protocol/wire/messages.ts";
import { unseal } from "../../protocol/wire/seal.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import { seconds } from "../../protocol/wire/units.ts";
import { startBroker, type TestBroker, until } from "../support/broker.ts";
import {
	crypto,
	DEPOT,
	FLEET,
	grantMessage,
	keysMessage,
	LIGHT,
	LIGHT_KEY,
	noticeMessage,
	ROOT,
} from "../support/light-bench.ts";
import { silentLog } from "../support/silent-log.ts";

const clock = new NodeClock();
const random = new NodeRandom();
const identity = { fleet: FLEET, light: LIGHT, rootKey: ROOT.publicKey };

/** What a depot hears of one light, verified. */
interface Heard {
	readonly states: LightReport[];
	readonly events: LightEvent[];
	readonly online: Online[];
}

describe("a light on a real broker with a real folder", () => {
	let folder: string;
	let broker: TestBroker;
	let depot: MqttLink;
	let heard: Heard;
	const running = new Set<LightRuntime>();

	const link = (clientId: string, will: Parameters<Link["publish"]>[0] | null = null) =>
		new MqttLink({ broker: broker.url, clientId, will, clock, timers: clock, random, log: silentLog });

	async function startLight(): Promise<{ runtime: LightRuntime; lamp: MemoryLamp }> {
		const memory = new FileMemory(folder);
		await memory.open();
		const lamp = new MemoryLamp();
		const runtime = new LightRuntime({
			identity,
			env: { crypto, signer: LIGHT_KEY, random, reportS: seconds(600), firmware: "test" },
			memory,
			lamp,
			clock,
			timers: clock,
			log: silentLog,
			link: (will) => link(LIGHT, will),
		});
		running.add(runtime);
		await runtime.start();
		return { runtime, lamp };
	}

	const stop = async (runtime: LightRuntime) => {
		running.delete(runtime);
		await runtime.stop();
	};

	const sendGrant = (parts: Parameters<typeof grantMessage>[0]) =>
		depot.publish({ topic: topicOf.grant(FLEET, LIGHT), payload: grantMessage(parts), retain: true });

	const newestAsk = (session: number) => heard.states.findLast((s) => s.session === session)?.ask ?? null;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), "liangxing-light-"));
		broker = await startBroker();
		const record = enrolRecord(identity, keysMessage(1, [DEPOT]), { crypto });
		const memory = new FileMemory(folder);
		await memory.open();
		await memory.write(0, record);
		await memory.write(1, record);
		await memory.close();
		heard = { states: [], events: [], online: [] };
		depot = link("depot");
		let up = false;
		depot.open([topicOf.state(FLEET, LIGHT), topicOf.event(FLEET, LIGHT), topicOf.online(FLEET, LIGHT)], {
			up: () => (up = true),
			down: () => undefined,
			message: ({ topic, payload }) => {
				const state = unseal("state", payload, [LIGHT_KEY.publicKey], crypto);
				const event = unseal("event", payload, [LIGHT_KEY.publicKey], crypto);
				const online = topic === topicOf.online(FLEET, LIGHT) ? parseOnline(payload) : null;
				if (state.ok) heard.states.push(state.message);
				if (event.ok) heard.events.push(event.message);
				if (online !== null) heard.online.push(online);
			},
		});
		await until("the depot is up", () => up);
	});

	afterEach(async () => {
		await Promise.all([...running].map(stop));
		await depot.close();
		await broker.end();
		await rm(folder, { recursive: true, force: true });
	});

	it("lights the star of a grant for its ask within one round trip, and goes dark when it is stopped", async () => {
		const { runtime, lamp } = await startLight();
		await until("its first state", () => heard.states.length > 0);
		expect(heard.online).toEqual([{ online: true, session: 1 }]);
		sendGrant({ stars: 4, ask: newestAsk(1) });
		await until("the star on the glass", () => lamp.glass().filter(Boolean).length === 4);
		await until("its answer", () => heard.states.at(-1)?.shown === 4);
		expect(runtime.face()).toEqual({ pattern: "stars", stars: 4 });
		expect(heard.states.at(-1)).toMatchObject({ epoch: 1, seq: 1, pattern: "stars", session: 1 });
		await stop(runtime);
		expect(lamp.glass()).toEqual([false, false, false, false, false]);
		await until("the good-bye", () => heard.online.at(-1)?.online === false);
		expect(heard.online.at(-1)).toEqual({ online: false, session: 1 });
	});

	it("stays dark after a restart, though the broker still retains its grant, until a grant for a new ask comes", async () => {
		const first = await startLight();
		await until("its first state", () => newestAsk(1) !== null);
		sendGrant({ stars: 5, ask: newestAsk(1) });
		await until("five stars", () => heard.states.at(-1)?.shown === 5);
		await stop(first.runtime);
		const shown: number[] = [];
		const second = await startLight();
		await until("a state of the second session", () => newestAsk(2) !== null);
		// Its first state comes after the retained grant, and answers that too.
		shown.push(...heard.states.filter((s) => s.session === 2).map((s) => s.shown));
		expect(shown).toEqual([0]);
		expect(second.lamp.face().stars).toBe(0);
		sendGrant({ stars: 3, seq: 2, ask: newestAsk(2) });
		await until("three stars", () => second.lamp.face().stars === 3);
	});

	it("starts from either copy alone, and refuses to start from none", async () => {
		const first = await startLight();
		await until("its first state", () => newestAsk(1) !== null);
		await stop(first.runtime);
		await writeFile(join(folder, "record.0"), "worn out");
		const second = await startLight();
		await until("a state of the second session", () => newestAsk(2) !== null);
		await stop(second.runtime);
		await rm(join(folder, "record.1"));
		const third = await startLight();
		await until("a state of the third session", () => newestAsk(3) !== null);
		await stop(third.runtime);
		await writeFile(join(folder, "record.0"), "worn out");
		await rm(join(folder, "record.1"));
		await expect(startLight()).rejects.toMatchObject({ code: "identity-lost" });
	});

	it("goes dark and says why when a lamp breaks or its memory can no longer be written", async () => {
		const { lamp } = await startLight();
		await until("its first state", () => newestAsk(1) !== null);
		sendGrant({ stars: 2, ask: newestAsk(1) });
		await until("two stars", () => lamp.face().stars === 2);
		lamp.setLamp(1, "open");
		expect(lamp.face()).toEqual({ pattern: "fault", stars: 0 });
		await until("the event", () => heard.events.some((e) => e.what === "lamp-fault"));
		lamp.setLamp(1, "ok");
		expect(lamp.face().stars).toBe(2);
		await rm(folder, { recursive: true, force: true });
		await until("a fresh ask", () => heard.states.at(-1)?.shown === 2);
		sendGrant({ stars: 5, seq: 2, ask: newestAsk(1) });
		await until("dark", () => lamp.face().pattern === "fault");
		await until("the event", () => heard.events.some((e) => e.what === "record-not-written"));
	});

	it("comes back after its connection broke with one state for the depot, its star still lit", async () => {
		const { lamp } = await startLight();
		depot.publish({ topic: topicOf.keys(FLEET), payload: keysMessage(1, [DEPOT]), retain: true });
		depot.publish({ topic: topicOf.notice(FLEET), payload: noticeMessage(1), retain: true });
		await until("its answer to the notice", () => heard.states.at(-1)?.noticeEpoch === 1);
		sendGrant({ stars: 2, ask: newestAsk(1) });
		await until("two stars", () => heard.states.at(-1)?.shown === 2);
		const before = heard.states.length;
		broker.cut(LIGHT);
		await until("the last will", () => heard.online.at(-1)?.online === false);
		expect(lamp.face().stars).toBe(2);
		await until("a new state", () => heard.states.length > before && heard.online.at(-1)?.online === true);
		expect(heard.states.at(-1)).toMatchObject({ shown: 2, session: 1, noticeEpoch: 1 });
		sendGrant({ stars: 3, seq: 2, ask: newestAsk(1) });
		await until("three stars", () => heard.states.at(-1)?.shown === 3);
		// One state for link-up, keys, notice and grant together, and one for the new star: each has a number of its own.
		const counters = heard.states.slice(before - 1).map((state) => state.counter);
		expect(counters.map((counter) => counter - (counters[0] ?? 0))).toEqual([0, 1, 2]);
	});
});
