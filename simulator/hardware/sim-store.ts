import { freshMeta } from "../../gateway/core/fresh-meta.ts";
import type { Change, Duty, Pull, RatingChange, Snapshot, StarChange } from "../../gateway/core/model.ts";
import { CodedError } from "../../protocol/wire/errors.ts";

/** The same number of pulls as the contract's snapshot names. */
const MAX_PULLS = 50;

const KINDS: ReadonlySet<string> = new Set<Change["type"]>([
	"meta",
	"driver",
	"rating",
	"rating-removed",
	"vehicle",
	"vehicle-removed",
	"duty",
	"light",
	"entry",
	"observed",
	"pull",
	"star-change",
	"history-pruned",
	"policy",
]);

type Mutable<M> = M extends ReadonlyMap<infer K, infer V> ? Map<K, V> : M extends readonly (infer E)[] ? E[] : M;
type State = { -readonly [P in keyof Snapshot]: Mutable<Snapshot[P]> };

/** A new depot's empty store. */
export function emptySnapshot(fleet: string): Snapshot {
	return {
		meta: freshMeta(fleet),
		drivers: new Map(),
		ratings: new Map(),
		vehicles: new Map(),
		duties: new Map(),
		lights: new Map(),
		entries: new Map(),
		observed: new Map(),
		pulls: [],
		heldChanges: new Map(),
		changes: new Map(),
		policy: null,
	};
}

function copy(from: Snapshot): State {
	return {
		meta: from.meta,
		drivers: new Map(from.drivers),
		ratings: new Map(from.ratings),
		vehicles: new Map(from.vehicles),
		duties: new Map(from.duties),
		lights: new Map(from.lights),
		entries: new Map(from.entries),
		observed: new Map(from.observed),
		pulls: [...from.pulls],
		heldChanges: new Map(from.heldChanges),
		changes: new Map(from.changes),
		policy: from.policy,
	};
}

/**
 * The store of a simulated depot: what was committed, and nothing else, is there after a crash. Older copies can be kept and put
 * back, as an operator does with a backup.
 */
export class SimStore {
	private state: State;
	/** The duty that ended last of each vehicle and of each driver. */
	private readonly ended = new Map<string, Duty>();
	/** Changes that another one followed, oldest first. */
	private history: StarChange[] = [];

	constructor(snapshot: Snapshot) {
		this.state = copy(snapshot);
		for (const duty of snapshot.ended ?? []) this.noteEnded(duty);
	}

	/** All that was committed, as a picture of its own. */
	snapshot(): Snapshot {
		return { ...copy(this.state), ended: [...new Set(this.ended.values())] };
	}

	/** What is committed now, for looking only. */
	view(): Snapshot {
		return this.state;
	}

	/**
	 * Makes all changes, in order, at once; none if one is of an unknown kind (`change-unknown`). Records are immutable, so a
	 * picture needs no deep copy.
	 */
	commit(changes: readonly Change[]): void {
		for (const change of changes) if (!KINDS.has(change.type)) throw unknownChange(change.type);
		for (const change of changes) this.apply(change);
	}

	/** Changes that another one followed, oldest first. */
	followed(): readonly StarChange[] {
		return this.history;
	}

	/** Changes of one light before its newest: from change `n` back, newest first, at most `limit`. */
	changesBefore(n: number | null, limit: number): readonly StarChange[] {
		const found: StarChange[] = [];
		for (let next = n; next !== null && found.length < limit; ) {
			const change = this.history.findLast((one) => one.n === next);
			if (change === undefined) break;
			found.push(change);
			next = change.before;
		}
		return found;
	}

	/** Puts an older picture back in place of the present one. */
	restore(snapshot: Snapshot): void {
		this.state = copy(snapshot);
		this.history = [];
		this.ended.clear();
		for (const duty of snapshot.ended ?? []) this.noteEnded(duty);
	}

	private noteEnded(duty: Duty): void {
		for (const key of [`vehicle ${duty.vehicle}`, `driver ${duty.driver}`]) {
			if ((duty.until ?? 0) >= (this.ended.get(key)?.until ?? 0)) this.ended.set(key, duty);
		}
	}

	private apply(change: Change): void {
		const s = this.state;
		switch (change.type) {
			case "meta":
				s.meta = change.meta;
				break;
			case "driver":
				s.drivers.set(change.driver.key, change.driver);
				break;
			case "rating":
				s.ratings.set(change.driver, change.rating);
				break;
			case "rating-removed":
				s.ratings.delete(change.driver);
				break;
			case "vehicle":
				s.vehicles.set(change.vehicle.key, change.vehicle);
				break;
			case "vehicle-removed":
				s.vehicles.delete(change.vehicle);
				break;
			case "duty":
				this.applyDuty(change.duty);
				break;
			case "light":
				s.lights.set(change.light.light, change.light);
				break;
			case "entry":
				s.entries.set(change.entry.light, change.entry);
				break;
			case "observed":
				s.observed.set(change.observed.light, change.observed);
				break;
			case "pull":
				this.applyPull(change.pull, change.changes);
				break;
			case "star-change":
				s.changes.set(change.change.light, change.change);
				if (change.follows !== null) this.history.push(change.follows);
				break;
			case "history-pruned":
				this.history = this.history.filter((c) => c.openedAt >= change.before);
				break;
			case "policy":
				s.policy = change.active;
				break;
		}
	}

	private applyDuty(duty: Duty): void {
		if (duty.until === null) this.state.duties.set(duty.id, duty);
		else {
			this.state.duties.delete(duty.id);
			this.noteEnded(duty);
		}
	}

	/** A pull keeps its changes only while it is held. */
	private applyPull(pull: Pull, changes: readonly RatingChange[] | null): void {
		const s = this.state;
		const at = s.pulls.findIndex((p) => p.id === pull.id);
		if (at >= 0) s.pulls[at] = pull;
		else s.pulls.push(pull);
		if (pull.status === "held") {
			if (changes !== null) s.heldChanges.set(pull.id, changes);
		} else s.heldChanges.delete(pull.id);
		while (s.pulls.length > MAX_PULLS) {
			const oldest = s.pulls.findIndex((p) => p.status !== "held");
			if (oldest < 0) break;
			s.pulls.splice(oldest, 1);
		}
	}
}

const unknownChange = (type: string): CodedError =>
	new CodedError("change-unknown", `The store has no place for a change of type "${type}".`, {
		fault: "internal",
		next: "Teach the simulated store what the real one was taught.",
	});
