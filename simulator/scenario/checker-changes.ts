import type { Change, ChangeEnd, Snapshot, StarChange } from "../../gateway/core/model.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import type { LightReport } from "../../protocol/wire/messages.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import type { SimClock } from "../clock/sim-clock.ts";
import type { GatewayWatcher } from "./gateway-host.ts";
import type { LightHost } from "./light-host.ts";
import type { Taxi } from "./setup.ts";
import type { SignedLedger } from "./signed.ts";
import type { Truth } from "./truth.ts";

/** What happened is written within 5 s, by a disk that may take 1.5 s for each of two transactions. */
const WRITTEN_MS = 10_000;
/** A depot that starts anew counts what is left of a lease, and its store may fail a few times. */
const AFTER_START_MS = 30_000;
/** Lamp changes kept a light. */
const MAX_FACES = 64;
/** Shown changes kept a light: a slow disk tells of one only after the next. */
const MAX_SHOWN = 32;
/** A shift in the calm has this long to be written as shown. */
const SETTLED_MS = 20_000;

interface Open {
	readonly n: number;
	/** True time by which it has to have ended. */
	until: number;
	/** True time at which its beginning became durable. */
	readonly since: number;
	/** The depot's clock was stepped meanwhile, or its process ended: how long it was open by the depot's own time is not known. */
	doubtful: boolean;
}

interface Face {
	readonly atMs: number;
	readonly stars: number;
}

/** Facts about one light: what it showed, what it said it shows, what it said it refused. */
class Shows {
	readonly faces: Face[] = [{ atMs: 0, stars: 0 }];
	/** Traces of grants that it said it shows, with the count; newest last. */
	readonly shown: { readonly trace: string; readonly stars: number }[] = [];
	readonly refused = new Set<string>();

	told(atMs: number, stars: number): void {
		if (this.faces.at(-1)?.stars === stars) return;
		this.faces.push({ atMs, stars });
		if (this.faces.length > MAX_FACES) this.faces.shift();
	}

	/** Whether its lamps were dark at any instant from `fromMs` on. */
	wasDark(fromMs: number): boolean {
		return this.faces.some(({ stars }, i) => stars === 0 && (this.faces[i + 1]?.atMs ?? Infinity) >= fromMs);
	}
}

/** The judge of the ledger: each change of a star is followed to its end, and each end is what really happened. */
export class ChangesChecker {
	private readonly sim: SimClock;
	private readonly signed: SignedLedger;
	private readonly truth: Truth;
	private readonly leaseMs: number;
	private readonly report: (rule: string, light: string | null, words: string) => void;
	private readonly plates = new Map<LightId, string>();
	private readonly shows = new Map<LightId, Shows>();
	private readonly newest = new Map<LightId, StarChange>();
	private readonly open = new Map<LightId, Open>();
	private readonly traces = new Map<string, number>();
	/** True time at which nobody was surely on duty last, by plate. */
	private readonly vacantAt = new Map<string, number>();
	private highest = 0;
	private offset: () => number = () => 0;

	constructor(around: {
		readonly sim: SimClock;
		readonly signed: SignedLedger;
		readonly truth: Truth;
		readonly leaseS: number;
		readonly taxis: readonly Taxi[];
		readonly report: (rule: string, light: string | null, words: string) => void;
	}) {
		this.sim = around.sim;
		this.signed = around.signed;
		this.truth = around.truth;
		this.leaseMs = around.leaseS * 1000;
		this.report = around.report;
		for (const { light, plate } of around.taxis) {
			this.plates.set(light, plate);
			this.shows.set(light, new Shows());
		}
	}

	/** The watcher of the gateway with this judge beside it. `offset` = error of the depot's clock, ms. */
	beside(inner: GatewayWatcher, offset: () => number): GatewayWatcher {
		this.offset = offset;
		return {
			started: (snapshot) => {
				this.started(snapshot);
				inner.started(snapshot);
			},
			failed: () => inner.failed(),
			signed: (toBeSigned, signature, signer) => inner.signed(toBeSigned, signature, signer),
			committed: (changes) => {
				inner.committed(changes);
				this.committed(changes);
			},
			published: (topic, bytes) => inner.published(topic, bytes),
			heard: (topic, bytes) => inner.heard(topic, bytes),
			stepped: () => inner.stepped(),
			logged: (code, fields) => inner.logged(code, fields),
		};
	}

	/** Lamps are told something, or lose their power. */
	showed(light: LightHost): void {
		this.shows.get(light.taxi.light)?.told(this.sim.now(), light.powered ? light.lamp.toldStars() : 0);
	}

	/** A light says what it shows; that it says the truth is another rule. */
	said(report: LightReport): void {
		const shows = this.shows.get(report.light);
		if (shows === undefined) return;
		if (report.refused !== undefined) shows.refused.add(report.refused.code);
		const byHash = report.grant === undefined ? null : this.signed.grantByHash(report.grant);
		for (const grant of [byHash, this.signed.grantOf(report.light, report.epoch, report.seq)]) {
			if (grant === null) continue;
			shows.shown.push({ trace: toHex(grant.message.trace), stars: report.shown });
			if (shows.shown.length > MAX_SHOWN) shows.shown.shift();
		}
	}

	/** After each event: nothing is open for longer than a lease; who is on duty where is noted. */
	afterStep(): void {
		const now = this.sim.now();
		for (const plate of this.plates.values()) {
			if (this.truth.driverOn(plate) == null) this.vacantAt.set(plate, now);
		}
		for (const [light, open] of this.open) {
			if (now <= open.until) continue;
			this.open.delete(light);
			this.report("R10-change-open", light, `change ${open.n} is open for ${now - open.since} ms, more than a lease`);
		}
	}

	/**
	 * At the end of a calm: what a light shows as owed is written as shown. Dark is believed late where its grant was lost, and at the
	 * next report where the change began by a clock that ran ahead.
	 */
	calm(light: LightId): void {
		const change = this.newest.get(light);
		const since = this.open.get(light)?.since ?? 0;
		if (change === undefined || this.sim.now() - since < SETTLED_MS || change.end?.what === "shown") return;
		if (change.stars === 0 && (change.end === null || change.end.at < change.openedAt)) return;
		this.report("R10-calm-not-shown", light, `change ${change.n} of ${change.stars} stars is ${wordOf(change.end)}`);
	}

	/** A process starts on what the store has; an older copy may have been put back. */
	private started(snapshot: Snapshot): void {
		const now = this.sim.now();
		const known = new Map(this.newest);
		this.newest.clear();
		this.highest = 0;
		for (const [light, change] of snapshot.changes) {
			this.newest.set(light, change);
			this.highest = Math.max(this.highest, change.n);
			const open = this.open.get(light);
			if (change.end !== null) this.open.delete(light);
			else if (open === undefined || open.n !== change.n || known.get(light)?.n !== change.n) this.opened(change, true);
			// By a clock that was stepped back a whole lease may be left.
			else this.open.set(light, { ...open, until: now + this.leaseMs + AFTER_START_MS, doubtful: true });
		}
		for (const light of this.open.keys()) if (!this.newest.has(light)) this.open.delete(light);
	}

	private opened(change: StarChange, doubtful: boolean): void {
		const since = this.sim.now();
		const until = since + this.leaseMs + (doubtful ? AFTER_START_MS : WRITTEN_MS);
		this.open.set(change.light, { n: change.n, since, until, doubtful });
	}

	private committed(changes: readonly Change[]): void {
		for (const row of changes) if (row.type === "star-change") this.row(row.change, row.follows);
	}

	private row(change: StarChange, follows: StarChange | null): void {
		const { light } = change;
		const before = this.newest.get(light) ?? null;
		this.newest.set(light, change);
		if (before?.n === change.n) {
			if (toHex(before.trace) !== toHex(change.trace) || before.stars !== change.stars || follows !== null)
				this.report("R10-change-chain", light, `change ${change.n} became another one`);
			if (change.end !== null) this.ended(before, change, null);
			return;
		}
		this.checkChain(before, change, follows);
		if (follows !== null && before !== null) this.ended(before, follows, change);
		this.open.delete(light);
		if (change.end === null) this.opened(change, Math.abs(this.offset()) > 0);
	}

	private checkChain(before: StarChange | null, change: StarChange, follows: StarChange | null): void {
		const { light, n } = change;
		const wrong = (words: string) => this.report("R10-change-chain", light, words);
		if (n <= this.highest) wrong(`change ${n} after ${this.highest}`);
		this.highest = Math.max(this.highest, n);
		if (change.before !== (before?.n ?? null))
			wrong(`change ${n} follows ${change.before}, the newest was ${before?.n}`);
		if ((follows?.n ?? null) !== (before?.n ?? null)) wrong(`change ${n} hands on ${follows?.n}, not ${before?.n}`);
		const trace = toHex(change.trace);
		if (this.traces.has(trace)) this.report("R10-trace-reused", light, `of change ${this.traces.get(trace)} by ${n}`);
		this.traces.set(trace, n);
	}

	/** A change ended, or another end took the place of its first one. `next` = the change that came first, if one did. */
	private ended(before: StarChange, after: StarChange, next: StarChange | null): void {
		const { end } = after;
		const open = this.open.get(after.light);
		this.open.delete(after.light);
		if (end === null) {
			this.report("R10-change-open", after.light, `change ${after.n} went to the history without an end`);
			return;
		}
		if (before.end !== null && sameEnd(before.end, end)) return;
		const wrong = this.wrongEnd(before, after, end, next, open ?? null);
		if (wrong !== null)
			this.report("R10-change-end", after.light, `change ${after.n} of ${after.stars} stars, ${wordOf(end)}: ${wrong}`);
	}

	private wrongEnd(
		before: StarChange,
		after: StarChange,
		end: ChangeEnd,
		next: StarChange | null,
		open: Open | null,
	): string | null {
		if (before.end !== null && (end.what !== "shown" || before.end.what === "shown"))
			return `it had ended before: ${wordOf(before.end)}`;
		const byNext = next !== null && end.by === toHex(next.trace);
		switch (end.what) {
			case "shown":
				return this.reallyShown(after, open) ? null : "its lamps did not show it";
			case "superseded":
				if (!byNext) return "it does not name the light's next change";
				return next.reason === "no-duty" || next.reason === "unbound" ? `the next one is ${next.reason}` : null;
			case "not-due":
				if (!byNext) return "it does not name the light's next change";
				return next.reason === "no-duty" && this.wasVacant(after.light) ? null : "somebody is on duty there";
			case "revoked":
				// Lights stay on their vehicles here.
				return "the light was never unbound";
			case "expired":
				if (open === null || open.doubtful || Math.abs(this.offset()) > 0) return null;
				return this.sim.now() - open.since >= this.leaseMs - WRITTEN_MS ? null : "no lease has gone by";
			case "refused":
				return this.shows.get(after.light)?.refused.has(end.by ?? "") ? null : `it never said ${end.by}`;
			case "acked":
				return "these lights are no plain ones";
		}
	}

	/** Lit: it said so by a grant with this trace. Dark: its lamps were dark after the change began. */
	private reallyShown({ light, stars, trace }: StarChange, open: Open | null): boolean {
		const shows = this.shows.get(light);
		if (shows === undefined) return false;
		if (stars > 0) return shows.shown.some((one) => one.stars === stars && one.trace === toHex(trace));
		return shows.wasDark((open?.since ?? this.sim.now()) - WRITTEN_MS);
	}

	private wasVacant(light: LightId): boolean {
		const at = this.vacantAt.get(this.plates.get(light) ?? "");
		return at !== undefined && this.sim.now() - at <= WRITTEN_MS + AFTER_START_MS;
	}
}

const sameEnd = (a: ChangeEnd, b: ChangeEnd): boolean => a.what === b.what && a.by === b.by && a.at === b.at;
const wordOf = (end: ChangeEnd | null): string => (end === null ? "open" : `${end.what}(${end.by ?? ""})`);
