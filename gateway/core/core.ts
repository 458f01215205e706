import type { LightEvent, LightReport } from "../../protocol/wire/messages.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import type { LightId, UnixMs } from "../../protocol/wire/units.ts";
import { blankRefused } from "./commands/blank-fleet.ts";
import type { CommandView } from "./commands/outcome.ts";
import { runCommand } from "./commands/run.ts";
import { Commits } from "./commits.ts";
import { Counters, Refusals } from "./counters.ts";
import { Deliveries, type GrantJob } from "./deliveries.ts";
import { type DepotFigures, figuresOf } from "./figures/figures.ts";
import { type ClockReading, DOUBT_NOTES, readClock } from "./lights/clock-guard.ts";
import { isOldRetained, OLD_RETAINED_NOTE } from "./lights/old-retained.ts";
import { receive } from "./lights/receive.ts";
import { isNewer, toObserved } from "./lights/reconcile.ts";
import type { Duty, Pull, RatingChange, Snapshot, Vehicle } from "./model.ts";
import { epochDue } from "./outbox/epoch.ts";
import { Epochs } from "./outbox/epochs.ts";
import { trustedKeyIds } from "./outbox/signed-by.ts";
import type { Parts } from "./parts.ts";
import { Records } from "./records.ts";
import { Sink } from "./sink.ts";
import type { CommandAnswer, CoreConfig, CoreEffect, CoreEnv, CoreEvent, DepotView, LightView, Now } from "./types.ts";
import { depotView, lightView } from "./views.ts";
import { explain } from "./why/explain.ts";
import type { Explanation } from "./why/link.ts";
import { findSubject, type WhyQuery } from "./why/subject.ts";

type Job = { readonly type: "grant"; readonly grant: GrantJob } | { readonly type: "notice"; readonly epoch: number };

const STORE_FAILED: CommandAnswer = {
	ok: false,
	code: "store-failed",
	message: "The depot's store could not take this; nothing of it holds.",
	next: "Free space on the disk or mend the store (see the log), then repeat.",
};
const INTERNAL: CommandAnswer = {
	ok: false,
	code: "internal-error",
	message: "The depot failed to work on this; nothing was changed.",
	next: "Repeat; if it stays, report the log's lines.",
};

/**
 * The depot in virtual time: a deterministic machine of events and effects. It holds maps of immutable records and dispatches; what
 * is decided is decided by pure functions, one concept a file (docs/decisions/0003). Never throws on an event, whatever it holds.
 */
export class GatewayCore {
	private readonly parts: Parts;
	private readonly epochs: Epochs;
	private readonly deliveries: Deliveries;
	private readonly jobs = new Map<number, Job>();
	private nextJob = 1;
	private started = false;
	private trusted: boolean;
	/** The store failed: nothing of the picture in memory may be built upon until the host builds a new core from the store. */
	private broken = false;
	/** The store failed before this core was built, and nothing was stored since. */
	private storeInDoubt = false;

	/** What is counted, is counted since then. */
	readonly builtAt: UnixMs;

	constructor(config: CoreConfig, env: CoreEnv, snapshot: Snapshot, now: Now) {
		this.builtAt = now.unix;
		const records = new Records(snapshot);
		const sink = new Sink();
		const commits = new Commits(records, sink, now.mono);
		const keyIds = trustedKeyIds(env.keysMessage, env.signingKey, env.crypto);
		this.parts = { config, env, keyIds, records, commits, sink, refusals: new Refusals(), dropped: new Counters() };
		const time = this.time(now);
		this.trusted = time.trusted;
		this.epochs = new Epochs(this.parts, now);
		this.deliveries = new Deliveries(this.parts, this.epochs, time, now);
	}

	/** Takes one event; the effects are to be done in order. */
	step(event: CoreEvent, now: Now): CoreEffect[] {
		const { sink } = this.parts;
		if (this.broken) {
			if (event.type === "command") sink.push({ type: "answer", id: event.id, answer: STORE_FAILED });
			return sink.take();
		}
		this.dispatch(event, now);
		if (!this.broken) this.settle(event.type === "tick", now);
		return sink.take();
	}

	private dispatch(event: CoreEvent, now: Now): void {
		switch (event.type) {
			case "start":
				this.storeInDoubt = event.afterFailure === true;
				this.start(now);
				break;
			case "command":
				this.command(event, now);
				break;
			case "message":
				this.message(event, now);
				break;
			case "committed":
				this.committed(event.tx, now);
				break;
			case "commit-failed":
				this.commitFailed(event.tx, event.reason);
				break;
			case "signed":
				this.signed(event.job, event.signature, now);
				break;
			case "broker-up":
				if (this.started) this.publishAll(now);
				break;
			case "stop":
				this.parts.commits.flush(this.time(now), now.mono);
				break;
			case "tick":
				break;
		}
	}

	private time(now: Now): ClockReading {
		return readClock(now.unix, this.parts.records.meta.storedTime);
	}

	/** Keys, notice and grants first, so that a light that connects finds them; then everything is looked at. */
	private start(now: Now): void {
		const { config, env, sink } = this.parts;
		this.started = true;
		sink.publish(topicOf.keys(config.fleet), env.keysMessage);
		this.epochs.publish();
		this.deliveries.start(now);
		const time = this.time(now);
		if (!time.trusted) this.sayUntrusted(time);
	}

	/** What lights must find with the broker, in the order in which they take it. */
	private publishAll(now: Now): void {
		const { config, env, sink } = this.parts;
		sink.publish(topicOf.keys(config.fleet), env.keysMessage);
		this.epochs.publish();
		this.deliveries.republish(now);
	}

	private sayUntrusted(time: Extract<ClockReading, { trusted: false }>): void {
		const { code, storedTime } = time;
		this.parts.sink.log("error", code, {
			storedTime,
			now: time.now,
			note: DOUBT_NOTES[code],
			next: "liangxing clock accept",
		});
	}

	private command({ id, command }: Extract<CoreEvent, { type: "command" }>, now: Now): void {
		const { commits, sink } = this.parts;
		const view = this.look(now);
		const { time } = view;
		try {
			if (command.what === "blank-fleet") {
				const no = blankRefused(view);
				if (no === null) this.epochs.blank(id, time, now);
				else {
					this.epochs.want({ why: "blank-fleet", notice: true, name: null });
					commits.answer(id, no.answer);
				}
				return;
			}
			const { changes, answer } = runCommand(view, command);
			if (changes.length > 0) commits.commit(changes, null, time, now.mono);
			commits.answer(id, answer);
		} catch (e) {
			sink.log("error", "command-failed", { what: String(command?.what), reason: e instanceof Error ? e.message : "" });
			commits.answer(id, INTERNAL);
		}
	}

	private message({ topic, bytes, publisher }: Extract<CoreEvent, { type: "message" }>, now: Now): void {
		const { records, config, env, dropped } = this.parts;
		const received = receive(config.fleet, (l) => records.lights.get(l) ?? null, topic, bytes, publisher, env.crypto);
		switch (received.kind) {
			case "state":
				this.state(received.report, now);
				break;
			case "event":
				this.lightEvent(received.event);
				break;
			case "online":
				this.deliveries.setOnline(received.light, received.online, received.session);
				break;
			case "dropped":
				dropped.add(received.code);
				break;
		}
	}

	private lightEvent({ light, counter, what, uptimeS }: LightEvent): void {
		if (this.deliveries.takeEvent(light, counter))
			this.parts.sink.log("info", "light-event", { light, counter, what, uptimeS });
		else this.parts.dropped.add("replayed");
	}

	/** A verified state: what it says is observed, and may make an epoch due. */
	private state(report: LightReport, now: Now): void {
		const { records, dropped, refusals, sink } = this.parts;
		const { light } = report;
		if (!isNewer(report, records.observed.get(light) ?? null)) {
			dropped.add("replayed");
			return;
		}
		const observed = toObserved(report, now.unix);
		if (observed.refused !== null) {
			const { code, kind, epoch, seq } = observed.refused;
			const usual = isOldRetained(observed.refused, records.entries.get(light) ?? null);
			refusals.take(light, observed.refused, usual, now.unix);
			const fields = { light, refusal: code, kind, epoch, seq };
			if (usual) sink.log("info", "light-refused", { ...fields, note: OLD_RETAINED_NOTE });
			else sink.log("warn", "light-refused", fields);
		}
		const due = epochDue(records.meta, records.entries.get(light) ?? null, observed);
		if (due !== null) this.epochs.want(due);
		this.deliveries.hear(observed, now);
	}

	private committed(tx: number, now: Now): void {
		this.storeInDoubt = false;
		const then = this.parts.commits.committed(tx);
		const time = this.time(now);
		switch (then?.type) {
			case "sign-grants":
				for (const grant of this.deliveries.toSign(then.reserved, time.trusted))
					this.sign({ type: "grant", grant }, grant.prepared.toBeSigned);
				break;
			case "sign-notice": {
				const toBeSigned = this.epochs.toSign(then.epoch, time);
				if (toBeSigned !== null) this.sign({ type: "notice", epoch: then.epoch }, toBeSigned);
				break;
			}
			case "publish-notice":
				this.epochs.onStored(then.epoch);
				break;
		}
	}

	private sign(job: Job, toBeSigned: Uint8Array): void {
		const id = this.nextJob++;
		this.jobs.set(id, job);
		this.parts.sink.push({ type: "sign", job: id, toBeSigned });
	}

	private signed(id: number, signature: Uint8Array, now: Now): void {
		const job = this.jobs.get(id);
		this.jobs.delete(id);
		const time = this.time(now);
		if (job?.type === "grant") this.deliveries.onSigned(job.grant, signature, time.trusted, now);
		else if (job?.type === "notice") this.epochs.onSigned(job.epoch, signature, time, now);
	}

	private commitFailed(tx: number, reason: string): void {
		const { commits, sink } = this.parts;
		this.broken = true;
		sink.log("error", "store-failed", { tx, reason });
		for (const id of [...commits.abandon(), ...this.epochs.abandon()])
			sink.push({ type: "answer", id, answer: STORE_FAILED });
	}

	/** What follows from the event and from the passing of time. */
	private settle(usedUp: boolean, now: Now): void {
		const { commits, sink } = this.parts;
		let time = this.time(now);
		if (time.trusted !== this.trusted) {
			this.trusted = time.trusted;
			this.deliveries.redecideAll(time, now);
			if (time.trusted) sink.log("info", "clock-trusted");
			else this.sayUntrusted(time);
		}
		if (this.started) this.epochs.takeDue(time, now);
		this.deliveries.settle(this.started && time.trusted && !this.epochs.blocked, time, now);
		time = this.time(now);
		commits.flushDue(time, now.mono);
		const epoch = this.started ? this.epochs.dueAt(time) : null;
		const due = [commits.dueAt(), epoch, this.deliveries.dueAt(time, now)].filter((at) => at !== null);
		sink.wake(
			due.reduce((first, at) => (at < first ? at : first)),
			usedUp,
		);
	}

	/** All lights, in the order of their registration. */
	lights(now: Now): LightView[] {
		return [...this.parts.records.lights.keys()].map((light) => this.light(light, now)).filter((view) => view !== null);
	}

	light(id: LightId, now: Now): LightView | null {
		const record = this.parts.records.lights.get(id);
		const state = this.deliveries.state(id);
		return record === undefined || state === null ? null : lightView(this.parts, record, state, this.time(now), now);
	}

	/** Why a light shows what it shows; null where nothing here has this plate, light or driver. */
	why(query: WhyQuery, now: Now): Explanation | null {
		const { records, config } = this.parts;
		const subject = findSubject(records, query);
		if (subject === null) return null;
		const state = subject.light === null ? null : this.deliveries.state(subject.light.light);
		return explain({
			subject,
			picture: records,
			config,
			state,
			time: this.time(now),
			now,
			blanking: this.epochs.blocked,
			running: this.started,
			storeFailed: this.broken || this.storeInDoubt,
		});
	}

	depot(now: Now): DepotView {
		return depotView(this.parts, this.time(now));
	}

	/** All that is known, for lists and for what a command would change. Nothing of it may be kept or written. */
	look(now: Now): CommandView {
		const { records, config, env } = this.parts;
		return { picture: records, config, time: this.time(now), now, crypto: env.crypto };
	}

	/** The depot in figures: for metrics and alarms. One pass over the lights. */
	figures(now: Now): DepotFigures {
		const { tally } = this.deliveries;
		return figuresOf(this.parts, (light) => this.deliveries.state(light), tally, this.time(now), now);
	}

	/** Pulls that wait for a person, with what they would change; the changes hold certificate numbers. */
	held(): { readonly pull: Pull; readonly changes: readonly RatingChange[] }[] {
		const { pulls, heldChanges } = this.parts.records;
		return pulls
			.filter((pull) => pull.status === "held")
			.map((pull) => ({ pull, changes: heldChanges.get(pull.id) ?? [] }));
	}

	/** The newest pulls, oldest first. */
	pulls(): readonly Pull[] {
		return [...this.parts.records.pulls];
	}

	/** Duties that have not ended. */
	duties(): Duty[] {
		return [...this.parts.records.dutyOfVehicle.values()];
	}

	vehicles(): Vehicle[] {
		return [...this.parts.records.vehicles.values()];
	}
}
