import { decodeRecord } from "../../device/core/record.ts";
import type { DeviceEffect, DeviceEnv, DeviceInput } from "../../device/core/types.ts";
import type { LinkMessage } from "../../protocol/ports/link.ts";
import { toHex, utf8Encode } from "../../protocol/wire/bytes.ts";
import { parseTopic, topicOf } from "../../protocol/wire/topics.ts";
import { millis, type Seconds } from "../../protocol/wire/units.ts";
import { MachineClock } from "../clock/machine-clock.ts";
import type { Planned, SimClock } from "../clock/sim-clock.ts";
import { SimLamp } from "../hardware/sim-lamp.ts";
import { SimMemory } from "../hardware/sim-memory.ts";
import type { SimBroker } from "../link/sim-broker.ts";
import { SimLink } from "../link/sim-link.ts";
import type { Prng } from "../random/prng.ts";
import type { LightBrain, Parts, SimCrypto, TraceSink } from "./parts.ts";
import { FLEET, START_UNIX_S, type Taxi } from "./setup.ts";

/** Who watches a light: the judge. Each is called at the instant it happens. */
export interface LightWatcher {
	powered(light: LightHost, on: boolean): void;
	drew(light: LightHost, ask: string): void;
	/** Before the light takes it. */
	got(light: LightHost, kind: string, bytes: Uint8Array): void;
	zero(light: LightHost): void;
	showed(light: LightHost): void;
	wrote(light: LightHost, what: "began" | "done" | "failed", slot: 0 | 1, begunAt: number): void;
	said(light: LightHost, kind: "state" | "event", bytes: Uint8Array): void;
	stepped(light: LightHost): void;
}

/** Everything around one light's core: power, memory, lamp, link, its own monotonic clock. */
export class LightHost {
	readonly taxi: Taxi;
	readonly index: number;
	readonly memory = new SimMemory();
	readonly lamp = new SimLamp();
	readonly clock: MachineClock;
	readonly link: SimLink;
	powered = false;
	/** Writes fail while true (a full or dead medium). */
	writesFail = false;
	/** Cut the power in the middle of the next write. */
	cutAtNextWrite = false;
	/** Called when `cutAtNextWrite` strikes. */
	onCut: (() => void) | null = null;
	private readonly sim: SimClock;
	private readonly random: Prng;
	private readonly parts: Parts;
	private readonly env: DeviceEnv;
	private readonly watcher: LightWatcher;
	private readonly trace: TraceSink;
	private brain: LightBrain | null = null;
	/** Of this start, once both copies of the record hold it: what `online` and the last will name. */
	private session: number | null = null;
	/** Copies that hold this start. */
	private starts = 0;
	private wake: Planned | null = null;

	constructor(around: {
		readonly taxi: Taxi;
		readonly index: number;
		readonly reportS: Seconds;
		readonly sim: SimClock;
		readonly broker: SimBroker;
		readonly random: Prng;
		readonly parts: Parts;
		readonly crypto: SimCrypto;
		readonly watcher: LightWatcher;
		readonly trace: TraceSink;
	}) {
		const { taxi, sim, random } = around;
		this.taxi = taxi;
		this.index = around.index;
		this.sim = sim;
		this.random = random.split("hardware");
		this.parts = around.parts;
		this.watcher = around.watcher;
		this.trace = around.trace;
		this.link = new SimLink(sim, around.broker, random.split("link"), taxi.light);
		const ppm = this.random.int(-150, 150);
		const drift = this.random.chance(0.5)
			? ({ model: "linear", ppm } as const)
			: ({ model: "periodic", ppm, periodMs: 900_000 } as const);
		this.clock = new MachineClock(drift, START_UNIX_S * 1000);
		const asks = random.split("asks");
		this.env = {
			crypto: around.crypto,
			signer: taxi.signer,
			random: {
				bytes: (length) => {
					const drawn = asks.bytes(length);
					this.watcher.drew(this, toHex(drawn));
					return drawn;
				},
			},
			reportS: around.reportS,
			firmware: "sim-1",
		};
	}

	/** Writes the first record, as enrolment does. */
	enrol(record: Uint8Array): void {
		for (const slot of [0, 1] as const) this.memory.finish(this.memory.begin(slot, record));
	}

	powerOn(): void {
		if (this.powered) return;
		this.powered = true;
		this.clock.powerOn(this.sim.now());
		this.lamp.power(true);
		this.watcher.powered(this, true);
		this.brain = this.parts.light(this.taxi.light, this.env);
		this.feed({ type: "boot", copies: this.memory.read() });
		this.sense();
		this.link.open(
			[
				topicOf.keys(FLEET),
				topicOf.notice(FLEET),
				topicOf.grant(FLEET, this.taxi.light),
				topicOf.job(FLEET, this.taxi.light),
			],
			{
				up: () => {
					if (this.session !== null) this.link.publish(this.presence(true, this.session));
					this.feed({ type: "link-up" });
				},
				down: () => this.feed({ type: "link-down" }),
				message: (message) => this.receive(message),
			},
		);
	}

	/** Power goes at this instant, whatever is under way. */
	powerOff(): void {
		if (!this.powered) return;
		this.powered = false;
		this.brain = null;
		this.wake?.cancel();
		this.link.cut();
		this.link.will = null;
		this.session = null;
		this.starts = 0;
		this.memory.cut(this.random);
		this.watcher.powered(this, false);
		this.lamp.power(false);
		this.traceLamp();
	}

	/** The unsigned `0011` with 0 stars on the serial line. */
	unsignedZero(): void {
		if (!this.powered) return;
		this.watcher.zero(this);
		this.feed({ type: "unsigned-zero" });
	}

	/** What the lamps are sensed to be. */
	sense(): void {
		this.feed({ type: "lamps", lamps: this.lamp.sensed(), sensed: true });
	}

	private receive(message: LinkMessage): void {
		const kind = parseTopic(message.topic)?.kind;
		if (kind !== "keys" && kind !== "notice" && kind !== "grant" && kind !== "job") return;
		this.watcher.got(this, kind, message.payload);
		this.feed({ type: "message", kind, bytes: message.payload, retained: message.retain });
	}

	private feed(input: DeviceInput): void {
		const brain = this.brain;
		if (brain === null) return;
		for (const effect of brain.step(input, this.clock.mono(this.sim.now()))) {
			if (this.brain !== brain) return;
			this.perform(effect);
		}
		if (this.brain === brain) this.watcher.stepped(this);
	}

	private perform(effect: DeviceEffect): void {
		switch (effect.type) {
			case "show":
				this.lamp.show(effect.face);
				this.traceLamp();
				this.watcher.showed(this);
				break;
			case "write":
				this.write(effect.slot, effect.generation, effect.bytes);
				break;
			case "publish":
				this.watcher.said(this, effect.kind, effect.bytes);
				this.link.publish({
					topic: topicOf[effect.kind](FLEET, this.taxi.light),
					payload: effect.bytes,
					retain: effect.kind === "state",
				});
				break;
			case "wake":
				this.wakeAt(effect.at);
				break;
			case "log":
				break;
		}
	}

	private wakeAt(at: number): void {
		this.wake?.cancel();
		const trueAt = this.clock.trueAt(at);
		this.wake = this.sim.at(`wake ${this.taxi.light}`, trueAt, () => this.feed({ type: "tick" }));
	}

	private write(slot: 0 | 1, generation: number, bytes: Uint8Array): void {
		const begunAt = this.sim.now();
		const write = this.memory.begin(slot, bytes);
		this.watcher.wrote(this, "began", slot, begunAt);
		const brain = this.brain;
		const takes = millis(this.random.int(1, 25));
		if (this.cutAtNextWrite) {
			this.cutAtNextWrite = false;
			this.sim.after(`cut ${this.taxi.light}`, this.random.int(0, takes - 1), () => {
				this.powerOff();
				this.onCut?.();
			});
		}
		this.sim.after(`written ${this.taxi.light}`, takes, () => {
			if (this.brain !== brain || brain === null) return;
			if (this.writesFail) {
				this.memory.abandon(write);
				this.watcher.wrote(this, "failed", slot, begunAt);
				this.feed({ type: "write-failed", slot, generation, reason: "simulated" });
			} else if (this.memory.finish(write)) {
				this.watcher.wrote(this, "done", slot, begunAt);
				this.noteStart(bytes);
				this.feed({ type: "written", slot, generation });
			}
		});
	}

	/** As the real runtime: the session is said once it is stored. */
	private noteStart(bytes: Uint8Array): void {
		if (this.session !== null || ++this.starts < 2) return;
		this.session = decodeRecord(bytes)?.session ?? null;
		if (this.session === null) return;
		this.link.will = this.presence(false, this.session);
		if (this.link.isUp()) this.link.publish(this.presence(true, this.session));
	}

	private presence(online: boolean, session: number): LinkMessage {
		const payload = utf8Encode(JSON.stringify({ online, session }));
		return { topic: topicOf.online(FLEET, this.taxi.light), payload, retain: true };
	}

	private traceLamp(): void {
		const face = this.lamp.told();
		const glass = this.lamp.glass().map((on) => (on ? "*" : "."));
		this.trace.line(`${this.sim.now()} lamp ${this.taxi.light} ${face.pattern} ${face.stars} ${glass.join("")}`);
	}
}
