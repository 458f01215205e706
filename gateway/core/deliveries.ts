import { copyBytes, equalBytes, toHex } from "../../protocol/wire/bytes.ts";
import { finish, type Prepared } from "../../protocol/wire/seal.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import { type LightId, type MonoMs, monoMs } from "../../protocol/wire/units.ts";
import type { Reserved } from "./commits.ts";
import type { ChangeTally } from "./figures/change-tally.ts";
import { Ledger } from "./ledger/ledger.ts";
import type { ClockReading } from "./lights/clock-guard.ts";
import { type LightState, newLightState } from "./lights/light-state.ts";
import { reconcile, standing, standingChangesAt } from "./lights/reconcile.ts";
import type { Change, Observed, OutboxEntry } from "./model.ts";
import {
	type Delivery,
	MAX_RESENDS,
	nextStep,
	onDropped,
	onResent,
	onReserved,
	onSent,
	onSigning,
	onState,
	refusedEntry,
} from "./outbox/delivery.ts";
import type { Epochs } from "./outbox/epochs.ts";
import { Resends } from "./outbox/resends.ts";
import { hasSeq, prepareGrant, reserve } from "./outbox/reserve.ts";
import { isSignedByOneOf } from "./outbox/signed-by.ts";
import { activePolicy, type Parts } from "./parts.ts";
import { type Decision, type Desired, decide, isChange, withTrace } from "./stars/decide.ts";
import { owingOf } from "./stars/owing.ts";
import type { Now } from "./types.ts";
import { WakeQueue } from "./wake-queue.ts";

/** Reservations in one transaction: enough to make a shift change cheap, few enough that nobody waits long for theirs. */
export const MAX_RESERVATIONS = 500;
const TRACE_BYTES = 8;
const NEVER = Number.POSITIVE_INFINITY;
const GRANT_START_BYTES = 8;

/** A grant that waits for its signature. */
export interface GrantJob {
	readonly reserved: Reserved;
	readonly prepared: Prepared;
}

/**
 * Each light from owed stars to answer: decides, reserves, has signed, sends, and hears. The deciding is in the pure functions of
 * `stars/`, `outbox/` and `lights/`; here is what a light waits for and when it is looked at again.
 */
export class Deliveries {
	private readonly parts: Parts;
	private readonly epochs: Epochs;
	private readonly states = new Map<LightId, LightState>();
	/** What lights wait for on the monotonic clock: pauses, answers, standings. */
	private readonly wakes = new WakeQueue<LightId>();
	/** Unix milliseconds at which a decision ends by itself. */
	private readonly ends = new WakeQueue<LightId>();
	/** Lights to look at before this step is over. */
	private readonly due = new Set<LightId>();
	/** Lights that would be signed for if signing were allowed. */
	private readonly blocked = new Set<LightId>();
	private readonly ready: LightId[] = [];
	private readonly resends = new Resends();
	private readonly ledger: Ledger;

	constructor(parts: Parts, epochs: Epochs, time: ClockReading, now: Now) {
		this.parts = parts;
		this.epochs = epochs;
		this.ledger = new Ledger(parts.records, parts.commits, parts.config.leaseS, now);
		for (const light of parts.records.lights.keys()) this.states.set(light, this.restored(light, time, now));
	}

	state(light: LightId): LightState | null {
		return this.states.get(light) ?? null;
	}

	/** How changes of stars ended since this core was built. */
	get tally(): ChangeTally {
		return this.ledger.tally;
	}

	/** What can be known again after a restart, from the store alone. */
	private restored(light: LightId, time: ClockReading, now: Now): LightState {
		const { records, env } = this.parts;
		const entry = records.entries.get(light) ?? null;
		const decision = this.decideFor(light, time);
		const same = (known: { stars: number; driver: string | null } | null): boolean =>
			known !== null && known.stars === decision.stars && known.driver === decision.driver;
		const newest = this.ledger.newest(light);
		const kept = same(newest) ? newest?.trace : newest === null && same(entry) ? entry?.trace : undefined;
		const desired = withTrace(decision, kept ?? env.random.bytes(TRACE_BYTES));
		// Decided otherwise than before the end of the last run, e.g. a rating grew too old meanwhile.
		if (kept === undefined && newest !== null)
			this.ledger.open(light, desired, owingOf(this.parts.records, light), now.unix, now.mono);
		this.ends.set(light, decision.validUntil === null ? null : decision.validUntil * 1000);
		const state = newLightState(desired);
		if (entry === null) return state;
		// Unsigned: the process ended before it was. By a key that left: every light refuses it.
		if (entry.signed === null || !isSignedByOneOf(entry.signed, this.parts.keyIds))
			return { ...state, delivery: onDropped(state.delivery) };
		const delivery: Delivery = { ...state.delivery, phase: "answered", grantStart: this.grantStart(entry.signed) };
		return reconcile({ ...state, delivery }, entry, records.observed.get(light) ?? null, now.mono);
	}

	private grantStart(bytes: Uint8Array): Uint8Array {
		return copyBytes(this.parts.env.crypto.sha256(bytes), 0, GRANT_START_BYTES);
	}

	private decideFor(light: LightId, time: ClockReading): Decision {
		return decide(owingOf(this.parts.records, light), activePolicy(this.parts), time.s);
	}

	/** After a start: sends the newest signed grants that still hold, and looks at every light. */
	start(now: Now): void {
		const { records } = this.parts;
		for (const light of records.lights.keys()) {
			const entry = records.entries.get(light);
			const state = this.states.get(light);
			const isSent = entry?.signed && state !== undefined && state.delivery.phase === "answered";
			if (isSent && this.isWanted(entry, state.desired)) this.send(light, state, entry.signed, now.mono);
			this.due.add(light);
		}
	}

	/** The broker may have lost what it kept: every signed grant that is still owed goes out again. */
	republish(now: Now): void {
		const { records, config, sink } = this.parts;
		for (const [light, state] of this.states) {
			const entry = records.entries.get(light);
			const { phase } = state.delivery;
			if (!entry?.signed || (phase !== "sent" && phase !== "answered") || !this.isWanted(entry, state.desired))
				continue;
			sink.publish(topicOf.grant(config.fleet, light), entry.signed);
			// One that waits for its answer waits from now on.
			if (phase === "sent") this.setDelivery(light, (d) => ({ ...d, sentAt: now.mono }));
		}
	}

	/** Every light is decided anew: the clock is another one. */
	redecideAll(time: ClockReading, now: Now): void {
		for (const light of this.parts.records.lights.keys()) this.redecide(light, time, now);
	}

	/** What one light owes now, and its trace where that changed. */
	redecide(light: LightId, time: ClockReading, now: Now): void {
		const { env, sink } = this.parts;
		const before = this.states.get(light);
		const decision = this.decideFor(light, time);
		this.ends.set(light, decision.validUntil === null ? null : decision.validUntil * 1000);
		const changed = before === undefined || isChange(before.desired, decision);
		const trace = changed ? env.random.bytes(TRACE_BYTES) : before.desired.trace;
		const desired = withTrace(decision, trace);
		this.states.set(light, before === undefined ? newLightState(desired) : { ...before, desired });
		if (changed) {
			// A light that was just registered owes nothing yet: there is nothing to be followed to the glass.
			if (before !== undefined)
				this.ledger.open(light, desired, owingOf(this.parts.records, light), now.unix, now.mono);
			sink.log("debug", "star-owed", { light, stars: desired.stars, reason: desired.reason, trace: toHex(trace) });
		}
		this.due.add(light);
	}

	/** A verified, newer state: what the light says of itself now. */
	hear(observed: Observed, now: Now): void {
		const { records, commits } = this.parts;
		const { light } = observed;
		const state = this.states.get(light);
		if (state === undefined) return;
		const entry = records.entries.get(light) ?? null;
		records.apply({ type: "observed", observed });
		commits.heardFrom(light, now.mono);
		this.ledger.heard(observed, now.unix, now.mono);
		let delivery = onState(state.delivery, entry, observed);
		if (this.rulesOnlyByGrant(observed, entry)) delivery = { ...delivery, anew: true };
		// It is signed and newer than whatever `online` said, which anybody on the way may have made up.
		this.states.set(light, { ...state, online: null, delivery });
		this.noteUnknownKey(light, entry, observed);
		this.due.add(light);
	}

	/** The light refused our newest notice as stale, and has no grant since: "0-star grants with the newest ask blank". */
	private rulesOnlyByGrant({ refused }: Observed, entry: OutboxEntry | null): boolean {
		const { notice } = this.parts.records.meta;
		if (refused?.kind !== "notice" || refused.code !== "stale" || notice === null) return false;
		return refused.epoch === notice.epoch && entry !== null && entry.epoch < notice.epoch;
	}

	/** `unknown-key`: the keys first, then what was refused; a grant of an older epoch is not sent again but decided anew. */
	private noteUnknownKey(light: LightId, entry: OutboxEntry | null, observed: Observed): void {
		const { refused } = observed;
		const state = this.states.get(light);
		if (state === undefined || refused?.code !== "unknown-key" || state.delivery.resends >= MAX_RESENDS) return;
		if (refused.kind === "notice") this.resends.fleet();
		else if (refusedEntry(entry, observed) === null) return;
		else if (entry?.epoch === this.parts.records.meta.epoch) this.resends.grant(light);
		else this.setDelivery(light, onDropped);
		this.setDelivery(light, (d) => ({ ...d, resends: d.resends + 1 }));
	}

	/** Keys, notice and grants that were refused for an unknown key go out again. */
	private resendDue(now: Now): void {
		const { config, env, sink, records } = this.parts;
		const resend = this.resends.takeDue(now.mono);
		if (resend === null) return;
		sink.publish(topicOf.keys(config.fleet), env.keysMessage);
		if (resend.notice) this.epochs.publish();
		for (const light of resend.lights) {
			const entry = records.entries.get(light);
			const state = this.states.get(light);
			if (!entry?.signed || state?.delivery.phase !== "answered" || !this.isWanted(entry, state.desired)) continue;
			sink.publish(topicOf.grant(config.fleet, light), entry.signed);
			this.setDelivery(light, (d) => onResent(d, now.mono));
		}
	}

	setOnline(light: LightId, online: boolean, session: number): void {
		const state = this.states.get(light);
		const known = Math.max(state?.online?.session ?? 0, this.parts.records.observed.get(light)?.session ?? 0);
		// A late will of session n never marks session n + 1 dead.
		if (state === undefined || session < known) return;
		this.states.set(light, { ...state, online: { session, online } });
		this.due.add(light);
	}

	/** Whether an event's counter is new; notes it. */
	takeEvent(light: LightId, counter: number): boolean {
		const state = this.states.get(light);
		if (state === undefined || counter <= state.eventCounter) return false;
		this.states.set(light, { ...state, eventCounter: counter });
		return true;
	}

	/** Their entries are durable: those that are still wanted are prepared for signing, the others are decided anew. */
	toSign(reserved: readonly Reserved[], mayBeSigned: boolean): GrantJob[] {
		const { config, env, sink } = this.parts;
		const jobs: GrantJob[] = [];
		for (const one of reserved) {
			const entry = this.wantedEntry(one, mayBeSigned);
			if (entry === null) continue;
			try {
				jobs.push({ reserved: one, prepared: prepareGrant(config.fleet, entry, env.signingKey, env.crypto) });
				this.setDelivery(one.light, onSigning);
			} catch {
				// Settings and records are validated, so this is a bug: said once, and not tried again until something changes.
				this.setDelivery(one.light, (d) => ({ ...d, phase: "answered" }));
				sink.log("error", "grant-not-written", { light: one.light, epoch: one.epoch, seq: one.seq });
			}
		}
		return jobs;
	}

	/** The signature is there: the grant goes out if it is still the newest, of the present epoch, and what is owed. */
	onSigned({ reserved, prepared }: GrantJob, signature: Uint8Array, mayBeSigned: boolean, now: Now): void {
		const { records, commits, sink } = this.parts;
		const entry = this.wantedEntry(reserved, mayBeSigned);
		const state = this.states.get(reserved.light);
		if (entry === null || state === undefined) return;
		let signed: Uint8Array;
		try {
			signed = finish(prepared, signature);
		} catch {
			this.setDelivery(reserved.light, onDropped);
			sink.log("error", "signature-invalid", { light: reserved.light, length: signature.length });
			return;
		}
		records.apply({ type: "entry", entry: { ...entry, signed } });
		commits.signedFor(reserved.light, now.mono);
		this.send(reserved.light, state, signed, now.mono);
	}

	/** The entry of a reservation while it is the newest and still wanted; otherwise it is dropped and decided anew. */
	private wantedEntry({ light, epoch, seq }: Reserved, mayBeSigned: boolean): OutboxEntry | null {
		const entry = this.parts.records.entries.get(light);
		const state = this.states.get(light);
		if (entry === undefined || state === undefined || entry.epoch !== epoch || entry.seq !== seq) return null;
		if (mayBeSigned && this.isWanted(entry, state.desired)) return entry;
		this.setDelivery(light, onDropped);
		return null;
	}

	private isWanted(entry: OutboxEntry, desired: Desired): boolean {
		const { epoch, blankDue } = this.parts.records.meta;
		if (blankDue || entry.epoch !== epoch || entry.stars !== desired.stars) return false;
		return entry.stars === 0 || equalBytes(entry.trace, desired.trace);
	}

	private setDelivery(light: LightId, change: (delivery: Delivery) => Delivery): void {
		const state = this.states.get(light);
		if (state === undefined) return;
		this.states.set(light, { ...state, delivery: change(state.delivery) });
		this.due.add(light);
	}

	private send(light: LightId, state: LightState, signed: Uint8Array, now: MonoMs): void {
		const { config, sink } = this.parts;
		sink.publish(topicOf.grant(config.fleet, light), signed);
		this.states.set(light, { ...state, delivery: onSent(state.delivery, this.grantStart(signed), now) });
		this.due.add(light);
	}

	/** Whatever became due by time, by touched records or in this step: looked at, and signed for where it must be. */
	settle(allowed: boolean, time: ClockReading, now: Now): void {
		for (let light = this.ends.takeDue(time.ms); light !== null; light = this.ends.takeDue(time.ms))
			this.redecide(light, time, now);
		for (const light of this.parts.records.takeTouched()) this.redecide(light, time, now);
		for (let light = this.wakes.takeDue(now.mono); light !== null; light = this.wakes.takeDue(now.mono))
			this.due.add(light);
		if (allowed && this.blocked.size > 0) {
			for (const light of this.blocked) this.due.add(light);
			this.blocked.clear();
		}
		this.resendDue(now);
		for (const light of this.due) this.look(light, time, now);
		this.due.clear();
		this.endLate(time, now);
		this.reserveReady(allowed, time, now);
	}

	private look(light: LightId, time: ClockReading, now: Now): void {
		const { records, config, sink } = this.parts;
		const before = this.states.get(light);
		if (before === undefined) return;
		const entry = records.entries.get(light) ?? null;
		const observed = records.observed.get(light) ?? null;
		const state = reconcile(before, entry, observed, now.mono);
		this.states.set(light, state);
		this.ledger.look(light, state.delivery, entry, observed, now.unix, now.mono);
		const step = nextStep(state.delivery, entry, state.desired, observed, config.leaseS, time.s, now.mono);
		if (step.act === "sign") this.ready.push(light);
		const stands = standingChangesAt(state, observed, config.silentAfterS, now.unix, now.mono);
		const until = step.act === "wait" ? step.until : null;
		this.wakes.set(light, until === null || stands === null ? (until ?? stands) : Math.min(until, stands));
		sink.changed(light);
	}

	/** Changes that were not shown within a lease end: none stays open. */
	private endLate(time: ClockReading, now: Now): void {
		const { records, config } = this.parts;
		const blocked = time.trusted ? null : time.code;
		for (let light = this.ledger.takeDue(now.mono); light !== null; light = this.ledger.takeDue(now.mono)) {
			const state = this.states.get(light);
			if (state === undefined) continue;
			const observed = records.observed.get(light) ?? null;
			const { reason } = standing(state, observed, config.silentAfterS, blocked, now.unix, now.mono);
			this.ledger.endLate(light, state.delivery, observed, reason, now.unix, now.mono);
		}
	}

	private reserveReady(allowed: boolean, time: ClockReading, now: Now): void {
		const { records, commits } = this.parts;
		if (this.ready.length === 0) return;
		const lights = this.ready.splice(0);
		if (!allowed) {
			this.block(lights);
			return;
		}
		if (records.meta.epoch === 0) this.epochs.takeNow("first", time, now);
		else if (lights.some((light) => !hasSeq(records.entries.get(light) ?? null, records.meta.epoch)))
			this.epochs.takeNow("seq-used-up", time, now);
		if (this.epochs.blocked) {
			this.block(lights);
			return;
		}
		for (let at = 0; at < lights.length; at += MAX_RESERVATIONS) {
			const entries = lights.slice(at, at + MAX_RESERVATIONS).flatMap((light) => this.reserveOne(light, time, now));
			const changes: Change[] = entries.map((entry) => ({ type: "entry", entry }));
			commits.commit(changes, { type: "sign-grants", reserved: entries }, time, now.mono);
		}
	}

	private block(lights: readonly LightId[]): void {
		for (const light of lights) this.blocked.add(light);
	}

	private reserveOne(light: LightId, time: ClockReading, now: Now): readonly OutboxEntry[] {
		const { records, config } = this.parts;
		const before = records.entries.get(light) ?? null;
		const state = this.states.get(light);
		if (state === undefined) return [];
		const ask = records.observed.get(light)?.ask ?? null;
		const entry = reserve(light, before, records.meta.epoch, state.desired, ask, config, time.s);
		const sameTrace = before !== null && equalBytes(before.trace, entry.trace);
		this.states.set(light, { ...state, delivery: onReserved(state.delivery, now.mono, sameTrace) });
		return [entry];
	}

	/** The earliest instant at which a light must be looked at, on the monotonic clock. */
	dueAt(time: ClockReading, now: Now): MonoMs | null {
		let due = Math.min(this.wakes.next() ?? NEVER, this.resends.dueAt(now.mono) ?? NEVER);
		// While the clock is not trusted decisions stand still.
		const end = time.trusted ? this.ends.next() : null;
		if (end !== null) due = Math.min(due, now.mono + Math.max(0, end - time.ms));
		due = Math.min(due, this.ledger.dueAt() ?? NEVER);
		return due === NEVER ? null : monoMs(due);
	}
}
