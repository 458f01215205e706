import { finish, type Prepared, prepare } from "../../../protocol/wire/seal.ts";
import { topicOf } from "../../../protocol/wire/topics.ts";
import type { MonoMs } from "../../../protocol/wire/units.ts";
import { monoMs } from "../../../protocol/wire/units.ts";
import type { ClockReading } from "../lights/clock-guard.ts";
import type { DepotMeta } from "../model.ts";
import type { Parts } from "../parts.ts";
import type { CommandAnswer, Now } from "../types.ts";
import { EPOCH_PAUSE_MS, type EpochDue, type EpochWhy, nextEpoch, rememberNames } from "./epoch.ts";
import { isSignedByOneOf } from "./signed-by.ts";

interface Pending {
	readonly why: EpochWhy;
	readonly notice: boolean;
	readonly names: readonly string[];
	/** A person asked for it, or put a backup back: it does not wait for the pause. */
	readonly urgent: boolean;
}

const URGENT: readonly EpochWhy[] = ["blank-fleet", "restored"];

/** A notice on its way: its epoch is taken, its signature or its transaction is outstanding. */
interface NoticeUnderWay {
	readonly epoch: number;
	readonly prepared: Prepared | null;
	/** Commands that are answered once it is sent. */
	readonly answers: readonly string[];
}

/** Takes new epochs when they are due and not too soon, and sends the notices that begin them. */
export class Epochs {
	private readonly parts: Parts;
	private pending: Pending | null = null;
	private underWay: NoticeUnderWay | null = null;
	/** The next epoch of the depot's own accord, not before. */
	private notBefore: MonoMs;

	constructor(parts: Parts, now: Now) {
		this.parts = parts;
		const since = now.unix - parts.records.meta.epochTakenAt * 1000;
		// A time in the future says nothing but that the clock was put back: a whole pause is waited then.
		const left = since >= 0 ? Math.max(0, EPOCH_PAUSE_MS - since) : EPOCH_PAUSE_MS;
		this.notBefore = monoMs(now.mono + left);
		if (parts.records.meta.blankDue) this.want({ why: "restored", notice: true, name: null });
	}

	/** No grant is signed until the notice of its epoch is out, nor before a restored store's: blanking comes first. */
	get blocked(): boolean {
		return this.underWay !== null || this.parts.records.meta.blankDue;
	}

	/** An epoch is due; several that wait become one. */
	want(due: EpochDue): void {
		const names = due.name === null ? [] : [due.name];
		const before = this.pending ?? { why: due.why, notice: false, names: [], urgent: false };
		this.pending = {
			why: before.why,
			notice: before.notice || due.notice,
			names: rememberNames(before.names, names),
			urgent: before.urgent || URGENT.includes(due.why),
		};
	}

	/** A person blanks the fleet: at once, and answered when the notice is out. One that is not out yet serves for both. */
	blank(id: string, time: ClockReading, now: Now): void {
		if (this.underWay !== null) {
			this.underWay = { ...this.underWay, answers: [...this.underWay.answers, id] };
			return;
		}
		this.want({ why: "blank-fleet", notice: true, name: null });
		this.takePending("blank-fleet", [id], time, now);
	}

	/** The first epoch of a fresh store, or one whose seqs are used up: without it nothing can be signed. */
	takeNow(why: EpochWhy, time: ClockReading, now: Now): void {
		this.want({ why, notice: false, name: null });
		this.takePending(why, [], time, now);
	}

	/** Takes the epoch that is due, once the pause is over and no notice is under way. */
	takeDue(time: ClockReading, now: Now): void {
		const { pending } = this;
		if (pending === null || !time.trusted || this.underWay !== null) return;
		if (pending.urgent || now.mono >= this.notBefore) this.takePending(pending.why, [], time, now);
	}

	/** When `takeDue` has something to do, or null: with a clock that is not trusted nothing is taken. */
	dueAt(time: ClockReading): MonoMs | null {
		return this.pending === null || this.underWay !== null || !time.trusted ? null : this.notBefore;
	}

	private takePending(why: EpochWhy, answers: readonly string[], time: ClockReading, now: Now): void {
		const { records, commits, sink } = this.parts;
		const { pending } = this;
		if (pending === null) return;
		this.pending = null;
		const epoch = nextEpoch(records.meta.epoch, time.s);
		const meta: DepotMeta = {
			...records.meta,
			epoch,
			epochTakenAt: time.s,
			namedAbove: rememberNames(records.meta.namedAbove, pending.names),
		};
		this.notBefore = monoMs(now.mono + EPOCH_PAUSE_MS);
		if (pending.notice) this.underWay = { epoch, prepared: null, answers };
		commits.commit([{ type: "meta", meta }], pending.notice ? { type: "sign-notice", epoch } : null, time, now.mono);
		sink.log(why === "first" ? "info" : "warn", "epoch-taken", { epoch, why, notice: pending.notice });
	}

	/** The epoch of a notice is durable: what is to be signed, or null if it is not wanted any more. */
	toSign(epoch: number, time: ClockReading): Uint8Array | null {
		const { config, env } = this.parts;
		if (this.underWay === null || this.underWay.epoch !== epoch) return null;
		const notice = { fleet: config.fleet, epoch, issuedAt: time.s };
		const prepared = prepare("notice", notice, env.signingKey, env.crypto);
		this.underWay = { ...this.underWay, prepared };
		return prepared.toBeSigned;
	}

	/** The notice is signed: it is stored, then sent. A restored store counts as blanked from here: a start sends what is stored. */
	onSigned(epoch: number, signature: Uint8Array, time: ClockReading, now: Now): void {
		const { records, commits } = this.parts;
		const prepared = this.underWay?.epoch === epoch ? this.underWay.prepared : null;
		if (prepared === null) return;
		const meta: DepotMeta = {
			...records.meta,
			notice: { epoch, bytes: finish(prepared, signature) },
			blankDue: false,
		};
		commits.commit([{ type: "meta", meta }], { type: "publish-notice", epoch }, time, now.mono);
	}

	/** The signed notice is durable: it goes out, and grants may be signed again. True if it was the one under way. */
	onStored(epoch: number): boolean {
		const { underWay } = this;
		if (underWay === null || underWay.epoch !== epoch) return false;
		this.underWay = null;
		this.publish();
		const answer: CommandAnswer = { ok: true, value: { epoch } };
		for (const id of underWay.answers) this.parts.commits.answer(id, answer);
		this.parts.sink.log("warn", "notice-sent", { epoch });
		return true;
	}

	/**
	 * Sends the newest notice, if there is one. Where its key has left, the new keys have ended what it had to end. That of a
	 * restored store is an old one, and another is due before anything else.
	 */
	publish(): void {
		const { records, config, sink, keyIds } = this.parts;
		const { notice, blankDue } = records.meta;
		if (notice !== null && !blankDue && isSignedByOneOf(notice.bytes, keyIds))
			sink.publish(topicOf.notice(config.fleet), notice.bytes);
	}

	/** The store failed: commands that wait for a notice. */
	abandon(): readonly string[] {
		return this.underWay?.answers ?? [];
	}
}
