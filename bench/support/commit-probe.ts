import { join } from "node:path";
import type { Change } from "../../gateway/core/model.ts";
import { type DepotStore, openSqliteStore } from "../../gateway/store/sqlite-store.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import { seconds, unixMs, unixSeconds } from "../../protocol/wire/units.ts";
import { machineMs } from "./clock.ts";
import { benchFailed } from "./failure.ts";

const LIGHT = parseLightId("PDS00000001H");
const bytes = (fill: number): Uint8Array => new Uint8Array(8).fill(fill);

/** The rows that one changed rating stores in one transaction: rating, pull, facts of the depot, outbox entry, change of star. */
function rowsOf(n: number): Change[] {
	if (LIGHT === null) throw benchFailed("The probe's light id is none.");
	const at = unixMs(1_800_000_000_000 + n);
	const asOf = unixSeconds(1_790_000_000);
	const pull = `P${n}`;
	const meta = {
		fleet: "bench",
		epoch: 1,
		epochTakenAt: asOf,
		storedTime: unixSeconds(1_800_000_000 + n),
		notice: null,
	};
	const counters = { blankDue: false, namedAbove: [], nextDriver: 2, nextVehicle: 2, nextDuty: 2, nextPull: n + 2 };
	const counts = {
		rows: 100,
		accepted: 100,
		quarantined: [],
		added: 0,
		changed: 1,
		removed: 0,
		lowered: 0,
		heldFor: [],
	};
	const change = { n: n + 1, before: n, trace: bytes(n), light: LIGHT, vehicle: "V1", driver: "D1", stars: 5 } as const;
	const rests = { reason: "rated", asOf, pull, duty: "S1", policy: bytes(3), openedAt: at, end: null } as const;
	const grant = { light: LIGHT, epoch: 1, seq: n + 1, stars: 5, driver: "D1", issuedAt: asOf, notAfter: asOf } as const;
	const lease = { leaseS: seconds(3600), resumes: 0, resumeS: seconds(0), asOf, policy: bytes(3), trace: bytes(n) };
	const rating = { grade: "AAA", score: 20, period: "2026年度", asOf, pull } as const;
	const about = { id: pull, source: "csv", name: "list.csv", contentHash: String(n).padStart(64, "0"), at };
	return [
		{ type: "rating", driver: "D1", rating },
		{ type: "pull", pull: { ...about, ...counts, status: "applied" }, changes: null },
		{
			type: "star-change",
			change: { ...change, ...rests },
			follows: n === 0 ? null : { ...change, ...rests, n, before: n - 1 },
		},
		{ type: "entry", entry: { ...grant, ...lease, ask: bytes(7), signed: null } },
		{ type: "meta", meta: { ...meta, ...counters } },
	];
}

/** Durable commits of the gateway's rows in a second store of the same folder. */
export class CommitProbe {
	private readonly store: DepotStore;
	private n = 0;

	private constructor(store: DepotStore) {
		this.store = store;
	}

	static async open(folder: string): Promise<CommitProbe> {
		return new CommitProbe(await openSqliteStore(join(folder, "probe.db"), { fleet: "bench" }));
	}

	/** One commit; milliseconds until it is on the disk. */
	async once(): Promise<number> {
		const rows = rowsOf(this.n++);
		const from = machineMs();
		await this.store.commit(rows);
		return machineMs() - from;
	}

	close(): Promise<void> {
		return this.store.close();
	}
}
