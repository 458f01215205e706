import type { DepotFigures } from "../figures/figures.ts";

/** Every alarm there is: one for a condition of the depot, never one for each light. */
export const ALARM_CODES = [
	"clock-not-trusted",
	"store-failing",
	"broker-port-closed",
	"disk-nearly-full",
	"right-star-share-low",
	"lights-silent",
	"no-pull",
	"pull-held",
	"lamp-faults",
] as const;
export type AlarmCode = (typeof ALARM_CODES)[number];

/** `critical`: stars are wrong, or will be within a lease. `warning`: somebody should look today. */
export type Severity = "critical" | "warning";

export const SEVERITY: Readonly<Record<AlarmCode, Severity>> = {
	"clock-not-trusted": "critical",
	"store-failing": "critical",
	"broker-port-closed": "critical",
	"disk-nearly-full": "critical",
	"right-star-share-low": "critical",
	"lights-silent": "warning",
	"no-pull": "warning",
	"pull-held": "warning",
	"lamp-faults": "warning",
};

/** From when on a person is told; from the settings. */
export interface AlarmLimits {
	/** Hours without a pull that holds; 0 = no such alarm. */
	readonly pullHours: number;
	/** Share of the lights on duty that must show what is owed. */
	readonly rightShare: number;
	/** For how long it may be less. */
	readonly rightShareMinutes: number;
	/** Silent lights on duty: at least so many, and at least this share of those on duty. */
	readonly silentLights: number;
	readonly silentShare: number;
	readonly diskFreeMib: number;
}

/** What is looked at. */
export interface AlarmFacts {
	readonly figures: DepotFigures;
	readonly storeOk: boolean;
	readonly brokerOpen: boolean;
	/** null = not known. */
	readonly diskFreeBytes: number | null;
	/** Since the gateway's start, seconds. */
	readonly upS: number;
}

/** Figures behind an alarm, for its text. */
export type AlarmDetail = Readonly<Record<string, number | string>>;

/** One condition now. `between` is neither bad enough to raise nor good enough to clear: what stands goes on standing. */
export interface Reading {
	readonly code: AlarmCode;
	readonly level: "bad" | "between" | "good";
	/** How long it must be bad before it is raised, and good before it is cleared. */
	readonly raiseAfterS: number;
	readonly clearAfterS: number;
	readonly detail: AlarmDetail;
}

/** Nothing is told that is over in a breath, nor by a gateway that dies again at once. */
const BRIEF_S = 30;
const CLEAR_S = 300;
/** The share must be better by so much before its alarm is cleared. */
const SHARE_BAND = 0.02;
const MIB = 1024 * 1024;

const bad = (is: boolean): Reading["level"] => (is ? "bad" : "good");

/** Three decimals: a share for people. */
const share = (part: number, whole: number): number => Math.round((part / whole) * 1000) / 1000;

function onDuty(figures: DepotFigures): { all: number; right: number; silent: number } {
	const sum = { all: 0, right: 0, silent: 0 };
	for (const channel of Object.values(figures.channels)) {
		sum.all += channel.onDuty;
		sum.right += channel.onDutyRight;
		sum.silent += channel.onDutySilent;
	}
	return sum;
}

function rightShare({ figures }: AlarmFacts, limits: AlarmLimits): Reading {
	const { all, right } = onDuty(figures);
	const now = all === 0 ? 1 : right / all;
	const clears = now >= Math.min(1, limits.rightShare + SHARE_BAND);
	return {
		code: "right-star-share-low",
		level: now < limits.rightShare ? "bad" : clears ? "good" : "between",
		raiseAfterS: Math.max(BRIEF_S, limits.rightShareMinutes * 60),
		clearAfterS: CLEAR_S,
		detail: { share: all === 0 ? 1 : share(right, all), limit: limits.rightShare, right, onDuty: all },
	};
}

function silent({ figures }: AlarmFacts, limits: AlarmLimits): Reading {
	const { all, silent: quiet } = onDuty(figures);
	const part = all === 0 ? 0 : quiet / all;
	const many = quiet >= limits.silentLights && part >= limits.silentShare && quiet > 0;
	const few = quiet < limits.silentLights * 0.75 || part < limits.silentShare * 0.75 || quiet === 0;
	return {
		code: "lights-silent",
		level: many ? "bad" : few ? "good" : "between",
		raiseAfterS: 120,
		clearAfterS: CLEAR_S,
		detail: { silent: quiet, onDuty: all },
	};
}

function noPull({ figures, upS }: AlarmFacts, limits: AlarmLimits): Reading {
	// A depot that never had a pull counts from its start, so that nobody waits for the first one in silence.
	const ageS = figures.pulls.appliedAgeS ?? upS;
	const hours = Math.floor(ageS / 3600);
	return {
		code: "no-pull",
		level: bad(limits.pullHours > 0 && ageS > limits.pullHours * 3600),
		raiseAfterS: BRIEF_S,
		clearAfterS: BRIEF_S,
		detail: { hours, limit: limits.pullHours, outcome: figures.pulls.outcome ?? "none" },
	};
}

function disk({ diskFreeBytes }: AlarmFacts, limits: AlarmLimits): Reading {
	const free = diskFreeBytes === null ? null : diskFreeBytes / MIB;
	const enough = free === null || free >= limits.diskFreeMib * 1.2;
	return {
		code: "disk-nearly-full",
		level: free !== null && free < limits.diskFreeMib ? "bad" : enough ? "good" : "between",
		raiseAfterS: BRIEF_S,
		clearAfterS: CLEAR_S,
		detail: { freeMiB: free === null ? -1 : Math.floor(free), limit: limits.diskFreeMib },
	};
}

/** Every condition as it is now, worst kind first. Pure: what holds how long is the reducer's. */
export function readConditions(facts: AlarmFacts, limits: AlarmLimits): Reading[] {
	const { figures } = facts;
	const simple = (code: AlarmCode, isBad: boolean, detail: AlarmDetail, raiseAfterS = BRIEF_S): Reading => ({
		code,
		level: bad(isBad),
		raiseAfterS,
		clearAfterS: CLEAR_S,
		detail,
	});
	const faults = Object.values(figures.channels).reduce((sum, channel) => sum + channel.status.fault, 0);
	return [
		simple("clock-not-trusted", figures.clock !== "trusted", { clock: figures.clock }),
		simple("store-failing", !facts.storeOk, {}),
		simple("broker-port-closed", !facts.brokerOpen, {}),
		disk(facts, limits),
		rightShare(facts, limits),
		silent(facts, limits),
		noPull(facts, limits),
		simple("pull-held", figures.pulls.held > 0, { held: figures.pulls.held }),
		// A loose contact while a car is washed is no alarm; a lamp that stays dark for ten minutes is.
		simple("lamp-faults", faults > 0, { lights: faults, some: figures.faulty.join(" ") }, 600),
	];
}
