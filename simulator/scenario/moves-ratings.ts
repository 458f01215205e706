import type { CommandAnswer, RatedRow } from "../../gateway/core/types.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { unixSeconds } from "../../protocol/wire/units.ts";
import type { Prng } from "../random/prng.ts";
import type { Move } from "./moves.ts";
import { drawRating, MAX_AGE_DAYS } from "./setup.ts";
import { starsOf } from "./star-table.ts";
import type { World } from "./world.ts";

const DAY_S = 86_400;
/** A clock that is off by less is taken for right. */
const BRIDGED_MS = 5000;

type Changes = ReadonlyMap<string, RatedRow | null>;
type Expected = "applied" | "held" | "either";

/** The judge's own rule: held when it removes over 2 % of the rated drivers, or lowers the stars of over 5 %. */
function expectedOf(world: World, changes: Changes): Expected {
	const { truth } = world;
	const now = world.depotS();
	const before = truth.allRatings().size;
	let [removed, lowered] = [0, 0];
	for (const [certificate, row] of changes) {
		if (row === null) removed++;
		else if (starsOf(row, now, MAX_AGE_DAYS) < truth.starsNow(certificate, now)) lowered++;
	}
	if (before > 0 && removed > 0.02 * before) return "held";
	// With a clock that is not trusted the depot compares stars at another time.
	if (Math.abs(world.gateway.clock.offset()) > BRIDGED_MS) return "either";
	return before > 0 && lowered > 0.05 * before ? "held" : "applied";
}

/** The whole file after `changes`, as a bureau would export it, and the call that brings it. False while another pull is open. */
export function pull(world: World, random: Prng, changes: Changes): boolean {
	const { truth } = world;
	if (truth.ratingsOpen()) return false;
	const expected = expectedOf(world, changes);
	const next = new Map<string, RatedRow>(truth.allRatings());
	for (const [certificate, row] of changes) {
		if (row === null) next.delete(certificate);
		else next.set(certificate, row);
	}
	const rows = [...next.values()].map((row, i) => ({ ...row, row: i + 1 }));
	truth.openRatings(changes);
	world.caller.call(
		{
			what: "ratings-pull",
			source: "csv",
			name: "simulated.csv",
			contentHash: toHex(random.bytes(32)),
			rows: rows.length,
			accepted: rows,
			quarantined: [],
		},
		(answer) => settlePull(world, answer, changes, expected),
	);
	return true;
}

function settlePull(world: World, answer: CommandAnswer, changes: Changes, expected: Expected): void {
	const status = answer.ok ? answer.value.status : answer.code;
	world.truth.settleRatings(status === "applied" || status === "unchanged");
	// Only the newest pull may wait for a person: the ones before were compared with other ratings.
	for (const id of [...world.truth.heldPulls().keys()]) world.truth.dropHeld(id);
	if (status === "held") world.truth.hold(String(answer.ok ? answer.value.pull : ""), changes);
	if (expected !== "either" && status !== expected && status !== "unchanged") {
		world.report("R3-held-rule", null, `a pull that had to be ${expected} was ${status}`);
	}
}

/** Drivers whose light is lit are hit first: a change that no lamp shows tests little. */
function rated(world: World, random: Prng, count: number): readonly RatedRow[] {
	const rows = [...world.truth.allRatings().values()];
	const onDuty = rows.filter((row) => world.truth.plateOf(row.certificate) !== null);
	return random.shuffle(onDuty.length >= count ? onDuty : rows).slice(0, count);
}

function settleHeld(world: World, accept: boolean): boolean {
	const [first] = world.truth.heldPulls();
	if (first === undefined || world.truth.ratingsOpen()) return false;
	const [id, changes] = first;
	if (accept) world.truth.openRatings(changes);
	world.truth.dropHeld(id);
	world.caller.call({ what: accept ? "held-accept" : "held-reject", pull: id }, () => {
		// An answer to a repeated call may say that it was done before; either way the pull is settled.
		if (accept) world.truth.settleRatings(true);
	});
	return true;
}

export const RATING_MOVES: readonly Move[] = [
	{
		kind: "pull",
		deals: 2,
		run(world, random) {
			// Those who were dropped from the file come back to it, a few at a time.
			const missing = world.setup.certificates.filter((c) => world.truth.rating(c) === null);
			const names = [...rated(world, random, 3).map((row) => row.certificate), ...missing.slice(0, 6)];
			const changes = names.map((c, i): [string, RatedRow] => [c, drawRating(random, c, i + 1, world.depotS())]);
			return pull(world, random, new Map(changes));
		},
	},
	{
		kind: "pull-ageing",
		deals: 2,
		run(world, random) {
			const asOf = unixSeconds(world.depotS() - MAX_AGE_DAYS * DAY_S + random.int(15, 240));
			const changes = rated(world, random, 3).map((row): [string, RatedRow] => [
				row.certificate,
				{ ...row, grade: "AAA", score: 25, asOf },
			]);
			return world.gateway.clock.offset() === 0 && pull(world, random, new Map(changes));
		},
	},
	{
		kind: "pull-drop-one",
		deals: 1,
		run(world, random) {
			const [row] = rated(world, random, 1);
			return row !== undefined && pull(world, random, new Map([[row.certificate, null]]));
		},
	},
	{
		kind: "pull-drop-many",
		deals: 2,
		run(world, random) {
			const changes = rated(world, random, 12).map((row): [string, null] => [row.certificate, null]);
			return changes.length === 12 && pull(world, random, new Map(changes));
		},
	},
	{
		kind: "pull-lower-many",
		deals: 2,
		run(world, random) {
			const now = world.depotS();
			const high = [...world.truth.allRatings().values()].filter((r) => world.truth.starsNow(r.certificate, now) >= 3);
			const changes = random
				.shuffle(high)
				.slice(0, 16)
				.map((row): [string, RatedRow] => [row.certificate, { ...row, grade: "B", score: 1 }]);
			return changes.length === 16 && pull(world, random, new Map(changes));
		},
	},
	{ kind: "held-accept", deals: 1, run: (world) => settleHeld(world, true) },
	{ kind: "held-reject", deals: 1, run: (world) => settleHeld(world, false) },
];
