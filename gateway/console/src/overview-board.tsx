import { shortAge } from "./age.ts";
import { starPath } from "./lamp.tsx";
import type { Overview } from "./overview-data.ts";
import type { Summary } from "./overview-figures.ts";
import { depot, slow, words } from "./state.ts";
import { type OverviewWords, overviewWords } from "./words-overview.ts";

const n = (count: number): string => count.toLocaleString("en");

/** One block of the way: its name, how many stand in it, and a few words. */
interface Stop {
	readonly key: string;
	readonly name: string;
	readonly count: string;
	readonly note: string;
}

const agoOf = (at: number, w: OverviewWords): string => {
	const s = Math.max(0, (slow.value - at) / 1000);
	return s < 60 ? w.moment : shortAge(s, words.value);
};

/** The newest pull, all of it: a held one has its own age, and says that its rows are not the ratings in force. */
function intakeOf({ newest, appliedAt }: Overview["pulls"], w: OverviewWords): Stop {
	if (newest === null) return { key: "intake", name: w.intake, count: "—", note: w.noPull };
	const { status, source, at } = newest;
	const waits = status === "held" || status === "rejected";
	// The same list pulled again is no newer pull, but was seen later.
	const note = w.intakeNote(source, agoOf(waits ? at : (appliedAt ?? at), w));
	return {
		key: "intake",
		name: status === "held" ? w.intakeHeld : status === "rejected" ? w.intakeRejected : w.intake,
		count: n(newest.rows),
		note: waits ? `${note}${w.notInForce}` : note,
	};
}

function stopsOf(of: Summary, told: Overview): readonly Stop[] {
	const w = overviewWords();
	const { pulls, records } = told;
	const policy = depot.value?.policy;
	const held = pulls.held > 0 && pulls.newest?.status !== "held" ? `${w.and}${w.held(n(pulls.held))}` : "";
	return [
		intakeOf(pulls, w),
		{ key: "ratings", name: w.ratings, count: n(records.ratings), note: `${w.ratingsNote(n(records.drivers))}${held}` },
		{
			key: "policy",
			name: w.policy,
			count: policy?.name ?? "—",
			note: policy === undefined ? "" : w.policyNote(policy.maxAgeDays),
		},
		{ key: "duty", name: w.duty, count: n(of.onDuty), note: w.dutyNote(n(of.lights - of.onDuty)) },
		{ key: "grants", name: w.grants, count: n(of.owing), note: w.grantsNote },
	];
}

function outboxOf(told: Overview): { readonly name: string; readonly note: string } {
	const w = overviewWords();
	const { heard, absent } = told.channels.mqtt.outbox;
	const waits =
		heard.entries === 0
			? w.outboxNone
			: w.outboxNote(heard.oldestS < 60 ? w.seconds(heard.oldestS.toFixed(1)) : shortAge(heard.oldestS, words.value));
	const more = absent.entries === 0 ? "" : `${w.and}${w.absent(n(absent.entries))}`;
	return { name: w.outboxOf(n(heard.entries)), note: `${waits}${more}` };
}

const handsOf = ({ status: s }: Summary): number => s.differs + s.refused + s.fault;

/** Where each block begins on the board, 1392 wide; the outbox's siding and the glass follow. */
const BEGINS = [24, 238, 430, 668, 838] as const;
const SIDING = 1000;
const GLASS = 1180;
const RAIL = 104;

/** Wagons in the siding: one for each grant that waits, six at most. */
const WAGONS = 6;

function Drawn({ of, told }: { readonly of: Summary; readonly told: Overview }) {
	const w = overviewWords();
	const outbox = outboxOf(told);
	const waits = Math.min(WAGONS, told.channels.mqtt.outbox.heard.entries);
	const quarantined = told.pulls.newest?.quarantined ?? 0;
	const { status } = of;
	return (
		<svg viewBox="0 0 1392 224" role="presentation">
			<path class="tk" d={`M24 ${RAIL}H1318`} />
			{quarantined > 0 && <path class="tk2" d={`M140 ${RAIL} 166 184H214M214 174V194`} />}
			<path class="tk2" d={`M${SIDING - 14} ${RAIL} ${SIDING + 8} 74H${SIDING + 104}L${SIDING + 126} ${RAIL}`} />
			{[...BEGINS.slice(1), SIDING - 26, GLASS - 26].map((x) => (
				<path key={x} class="jt" d={`M${x - 12} ${RAIL - 8}V${RAIL + 8}`} />
			))}
			{stopsOf(of, told).map((stop, i) => (
				<g key={stop.key} data-stop={stop.key}>
					<text class="nm" x={BEGINS[i]} y={RAIL - 30}>
						{stop.name}
					</text>
					<text class="ct" x={BEGINS[i]} y={RAIL + 34}>
						{stop.count}
					</text>
					<text class="nt" x={BEGINS[i]} y={RAIL + 54}>
						{stop.note}
					</text>
				</g>
			))}
			{quarantined > 0 && (
				<>
					<text class="nm" x="226" y="182">
						{w.quarantine(n(quarantined))}
					</text>
					<text class="nt" x="226" y="200">
						{w.quarantineNote}
					</text>
				</>
			)}
			{Array.from({ length: waits }, (_, i) => (
				<rect key={i} class="wagon" x={SIDING + 18 + i * 13} y="68" width="11" height="12" />
			))}
			<text class="nm" x={SIDING} y="40">
				{outbox.name}
			</text>
			<text class="nt" x={SIDING} y="58">
				{outbox.note}
			</text>
			<text class="nm" x={GLASS} y={RAIL - 30}>
				{`${w.glass} mqtt ${n(of.lights)}`}
			</text>
			<text class="ct" x={GLASS} y={RAIL + 34}>
				{w.glassRight(n(status.right))}
			</text>
			<text class="nt" x={GLASS} y={RAIL + 54}>
				{w.glassNote(n(status.moving), n(status.silent), n(handsOf(of)))}
			</text>
			<rect class="gl" x="1318" y={RAIL - 16} width="50" height="32" rx="2" />
			<path class={status.right > 0 ? "w lit" : "w off"} d={starPath(1343, RAIL + 0.5, 9.5)} />
		</svg>
	);
}

/** The way from the rating to the glass as a track plan; on a narrow screen, and for who reads by ear, as a list. */
export function Board({ of, told }: { readonly of: Summary; readonly told: Overview }) {
	const w = overviewWords();
	const quarantined = told.pulls.newest?.quarantined ?? 0;
	const { heard } = told.channels.mqtt.outbox;
	const { status } = of;
	const all: readonly Stop[] = [
		...stopsOf(of, told),
		{ key: "outbox", name: w.outbox, count: n(heard.entries), note: outboxOf(told).note },
		{
			key: "glass",
			name: w.glass,
			count: n(of.lights),
			note: `${w.glassRight(n(status.right))}${w.between}${w.glassNote(n(status.moving), n(status.silent), n(handsOf(of)))}`,
		},
	];
	return (
		<section class="sec">
			<header>
				<h2>{w.way}</h2>
				<p>{w.wayNote(told.pulls.appliedAt === null ? null : agoOf(told.pulls.appliedAt, w))}</p>
			</header>
			<div class="mimic" aria-hidden="true">
				<Drawn of={of} told={told} />
			</div>
			<ol class="vline">
				{all.map((stop) => (
					<li key={stop.key}>
						<b>{stop.name}</b>
						<span class="q">
							{stop.note}
							{stop.key === "intake" && quarantined > 0 && `${w.and}${w.quarantine(n(quarantined))}`}
						</span>
						<span class="v">{stop.count}</span>
					</li>
				))}
			</ol>
		</section>
	);
}
