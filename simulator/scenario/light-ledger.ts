import { toHex } from "../../protocol/wire/bytes.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { MAX_DRIFT_PPM } from "../clock/machine-clock.ts";
import type { SignedGrant, SignedKeys } from "./signed.ts";

/** Rounding to whole milliseconds and seconds on the way; the oscillator's drift comes on top. */
export const TOLERANCE_MS = 1500;
/** The judge's true time against a light's monotonic time: both ends may stray. */
const DRIFT = 1 + (2 * MAX_DRIFT_PPM) / 1e6;
/** Asks that are live at a time (protocol section 1). */
const LIVE_ASKS = 4;
/** Deliveries and draws kept a light; older ones have been dead for long. */
const MAX_KEPT = 96;
/** A light that writes may take a message this much later. */
export const QUEUE_MS = 3000;
/** A light keeps 16 messages that wait for a write; from here on the judge no longer says that one was surely taken. */
const SURELY_QUEUED = 8;

interface Draw {
	readonly n: number;
	readonly atMs: number;
	readonly session: number;
}
interface Delivery {
	readonly n: number;
	readonly atMs: number;
}
/** Something that ends grants delivered before it, and the asks drawn before it. */
interface Kill {
	readonly n: number;
	readonly effectiveAt: number;
	readonly session: number;
	readonly what: string;
	ends(grant: SignedGrant): boolean;
}

/** Why a grant does not stand behind a lit star; later entries got further. */
export const REFUSALS = [
	"never-delivered",
	"not-its-ask",
	"older-after-newer",
	"ask-dead",
	"ended-before",
	"lit-before-written",
	"lease-over",
	"not-after-over",
	"resumes-over",
] as const;
export type LitRefusal = (typeof REFUSALS)[number];

/** Facts about one light that the judge saw itself: draws, deliveries, writes, power, lamp. It holds none of the light's beliefs. */
export class LightLedger {
	readonly id: LightId;
	session = 0;
	poweredAt = 0;
	/** Order of signing of the newest grant that the light says it has acted on, and the newest notice's epoch. */
	acted = -1;
	actedNotice = 0;
	/** What the lamps are told, and since when. */
	lit: { readonly stars: number; readonly sinceMs: number; until: number } | null = null;
	/** Busy memory: since when, in true time. */
	busySince: number | null = null;
	writeFailing = false;
	/** Newest `keys` version that it reported, and those delivered since. */
	keysReported = 0;
	readonly keysDelivered: SignedKeys[] = [];
	private n = 0;
	private underWay = 0;
	private busyDeliveries = 0;
	private readonly draws = new Map<string, Draw>();
	private readonly delivered = new Map<SignedGrant, Delivery>();
	private kills: Kill[] = [];
	private endedNow = new Set<SignedGrant>();
	private readonly endedForEver = new Set<SignedGrant>();
	private readonly litThisSession = new Set<SignedGrant>();
	private readonly resumed = new Map<SignedGrant, Map<number, number>>();
	private readonly wholeSince: [number, number] = [-1, -1];
	private darkAt = -1;
	private highest = { epoch: 0, seq: 0, notice: 0 };

	constructor(id: LightId) {
		this.id = id;
	}

	powerOn(atMs: number): void {
		this.session++;
		this.poweredAt = atMs;
		this.wholeSince[0] = -1;
		this.wholeSince[1] = -1;
	}

	powerOff(atMs: number): void {
		this.goDark(atMs, false);
		this.endedNow = new Set();
		this.litThisSession.clear();
		this.kills = [];
		this.busySince = null;
		this.underWay = 0;
		this.writeFailing = false;
		this.busyDeliveries = 0;
	}

	drew(ask: string, atMs: number): void {
		this.draws.set(ask, { n: ++this.n, atMs, session: this.session });
		if (this.draws.size > MAX_KEPT) this.draws.delete(this.draws.keys().next().value as string);
	}

	/** An unforged grant arrives intact; true when nothing that this light ever got is as new, so that it must be taken. */
	gotGrant(grant: SignedGrant, atMs: number): boolean {
		const { epoch, seq } = grant.message;
		this.n++;
		if (this.busySince !== null) this.busyDeliveries++;
		const ask = grant.message.ask === null ? undefined : this.draws.get(toHex(grant.message.ask));
		if (ask?.session === this.session && this.drawsSince(ask.n) < LIVE_ASKS && !this.delivered.has(grant)) {
			this.delivered.set(grant, { n: this.n, atMs });
			if (this.delivered.size > MAX_KEPT) this.delivered.delete(this.delivered.keys().next().value as SignedGrant);
		}
		const newest = epoch > this.highest.epoch || (epoch === this.highest.epoch && seq > this.highest.seq);
		if (newest) this.highest = { ...this.highest, epoch, seq };
		return newest;
	}

	/** An unforged notice arrives intact; true when it must be taken. */
	gotNotice(epoch: number): boolean {
		this.n++;
		if (this.busySince !== null) this.busyDeliveries++;
		const newest = epoch > this.highest.notice && epoch > this.highest.epoch;
		this.highest = { ...this.highest, notice: Math.max(this.highest.notice, epoch) };
		return newest;
	}

	/** A thing that surely ends what `ends` says, and the asks drawn before. */
	kill(what: string, atMs: number, ends: (grant: SignedGrant) => boolean): void {
		if (this.writeFailing || this.busyDeliveries > SURELY_QUEUED) return;
		const effectiveAt = this.busySince === null ? atMs : atMs + QUEUE_MS;
		this.kills.push({ n: ++this.n, effectiveAt, session: this.session, what, ends });
		if (this.lit !== null) this.lit.until = Math.min(this.lit.until, effectiveAt);
	}

	/** The same, and not even a write under way may delay it. */
	killAtOnce(what: string, atMs: number): void {
		this.kills.push({ n: ++this.n, effectiveAt: atMs, session: this.session, what, ends: () => true });
		if (this.lit !== null) this.lit.until = Math.min(this.lit.until, atMs);
	}

	writeBegan(atMs: number): void {
		this.busySince ??= atMs;
		this.underWay++;
	}

	/** One copy is whole, by a write that began at `begunAt`. */
	writeDone(slot: 0 | 1, begunAt: number): void {
		this.underWay--;
		this.wholeSince[slot] = begunAt;
		this.writeFailing = false;
	}

	writeFailed(slot: 0 | 1): void {
		this.underWay--;
		this.wholeSince[slot] = -1;
		this.writeFailing = true;
	}

	/** After each step of the light: a memory at rest has taken what was dark. */
	settle(): void {
		if (this.underWay > 0 || this.writeFailing || this.busySince === null) return;
		this.busySince = null;
		this.busyDeliveries = 0;
		if (this.darkAt < 0 || this.wholeSince.some((t) => t < this.darkAt)) return;
		for (const grant of this.endedNow) this.endedForEver.add(grant);
	}

	/** The lamps are told to show `stars`; returns the refusal when no grant stands behind it, null when one does. */
	goLit(stars: number, atMs: number): LitRefusal | null {
		if (this.lit?.stars === stars) return null;
		this.goDark(atMs, true);
		const behind = this.behind(stars, atMs, true);
		if (behind.grants.length === 0) return behind.refusal;
		for (const grant of behind.grants) this.litThisSession.add(grant);
		this.lit = { stars, sinceMs: atMs, until: behind.until };
		return null;
	}

	/** The lamps go dark; `ended`: for good, so that what stood behind the star may not come back. */
	goDark(atMs: number, ended: boolean): void {
		const lit = this.lit;
		this.lit = null;
		if (lit === null) return;
		const waiting = Math.min(atMs, this.busySince ?? atMs);
		for (const [grant, delivery] of this.delivered) {
			if (grant.message.stars !== lit.stars || this.refusalOf(grant, lit.sinceMs, false) !== null) continue;
			if (this.drawOf(grant)?.session !== this.session) this.addResumed(grant, atMs - lit.sinceMs);
			if (ended && delivery.atMs < waiting) this.endedNow.add(grant);
		}
		if (ended) this.darkAt = atMs;
	}

	/** Still right? Null = yes. Cheap until the time comes at which it may no longer be. */
	stillLit(atMs: number): LitRefusal | null {
		const lit = this.lit;
		if (lit === null || atMs < lit.until) return null;
		const behind = this.behind(lit.stars, atMs, false);
		lit.until = behind.until;
		return behind.grants.length > 0 ? null : behind.refusal;
	}

	/** Makes the next `stillLit` look again. */
	lookAgain(): void {
		if (this.lit !== null) this.lit.until = 0;
	}

	private behind(stars: number, atMs: number, lighting: boolean): Behind {
		let best = 0;
		let until = Number.POSITIVE_INFINITY;
		const grants: SignedGrant[] = [];
		for (const grant of this.delivered.keys()) {
			if (grant.message.stars !== stars) continue;
			const refusal = this.refusalOf(grant, atMs, lighting);
			if (refusal === null) {
				grants.push(grant);
				until = Math.min(until, this.nextLook(grant, atMs));
			} else best = Math.max(best, REFUSALS.indexOf(refusal));
		}
		return { grants, until, refusal: REFUSALS[best] ?? "never-delivered" };
	}

	private refusalOf(grant: SignedGrant, atMs: number, lighting: boolean): LitRefusal | null {
		const delivery = this.delivered.get(grant);
		const draw = this.drawOf(grant);
		if (delivery === undefined) return "never-delivered";
		if (draw === undefined || draw.atMs > grant.atMs) return "not-its-ask";
		if (grant.order < this.acted || grant.message.epoch < this.actedNotice) return "older-after-newer";
		if (this.endedForEver.has(grant) || this.endedNow.has(grant)) return "ended-before";
		const earlier = draw.session !== this.session;
		if (!earlier && this.isKilled(grant, draw, delivery, atMs)) return "ask-dead";
		const writtenSince = earlier ? this.poweredAt : delivery.atMs;
		const written = this.underWay === 0 && this.wholeSince.every((t) => t >= writtenSince);
		if (lighting && !written && !this.litThisSession.has(grant)) return "lit-before-written";
		if (earlier) return this.resumesLeft(grant, atMs) ? null : "resumes-over";
		if (atMs > this.leaseEnd(grant, draw)) return "lease-over";
		return atMs > this.notAfterEnd(grant, delivery) ? "not-after-over" : null;
	}

	private isKilled(grant: SignedGrant, draw: Draw, delivery: Delivery, atMs: number): boolean {
		return this.kills.some((kill) => {
			if (atMs < kill.effectiveAt) return false;
			return delivery.n < kill.n ? kill.ends(grant) : draw.n < kill.n;
		});
	}

	private leaseEnd(grant: SignedGrant, draw: Draw): number {
		return draw.atMs + grant.message.leaseS * 1000 * DRIFT + TOLERANCE_MS;
	}

	private notAfterEnd(grant: SignedGrant, delivery: Delivery): number {
		const span = (grant.message.notAfter - grant.message.issuedAt) * 1000 * DRIFT;
		return delivery.atMs + span + TOLERANCE_MS + QUEUE_MS;
	}

	private nextLook(grant: SignedGrant, atMs: number): number {
		const draw = this.drawOf(grant);
		const delivery = this.delivered.get(grant);
		if (draw === undefined || delivery === undefined) return atMs;
		if (draw.session !== this.session) return atMs + this.resumeMs(grant, this.lit?.sinceMs ?? atMs, atMs) + 1;
		let at = Math.min(this.leaseEnd(grant, draw), this.notAfterEnd(grant, delivery));
		for (const kill of this.kills) if (kill.effectiveAt > atMs) at = Math.min(at, kill.effectiveAt);
		return at;
	}

	private resumesLeft(grant: SignedGrant, atMs: number): boolean {
		const sessions = [...(this.resumed.get(grant)?.keys() ?? [])].filter((s) => s !== this.session);
		return sessions.length < grant.message.resumes && this.resumeMs(grant, this.lit?.sinceMs ?? atMs, atMs) >= 0;
	}

	/** Milliseconds for which a resumed grant may still be lit in this session. */
	private resumeMs(grant: SignedGrant, sinceMs: number, atMs: number): number {
		const before = this.resumed.get(grant)?.get(this.session) ?? 0;
		return grant.message.resumeS * 1000 * DRIFT + TOLERANCE_MS - before - (atMs - sinceMs);
	}

	private addResumed(grant: SignedGrant, ms: number): void {
		const before = this.resumed.get(grant) ?? new Map<number, number>();
		before.set(this.session, (before.get(this.session) ?? 0) + ms);
		this.resumed.set(grant, before);
	}

	private drawOf(grant: SignedGrant): Draw | undefined {
		return grant.message.ask === null ? undefined : this.draws.get(toHex(grant.message.ask));
	}

	private drawsSince(n: number): number {
		let later = 0;
		for (const draw of this.draws.values()) if (draw.n > n) later++;
		return later;
	}
}

interface Behind {
	readonly grants: readonly SignedGrant[];
	readonly until: number;
	readonly refusal: LitRefusal;
}
