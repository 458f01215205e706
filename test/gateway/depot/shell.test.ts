import { describe, expect, it } from "vitest";
import type { Change, Pull, Snapshot } from "../../../gateway/core/model.ts";
import { Records } from "../../../gateway/core/records.ts";
import type { CoreEffect, CoreEvent, DepotView, LightView, Now } from "../../../gateway/core/types.ts";
import { NodeClock } from "../../../gateway/depot/node-clock.ts";
import { Publisher } from "../../../gateway/depot/publisher.ts";
import { type CorePort, Shell } from "../../../gateway/depot/shell.ts";
import type { MonoMs } from "../../../protocol/wire/units.ts";
import { emptySnapshot, SimStore } from "../../../simulator/hardware/sim-store.ts";
import { until } from "../../support/broker.ts";
import { lookAt } from "../../support/row-core.ts";
import { silentLog } from "../../support/silent-log.ts";

/** A scripted core: answers each event with what the test wants done, and writes down what it was told. */
class Script implements CorePort {
	readonly heard: CoreEvent[] = [];
	readonly from: Snapshot;
	private readonly act: (event: CoreEvent) => CoreEffect[];
	constructor(from: Snapshot, act: (event: CoreEvent) => CoreEffect[]) {
		this.from = from;
		this.act = act;
	}
	step(event: CoreEvent): CoreEffect[] {
		this.heard.push(event);
		return this.act(event);
	}
	lights(): LightView[] {
		return [];
	}
	light(): LightView | null {
		return null;
	}
	depot(): DepotView {
		throw new TypeError("not asked for here");
	}
	held(): readonly { readonly pull: Pull }[] {
		return [];
	}
	why(): null {
		return null;
	}
	look(now: Now) {
		return lookAt(new Records(this.from), now);
	}
	pulls(): readonly Pull[] {
		return [];
	}
}

const change = (epoch: number): Change => ({ type: "meta", meta: { ...emptySnapshot("demo").meta, epoch } });

function shellOver(
	act: (event: CoreEvent) => CoreEffect[],
	more: { failCommits?: () => boolean; signMs?: number } = {},
) {
	const store = new SimStore(emptySnapshot("demo"));
	const clock = new NodeClock();
	const transactions: number[] = [];
	const cores: Script[] = [];
	const published: string[] = [];
	const shell = new Shell<Script>(
		{
			makeCore: (snapshot) => {
				const core = new Script(snapshot, act);
				cores.push(core);
				return core;
			},
			store: {
				load: async () => store.snapshot(),
				commit: async (changes) => {
					const failing = more.failCommits?.() === true;
					await new Promise((resolve) => setTimeout(resolve, failing ? 50 : 0));
					if (failing) throw new TypeError("disk full");
					transactions.push(changes.length);
					store.commit(changes);
				},
				close: async () => undefined,
			},
			signer: {
				publicKey: new Uint8Array(32),
				sign: (message) => {
					const until = clock.monoMs() + (more.signMs ?? 0);
					while (clock.monoMs() < until);
					return message;
				},
			},
			broker: {
				publish: async (topic) => {
					published.push(topic);
				},
			},
			clock,
			timers: clock,
			log: silentLog,
			soon: (run) => setImmediate(run),
		},
		store.snapshot(),
	);
	return { shell, store, transactions, cores, published };
}

const messages = (n: number) => (event: CoreEvent) => event.type === "message" && event.topic === String(n);

describe("the loop around the core", () => {
	it("stores what waits in one transaction, in order, and tells the core of each commit", async () => {
		const { shell, store, transactions, cores } = shellOver((event) =>
			event.type === "message"
				? [{ type: "commit", tx: Number(event.topic), changes: [change(Number(event.topic))] }]
				: [],
		);
		for (let i = 1; i <= 5; i++) shell.message(String(i), new Uint8Array(), null);
		await shell.drain();
		expect(transactions).toEqual([5]);
		expect(store.view().meta.epoch).toBe(5);
		expect(cores[0]?.heard.filter((e) => e.type === "committed").map((e) => e.tx)).toEqual([1, 2, 3, 4, 5]);
	});

	it("resolves a command with the core's answer", async () => {
		const { shell } = shellOver((event) =>
			event.type === "command" ? [{ type: "answer", id: event.id, answer: { ok: true, value: { a: 1 } } }] : [],
		);
		expect(await shell.command({ what: "clock-accept" })).toEqual({ ok: true, value: { a: 1 } });
	});

	it("fails what waited behind a failed commit, and goes on with a core built from the store", async () => {
		let asked = 0;
		const { shell, cores, store } = shellOver(
			(event) => {
				if (event.type === "command") return [{ type: "commit", tx: 1, changes: [change(7)] }];
				if (event.type === "message") return [{ type: "commit", tx: 2, changes: [change(8)] }];
				return [];
			},
			// Only the first transaction fails; what was decided upon it must not be stored either.
			{ failCommits: () => asked++ === 0 },
		);
		shell.start();
		const answer = shell.command({ what: "clock-accept" });
		await until("the first transaction is on its way", () => asked === 1);
		shell.message("x", new Uint8Array(), null);
		expect(await answer).toMatchObject({ ok: false, code: "store-failed" });
		await until("a second core", () => cores.length === 2);
		expect(cores[0]?.heard.map((e) => e.type)).toEqual([
			"start",
			"command",
			"message",
			"commit-failed",
			"commit-failed",
		]);
		expect(cores[1]?.heard.map((e) => e.type)).toEqual(["start"]);
		expect([cores[1]?.from.meta.epoch, store.view().meta.epoch]).toEqual([0, 0]);
		shell.message("y", new Uint8Array(), null);
		await shell.drain();
		expect(store.view().meta.epoch).toBe(8);
	});

	it("builds a new core when a step throws, and says so to who asked", async () => {
		const { shell, cores } = shellOver((event) => {
			if (event.type === "command") throw new TypeError("a bug");
			return [];
		});
		expect(await shell.command({ what: "clock-accept" })).toMatchObject({ ok: false, code: "internal-error" });
		await until("a second core", () => cores.length === 2);
	});

	it("signs in short batches, so that a message has its turn in between", async () => {
		const { shell, cores } = shellOver(
			(event) =>
				event.type === "start"
					? Array.from({ length: 12 }, (_, job) => ({ type: "sign", job, toBeSigned: new Uint8Array() }) as const)
					: [],
			{ signMs: 2 },
		);
		shell.start();
		setImmediate(() => setImmediate(() => shell.message("1", new Uint8Array(), null)));
		const heard = cores[0]?.heard ?? [];
		await until("all signatures", () => heard.filter((e) => e.type === "signed").length === 12);
		expect(heard.filter((e) => e.type === "signed").map((e) => e.job)).toEqual([...Array(12).keys()]);
		const at = heard.findIndex(messages(1));
		expect(at).toBeGreaterThan(1);
		expect(at).toBeLessThan(12);
	});

	it("wakes the core at the earliest instant that it asked for", async () => {
		const clock = new NodeClock();
		const { shell, cores } = shellOver((event) => {
			if (event.type !== "start") return [];
			const now = clock.monoMs();
			return [
				{ type: "wake", at: (now + 30) as MonoMs },
				{ type: "wake", at: (now + 5000) as MonoMs },
			];
		});
		shell.start();
		await until("a tick", () => cores[0]?.heard.some((e) => e.type === "tick") === true, 1000);
	});

	it("stores what was accepted before it stops, and takes nothing more", async () => {
		const { shell, store } = shellOver((event) =>
			event.type === "message" ? [{ type: "commit", tx: 1, changes: [change(9)] }] : [],
		);
		shell.message("1", new Uint8Array(), null);
		await shell.stop();
		expect(store.view().meta.epoch).toBe(9);
		expect(await shell.command({ what: "clock-accept" })).toMatchObject({ ok: false, code: "gateway-stopping" });
	});
});

describe("publishing", () => {
	const bytes = (n: number) => Uint8Array.of(n);

	it("keeps at most a window in flight and only the newest of each retained topic", async () => {
		const sent: string[] = [];
		const open: (() => void)[] = [];
		const publisher = new Publisher(
			{
				publish: (topic, payload) => {
					sent.push(`${topic}:${payload[0]}`);
					return new Promise((resolve) => open.push(resolve));
				},
			},
			silentLog,
		);
		for (let i = 0; i < 150; i++) publisher.push({ topic: `t${i}`, bytes: bytes(1), retain: true });
		for (let n = 2; n <= 4; n++) publisher.push({ topic: "t0", bytes: bytes(n), retain: true });
		expect(sent.length).toBe(100);
		expect(publisher.backlog).toBe(151);
		for (let release = open.shift(); release !== undefined; release = open.shift()) {
			release();
			await new Promise((resolve) => setImmediate(resolve));
		}
		expect(sent.length).toBe(151);
		expect(sent.filter((s) => s.startsWith("t0:"))).toEqual(["t0:1", "t0:4"]);
	});

	it("sends the newer of two messages of a topic after the older one has arrived", async () => {
		const sent: number[] = [];
		const open: (() => void)[] = [];
		const publisher = new Publisher(
			{
				publish: (_topic, payload) => {
					sent.push(payload[0] ?? 0);
					return new Promise((resolve) => open.push(resolve));
				},
			},
			silentLog,
		);
		for (const n of [1, 2, 3]) publisher.push({ topic: "t", bytes: bytes(n), retain: true });
		expect(sent).toEqual([1]);
		open.shift()?.();
		await until("the newest", () => sent.length === 2);
		expect(sent).toEqual([1, 3]);
	});

	it("sends no grant that waited while a notice came", async () => {
		const sent: string[] = [];
		const open: (() => void)[] = [];
		const publisher = new Publisher(
			{
				publish: (topic) => {
					sent.push(topic);
					return new Promise((resolve) => open.push(resolve));
				},
			},
			silentLog,
		);
		for (let i = 0; i < 100; i++) publisher.push({ topic: `lx/1/demo/l/${i}/grant`, bytes: bytes(1), retain: true });
		publisher.push({ topic: "lx/1/demo/l/x/grant", bytes: bytes(1), retain: true });
		publisher.push({ topic: "lx/1/demo/notice", bytes: bytes(1), retain: true });
		for (const release of open.splice(0)) release();
		await new Promise((resolve) => setImmediate(resolve));
		expect(sent).toContain("lx/1/demo/notice");
		expect(sent).not.toContain("lx/1/demo/l/x/grant");
	});
});
