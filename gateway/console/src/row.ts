import type { LightStatus, LightView } from "../../core/types.ts";

/** One light as the console keeps it: the row as it came, and when, on this page's clock. */
export interface Row {
	readonly view: LightView;
	/** Milliseconds of the page's clock at which the row was received: ages go on from here. */
	readonly at: number;
}

/** States in the order of the tally: what is well first. */
export const STATUSES: readonly LightStatus[] = ["right", "acked", "moving", "differs", "refused", "silent", "fault"];

/** What a person has to look at. */
export const needsPerson = (view: LightView): boolean =>
	view.status === "fault" || view.status === "differs" || view.status === "refused";

/** A star too many is the worst that can be; then refusals that look like forgery, faults, differences. */
function severity(view: LightView): number {
	if (view.status === "differs" && view.observed !== null && view.observed > view.desired) return 0;
	if (view.status === "refused") return 1;
	if (view.status === "fault") return 2;
	if (view.status === "differs") return 3;
	if (view.status === "silent" && view.onDuty) return 4;
	return 9;
}

const byPlate = (a: Row, b: Row): number => {
	const x = a.view.plate ?? a.view.light;
	const y = b.view.plate ?? b.view.light;
	return x < y ? -1 : x > y ? 1 : 0;
};

/** Worst first, then by plate. */
export const byUrgency = (a: Row, b: Row): number => severity(a.view) - severity(b.view) || byPlate(a, b);

/** A plate as it is searched: upper case, without dots and blanks, full-width letters and digits as ASCII. */
export const searchKey = (text: string): string =>
	text
		.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
		.replace(/[·•・.\s-]/g, "")
		.toUpperCase();

export interface Filter {
	readonly text: string;
	readonly status: LightStatus | null;
}

export const matches = (view: LightView, filter: Filter): boolean =>
	(filter.status === null || view.status === filter.status) &&
	(filter.text === "" ||
		searchKey(view.plate ?? "").includes(searchKey(filter.text)) ||
		view.light.includes(searchKey(filter.text)));

export interface Wall {
	/** Need a person, worst first. */
	readonly hands: readonly Row[];
	/** Silent while a driver is signed in: what they show is not known. */
	readonly silent: readonly Row[];
	/** The rest, by company in order of name; lights without a company last. */
	readonly companies: readonly {
		readonly name: string | null;
		readonly rows: readonly Row[];
		readonly onDuty: number;
	}[];
}

/** Sorts filtered rows into the wall's groups. */
export function arrange(rows: Iterable<Row>, filter: Filter): Wall {
	const hands: Row[] = [];
	const silent: Row[] = [];
	const companies = new Map<string | null, Row[]>();
	for (const row of rows) {
		if (!matches(row.view, filter)) continue;
		if (needsPerson(row.view)) hands.push(row);
		else if (row.view.status === "silent" && row.view.onDuty) silent.push(row);
		else {
			const group = companies.get(row.view.company);
			if (group === undefined) companies.set(row.view.company, [row]);
			else group.push(row);
		}
	}
	const names = [...companies.keys()].sort((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
	return {
		hands: hands.sort(byUrgency),
		silent: silent.sort(byUrgency),
		companies: names.map((name) => {
			const group = (companies.get(name) ?? []).sort(byPlate);
			return { name, rows: group, onDuty: group.filter((r) => r.view.onDuty).length };
		}),
	};
}

/** How many lights are in each state. */
export function tally(rows: Iterable<Row>): Readonly<Record<LightStatus, number>> {
	const counts: Record<LightStatus, number> = {
		right: 0,
		acked: 0,
		moving: 0,
		differs: 0,
		refused: 0,
		silent: 0,
		fault: 0,
	};
	for (const row of rows) counts[row.view.status] += 1;
	return counts;
}

/** Age of truth now: the row's own, and the time since it came. null = nobody on duty, nothing to be old. */
export const ageNow = (row: Row, now: number): number | null =>
	row.view.ageS === null ? null : row.view.ageS + Math.max(0, Math.floor((now - row.at) / 1000));

/** `豫D·T0001`: province and letter, a dot, the serial. */
export function plateParts(plate: string): readonly [string, string] {
	return [plate.slice(0, 2), plate.slice(2)];
}
