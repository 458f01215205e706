import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Link, LinkMessage } from "../../protocol/ports/link.ts";
import type { Log } from "../../protocol/ports/log.ts";
import { encodeOnline } from "../../protocol/schema/online.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { TOPIC_RULES, topicOf } from "../../protocol/wire/topics.ts";
import { millis } from "../../protocol/wire/units.ts";
import { leaseNow } from "../core/face.ts";
import { type DeviceState, initialState, step } from "../core/step.ts";
import type { DeviceEffect, DeviceEnv, DeviceInput, Face, Identity } from "../core/types.ts";
import type { Lamp } from "../hal/lamp.ts";
import type { Memory } from "../hal/memory.ts";

const DARK: Face = { pattern: "neutral", stars: 0 };

type Batched = Extract<DeviceInput, { type: "link-up" | "message" }>;

/** All but the last say that more follows: one `state` answers the connect and what the broker had kept. */
const asBatch = (inputs: readonly Batched[]): readonly DeviceInput[] =>
	inputs.map((input, n) => (n < inputs.length - 1 ? { ...input, more: true } : input));

export interface LightRuntimeOptions {
	/** Must be that of the record in `memory`: the topics follow from it. */
	readonly identity: Pick<Identity, "fleet" | "light">;
	readonly env: DeviceEnv;
	readonly memory: Memory;
	readonly lamp: Lamp;
	readonly clock: Clock;
	readonly timers: Timers;
	readonly log: Log;
	/** Made once a start, when the session is known and stored: its last will has to name it. */
	readonly link: (will: LinkMessage) => Link;
	/** Told of each change of face or link. */
	readonly onChange?: (view: LightStatus) => void;
}

/** What a person wants to know of a running light. */
export interface LightStatus {
	readonly session: number;
	readonly face: Face;
	/** Seconds of the grant shown, null = none is. */
	readonly leaseLeftS: number | null;
	readonly linkUp: boolean;
}

/**
 * Runs one light: the pure core between a link, a memory, a lamp and a clock. Effects are done in their order, inputs one at a time.
 * Idle it waits for one timer and does nothing else. Many can run in one process.
 */
export class LightRuntime {
	private readonly options: LightRuntimeOptions;
	private state: DeviceState = initialState();
	private readonly inbox: DeviceInput[] = [];
	private busy = false;
	private stopped = false;
	private link: Link | null = null;
	private linkUp = false;
	private timer: { cancel(): void } | null = null;
	private writing: Promise<void> = Promise.resolve();
	private unsent = 0;

	constructor(options: LightRuntimeOptions) {
		this.options = options;
	}

	/** Reads the memory and starts; the link opens as soon as the start is stored. Throws `identity-lost` without a readable copy. */
	async start(): Promise<void> {
		const copies = await this.options.memory.read();
		if (this.stopped) return;
		this.feed({ type: "boot", copies });
		if (this.state.phase === "lost") {
			throw new CodedError(
				"identity-lost",
				`Neither copy of the record of ${this.options.identity.light} can be read.`,
				{
					fault: "state",
					next: "Enrol this light again: liangxing lights add ID --out FILE",
					context: { light: this.options.identity.light },
				},
			);
		}
		this.options.lamp.onStates((lamps, sensed) => this.feed({ type: "lamps", lamps, sensed }));
	}

	/** Dark first, then `online: false`, then link, memory and lamp are let go. */
	async stop(): Promise<void> {
		if (this.stopped) return;
		this.stopped = true;
		this.timer?.cancel();
		this.options.lamp.show(DARK);
		if (this.linkUp) this.link?.publish(this.presence(false));
		await this.link?.close();
		await this.writing;
		await this.options.memory.close?.();
		await this.options.lamp.close();
	}

	/** What the lamp was told last. */
	face(): Face {
		return this.stopped ? DARK : this.state.face;
	}

	status(): LightStatus {
		const { state } = this;
		const view = leaseNow(state, this.options.clock.monoMs());
		return {
			session: state.record?.session ?? 0,
			face: this.face(),
			leaseLeftS: view !== null && view.stars > 0 ? view.leaseLeftS : null,
			linkUp: this.linkUp,
		};
	}

	/** Messages of this light that the link did not take. */
	unsentMessages(): number {
		return this.unsent;
	}

	/** The unsigned 0 stars of a serial line or a button: always obeyed. */
	unsignedZero(): void {
		this.feed({ type: "unsigned-zero" });
	}

	/** A driver may answer while an effect is being done: inputs wait for their turn. Those of one call follow each other. */
	private feed(...inputs: readonly DeviceInput[]): void {
		if (this.stopped) return;
		this.inbox.push(...inputs);
		if (this.busy) return;
		this.busy = true;
		try {
			for (let next = this.inbox.shift(); next !== undefined && !this.stopped; next = this.inbox.shift()) {
				const done = step(this.state, next, this.options.clock.monoMs(), this.options.env);
				this.state = done.state;
				for (const effect of done.effects) this.run(effect);
			}
		} finally {
			this.busy = false;
		}
		if (this.state.phase === "ready" && this.link === null) this.openLink();
	}

	private run(effect: DeviceEffect): void {
		const { lamp, log, timers, clock } = this.options;
		if (effect.type === "show") {
			lamp.show(effect.face);
			this.options.onChange?.(this.status());
		} else if (effect.type === "write") {
			this.writing = this.write(effect);
		} else if (effect.type === "publish") {
			this.publish(effect.kind, effect.bytes);
		} else if (effect.type === "wake") {
			this.timer?.cancel();
			const delay = millis(Math.max(0, effect.at - clock.monoMs()));
			this.timer = timers.after("light-tick", delay, () => this.feed({ type: "tick" }));
		} else {
			log[effect.level](effect.code, effect.fields);
		}
	}

	private async write({ slot, generation, bytes }: Extract<DeviceEffect, { type: "write" }>): Promise<void> {
		try {
			await this.options.memory.write(slot, bytes);
			this.feed({ type: "written", slot, generation });
		} catch (error) {
			const reason = error instanceof CodedError ? String(error.context["reason"] ?? error.code) : "unknown";
			this.feed({ type: "write-failed", slot, generation, reason });
		}
	}

	private publish(kind: "state" | "event", payload: Uint8Array): void {
		const { fleet, light } = this.options.identity;
		const message = { topic: topicOf[kind](fleet, light), payload, retain: TOPIC_RULES[kind].retained };
		if (this.link?.publish(message) !== true) this.unsent += 1;
	}

	private presence(online: boolean): LinkMessage {
		const { fleet, light } = this.options.identity;
		const session = this.state.record?.session ?? 0;
		return {
			topic: topicOf.online(fleet, light),
			payload: encodeOnline({ online, session }),
			retain: TOPIC_RULES.online.retained,
		};
	}

	private openLink(): void {
		const { fleet, light } = this.options.identity;
		const kinds = new Map<string, "keys" | "notice" | "grant" | "job">([
			[topicOf.keys(fleet), "keys"],
			[topicOf.notice(fleet), "notice"],
			[topicOf.grant(fleet, light), "grant"],
			[topicOf.job(fleet, light), "job"],
		]);
		const inputs = ({ topic, payload, retain }: LinkMessage): readonly Batched[] => {
			const kind = kinds.get(topic);
			return kind === undefined ? [] : [{ type: "message", kind, bytes: payload, retained: retain }];
		};
		const link = this.options.link(this.presence(false));
		this.link = link;
		link.open([...kinds.keys()], {
			up: (kept) => {
				link.publish(this.presence(true));
				this.onLink(true, asBatch([{ type: "link-up" }, ...kept.flatMap(inputs)]));
			},
			down: () => this.onLink(false, [{ type: "link-down" }]),
			message: (message) => this.feed(...inputs(message)),
		});
	}

	private onLink(up: boolean, inputs: readonly DeviceInput[]): void {
		if (this.stopped) return;
		this.linkUp = up;
		this.feed(...inputs);
		this.options.onChange?.(this.status());
	}
}
