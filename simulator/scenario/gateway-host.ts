import type { Change, Snapshot } from "../../gateway/core/model.ts";
import type { Command, CommandAnswer, CoreConfig, CoreEffect, CoreEvent, Now } from "../../gateway/core/types.ts";
import type { Signer } from "../../protocol/ports/crypto.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { monoMs } from "../../protocol/wire/units.ts";
import { MachineClock } from "../clock/machine-clock.ts";
import type { Planned, SimClock } from "../clock/sim-clock.ts";
import { SimStore } from "../hardware/sim-store.ts";
import type { SimBroker } from "../link/sim-broker.ts";
import { SimLink } from "../link/sim-link.ts";
import type { Prng } from "../random/prng.ts";
import type { GatewayBrain, Parts, SimCrypto, TraceSink } from "./parts.ts";
import { FLEET, START_UNIX_S } from "./setup.ts";

/** Effects that one event may set off; more is a loop. */
const MAX_CHAIN = 50_000;

/** A host waits so long before it builds a new core on a store that failed: what fails now fails again at once. */
const REBUILD_MS = 1000;

/** Who watches the gateway: the judge. */
export interface GatewayWatcher {
	started(snapshot: Snapshot): void;
	/** The store failed: until it is started anew the core answers nothing. */
	failed(): void;
	signed(toBeSigned: Uint8Array, signature: Uint8Array, signer: Signer): void;
	committed(changes: readonly Change[]): void;
	published(topic: string, bytes: Uint8Array): void;
	heard(topic: string, bytes: Uint8Array): void;
	logged(code: string, fields: Readonly<Record<string, unknown>>): void;
	stepped(): void;
}

interface Transaction {
	readonly tx: number;
	readonly changes: readonly Change[];
}

/** Everything around the gateway's core: disk, signing key, broker, clock, and the ways in which a process dies. */
export class GatewayHost {
	readonly store: SimStore;
	readonly clock = new MachineClock({ model: "none" }, START_UNIX_S * 1000);
	/** Commits fail while true. */
	diskFull = false;
	/** Commits take this long, milliseconds: from, to. */
	diskMs: readonly [number, number] = [1, 30];
	/** Kill the process after so many effects; null = not. */
	killAfterEffects: number | null = null;
	/** Called when the process has died. */
	onDeath: (() => void) | null = null;
	signer: Signer;
	keysMessage: Uint8Array;
	readonly link: SimLink;
	private readonly sim: SimClock;
	private readonly broker: SimBroker;
	private readonly random: Prng;
	private readonly config: CoreConfig;
	private readonly parts: Parts;
	private readonly crypto: SimCrypto;
	private readonly watcher: GatewayWatcher;
	private readonly trace: TraceSink;
	private readonly ownBroker: boolean;
	private brain: GatewayBrain | null = null;
	private readonly queue: CoreEvent[] = [];
	private busy = false;
	private portOpen = false;
	private disk: Transaction[] = [];
	private flush: Planned | null = null;
	private wake: Planned | null = null;
	private calls = 0;
	private readonly waiting = new Map<string, (answer: CommandAnswer | null) => void>();

	constructor(around: {
		readonly sim: SimClock;
		readonly broker: SimBroker;
		readonly random: Prng;
		readonly config: CoreConfig;
		readonly parts: Parts;
		readonly crypto: SimCrypto;
		readonly watcher: GatewayWatcher;
		readonly trace: TraceSink;
		readonly snapshot: Snapshot;
		readonly signer: Signer;
		readonly keysMessage: Uint8Array;
		/** The broker is a process of its own: it goes on, with its retained messages, when the gateway dies. */
		readonly ownBroker: boolean;
	}) {
		this.sim = around.sim;
		this.broker = around.broker;
		this.random = around.random;
		this.config = around.config;
		this.parts = around.parts;
		this.crypto = around.crypto;
		this.watcher = around.watcher;
		this.trace = around.trace;
		this.store = new SimStore(around.snapshot);
		this.signer = around.signer;
		this.keysMessage = around.keysMessage;
		this.ownBroker = around.ownBroker;
		this.link = new SimLink(this.sim, this.broker, this.random.split("link"), "depot");
	}

	running(): boolean {
		return this.brain !== null;
	}

	now(): Now {
		return { unix: this.clock.unix(this.sim.now()), mono: this.clock.mono(this.sim.now()) };
	}

	/** The core, for looking only. */
	view(): GatewayBrain | null {
		return this.brain;
	}

	/** Starts the process on what the store holds. */
	start(): void {
		this.clock.powerOn(this.sim.now());
		const snapshot = this.store.snapshot();
		this.watcher.started(snapshot);
		this.brain = this.parts.gateway(this.config, this.env(), snapshot, this.now());
		this.feed({ type: "start" });
		this.sim.after("open port", this.random.int(100, 400), () => this.openPort());
	}

	/** `kill -9`: what was not durable is gone; a commit on its way may or may not be. */
	kill(): void {
		if (this.brain === null) return;
		this.brain = null;
		this.portOpen = false;
		this.queue.length = 0;
		this.wake?.cancel();
		this.flush?.cancel();
		this.flush = null;
		const durable = this.diskFull ? 0 : this.random.int(0, this.disk.length);
		for (const transaction of this.disk.splice(0).slice(0, durable)) this.makeDurable(transaction);
		this.killAfterEffects = null;
		this.link.shut();
		if (!this.ownBroker) this.broker.stop(false);
		const callers = [...this.waiting.values()];
		this.waiting.clear();
		for (const caller of callers) caller(null);
		this.onDeath?.();
	}

	/** A command from outside; the answer is null when the process died before it. */
	call(command: Command, answered: (answer: CommandAnswer | null) => void): void {
		if (this.brain === null) {
			answered(null);
			return;
		}
		const id = `call-${++this.calls}`;
		this.waiting.set(id, answered);
		this.feed({ type: "command", id, command });
	}

	/** Time went on, or the clock was stepped. */
	tick(): void {
		this.feed({ type: "tick" });
	}

	private env() {
		const random = this.random.split(`traces ${this.sim.now()}`);
		return { crypto: this.crypto, random, signingKey: this.signer.publicKey, keysMessage: this.keysMessage };
	}

	/** The port opens only when what `start` asked for has been published. */
	private openPort(): void {
		if (this.brain === null || this.portOpen) return;
		if (this.disk.length > 0) {
			this.sim.after("open port", 50, () => this.openPort());
			return;
		}
		this.portOpen = true;
		if (!this.broker.running()) this.broker.start();
		this.link.open(
			["l/+/state", "l/+/event", "l/+/online", "v/+/duty"].map((below) => `lx/1/${FLEET}/${below}`),
			{
				up: () => {},
				down: () => {},
				message: (message) => {
					this.watcher.heard(message.topic, message.payload);
					this.feed({ type: "message", topic: message.topic, bytes: message.payload, publisher: null });
				},
			},
		);
	}

	private feed(event: CoreEvent): void {
		if (this.brain === null) return;
		this.queue.push(event);
		if (this.busy) return;
		this.busy = true;
		try {
			this.drain();
		} finally {
			this.busy = false;
		}
		if (this.brain !== null) this.watcher.stepped();
	}

	private drain(): void {
		for (let chain = 0; ; chain++) {
			const brain = this.brain;
			const event = this.queue.shift();
			if (brain === null || event === undefined) return;
			if (chain > MAX_CHAIN) throw endless(event.type);
			for (const effect of brain.step(event, this.now())) {
				if (this.killAfterEffects !== null && this.killAfterEffects-- <= 0) this.kill();
				if (this.brain !== brain) return;
				this.perform(effect);
			}
		}
	}

	private perform(effect: CoreEffect): void {
		switch (effect.type) {
			case "commit":
				this.disk.push({ tx: effect.tx, changes: effect.changes });
				this.flush ??= this.sim.after("disk", this.random.int(...this.diskMs), () => this.flushDisk());
				break;
			case "sign": {
				const signature = this.signer.sign(effect.toBeSigned);
				this.watcher.signed(effect.toBeSigned, signature, this.signer);
				this.feed({ type: "signed", job: effect.job, signature });
				break;
			}
			case "publish":
				this.watcher.published(effect.topic, effect.bytes);
				this.broker.publish("depot", { topic: effect.topic, payload: effect.bytes, retain: effect.retain });
				break;
			case "answer": {
				const answered = this.waiting.get(effect.id);
				this.waiting.delete(effect.id);
				answered?.(effect.answer);
				break;
			}
			case "wake":
				this.wakeAt(effect.at);
				break;
			case "log":
				this.watcher.logged(effect.code, effect.fields);
				break;
			case "changed":
				break;
		}
	}

	private wakeAt(at: number): void {
		this.wake?.cancel();
		this.wake = this.sim.at("wake depot", this.clock.trueAt(monoMs(at)), () => this.feed({ type: "tick" }));
	}

	/** All that waits goes in one go, in order, as the real store groups commits. */
	private flushDisk(): void {
		this.flush = null;
		const group = this.disk.splice(0);
		if (this.diskFull) {
			for (const { tx } of group) this.feed({ type: "commit-failed", tx, reason: "simulated: disk full" });
			const broken = this.brain;
			this.watcher.failed();
			this.sim.after("rebuild", REBUILD_MS, () => {
				if (this.brain === broken) this.rebuild();
			});
			return;
		}
		for (const transaction of group) this.makeDurable(transaction);
		for (const { tx } of group) this.feed({ type: "committed", tx });
	}

	private makeDurable(transaction: Transaction): void {
		this.store.commit(transaction.changes);
		this.trace.line(`${this.sim.now()} commit ${toHex(this.crypto.sha256(bytesOf(transaction.changes)))}`);
		this.watcher.committed(transaction.changes);
	}

	/** After a failed commit the host loads the store again and goes on with a new core; the broker stays up. */
	private rebuild(): void {
		if (this.brain === null) return;
		this.queue.length = 0;
		this.disk.length = 0;
		this.wake?.cancel();
		const callers = [...this.waiting.values()];
		this.waiting.clear();
		for (const caller of callers) caller(null);
		const snapshot = this.store.snapshot();
		this.watcher.started(snapshot);
		this.brain = this.parts.gateway(this.config, this.env(), snapshot, this.now());
		this.feed({ type: "start", afterFailure: true });
	}
}

/** A commit's changes as bytes, always the same for the same changes. */
function bytesOf(changes: readonly Change[]): Uint8Array {
	const text = JSON.stringify(changes, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value));
	const out = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i) & 0xff;
	return out;
}

const endless = (type: string): CodedError =>
	new CodedError(
		"simulation-ran-away",
		`The gateway's core set off more than ${MAX_CHAIN} events; the last is "${type}".`,
		{
			fault: "internal",
			next: "Look for an effect whose answer asks for the same effect again.",
		},
	);
