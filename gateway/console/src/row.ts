import type { LightStatus, LightView } from "../../core/types.ts";

/** One light as the console keeps it: the row as it came, when it came on the page's clock, and how its plate is searched. */
export interface Row {
	readonly view: LightView;
	/** Milliseconds of the page's clock at which the row was received: ages go on from here. */
	readonly at: number;
	/** `searchKey` of the plate, made once. */
	readonly key: string;
}

/** All lights. `order` = ids by company, then by plate; kept as it is while no light comes, goes or changes its plate. */
export interface Lights {
	readonly byId: ReadonlyMap<string, Row>;
	readonly order: readonly string[];
}

export const NO_LIGHTS: Lights = { byId: new Map(), order: [] };

/** States in the order of the tally: what is well first. */
export const STATUSES: readonly LightStatus[] = ["right", "acked", "moving", "differs", "refused", "silent", "fault"];

/** A plate as it is searched: upper case, without dots and blanks, full-width letters and digits as ASCII. */
export const searchKey = (text: string): string =>
	text
		.normalize("NFKC")
		.replace(/[\s·•・‧∙⋅.\-_]/g, "")
		.toUpperCase();

const rowOf = (view: LightView, at: number): Row => ({ view, at, key: searchKey(view.plate ?? "") });

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Companies by name, lights without one last; inside a company by plate, lights without one last; then by id. */
function byPlace(a: Row, b: Row): number {
	const x = a.view;
	const y = b.view;
	if (x.company !== y.company) return x.company === null ? 1 : y.company === null ? -1 : compare(x.company, y.company);
	if (a.key !== b.key) return a.key === "" ? 1 : b.key === "" ? -1 : compare(a.key, b.key);
	return compare(x.light, y.light);
}

const sorted = (byId: ReadonlyMap<string, Row>): string[] => [...byId.values()].sort(byPlace).map((r) => r.view.light);

/** A snapshot replaces everything: what it does not name is gone. */
export function replaceAll(views: readonly LightView[], at: number): Lights {
	const byId = new Map<string, Row>(views.map((view) => [view.light, rowOf(view, at)]));
	return { byId, order: sorted(byId) };
}

/** A batch replaces the rows that it names and leaves the rest untouched, the very same objects. */
export function applyBatch(lights: Lights, views: readonly LightView[], at: number): Lights {
	const byId = new Map(lights.byId);
	let moved = false;
	for (const view of views) {
		const old = byId.get(view.light)?.view;
		moved ||= old === undefined || old.plate !== view.plate || old.company !== view.company;
		byId.set(view.light, rowOf(view, at));
	}
	return { byId, order: moved ? sorted(byId) : lights.order };
}

export interface Filter {
	readonly text: string;
	readonly status: LightStatus | null;
}

/** Tells whether a light is what is looked for: its state, and a part of its plate (with or without the dot) or of its id. */
export function matcher(filter: Filter): (row: Row) => boolean {
	const wanted = searchKey(filter.text);
	return (row) =>
		(filter.status === null || row.view.status === filter.status) &&
		(wanted === "" || row.key.includes(wanted) || row.view.light.includes(wanted));
}

/** What a person has to look at. */
export const needsPerson = (view: LightView): boolean =>
	view.status === "fault" || view.status === "differs" || view.status === "refused";

/** More is seen than is owed, and not because something is on its way. */
export const tooMany = (view: LightView): boolean => (view.observed ?? 0) > view.desired && needsPerson(view);

/** A star too many is the worst that can be; then refusals, which may be forgery; then faults; then other differences. */
function severity(view: LightView): number {
	if (tooMany(view)) return 0;
	if (view.status === "refused") return 1;
	return view.status === "fault" ? 2 : 3;
}

export interface Company {
	readonly name: string | null;
	readonly rows: readonly Row[];
	readonly onDuty: number;
	/** How many of `rows` need a person. */
	readonly hands: number;
}

export interface Wall {
	/** Need a person, worst first. */
	readonly hands: readonly Row[];
	/** Silent while a driver is signed in: what they show is not known. */
	readonly silent: readonly Row[];
	/** The rest, by company. */
	readonly companies: readonly Company[];
}

const worstFirst = (rows: readonly Row[]): Row[] =>
	rows
		.map((row, place) => ({ row, place, rank: severity(row.view) }))
		.sort((a, b) => a.rank - b.rank || a.place - b.place)
		.map((r) => r.row);

const silentOnDuty = ({ view }: Row): boolean => view.status === "silent" && view.onDuty;

/**
 * The light to look at first where `arrangeByCompany` gave these companies: the worst that needs a person, else one that is silent
 * on duty, else any; undefined = no light at all.
 */
export function worstOf(companies: readonly Company[]): Row | undefined {
	const firsts = companies.flatMap((c) => c.rows.slice(0, 1));
	const hands = worstFirst(firsts.filter((row) => needsPerson(row.view)));
	return hands[0] ?? firsts.find(silentOnDuty) ?? firsts[0];
}

interface Buckets {
	readonly name: string | null;
	readonly hands: Row[];
	readonly silent: Row[];
	readonly rest: Row[];
}

/** What matches, company by company. */
function buckets(lights: Lights, filter: Filter): Buckets[] {
	const out: Buckets[] = [];
	const matches = matcher(filter);
	let last: Buckets | undefined;
	for (const id of lights.order) {
		const row = lights.byId.get(id);
		if (row === undefined || !matches(row)) continue;
		const name = row.view.company;
		if (last === undefined || last.name !== name) {
			last = { name, hands: [], silent: [], rest: [] };
			out.push(last);
		}
		if (needsPerson(row.view)) last.hands.push(row);
		else if (silentOnDuty(row)) last.silent.push(row);
		else last.rest.push(row);
	}
	return out;
}

const company = (name: string | null, rows: readonly Row[], hands: number): Company => ({
	name,
	rows,
	onDuty: rows.filter((r) => r.view.onDuty).length,
	hands,
});

/** For cards and rows: what needs a person first, then who is silent on duty, then the companies with the rest. */
export function arrange(lights: Lights, filter: Filter): Wall {
	const all = buckets(lights, filter);
	return {
		hands: worstFirst(all.flatMap((b) => b.hands)),
		silent: all.flatMap((b) => b.silent),
		companies: all.filter((b) => b.rest.length > 0).map((b) => company(b.name, b.rest, 0)),
	};
}

/** For dots: every company whole, and in it what needs a person first, so that a dot otherwise keeps its place. */
export const arrangeByCompany = (lights: Lights, filter: Filter): readonly Company[] =>
	buckets(lights, filter).map((b) => company(b.name, [...worstFirst(b.hands), ...b.silent, ...b.rest], b.hands.length));

/** How many lights are in each state. */
export function tally(rows: Iterable<Row>): Readonly<Record<LightStatus, number>> {
	const counts = { right: 0, acked: 0, moving: 0, differs: 0, refused: 0, silent: 0, fault: 0 };
	for (const row of rows) counts[row.view.status] += 1;
	return counts;
}

const since = (row: Row, now: number): number => Math.max(0, Math.floor((now - row.at) / 1000));

/** Age of truth now, in seconds: the row's own and the time since it came. null = nothing to be old. */
export const ageNow = (row: Row, now: number): number | null =>
	row.view.ageS === null ? null : row.view.ageS + since(row, now);

/** Seconds that the light's lease still has, as far as is known; never below 0. */
export const leaseNow = (row: Row, now: number): number | null =>
	row.view.leaseLeftS === null ? null : Math.max(0, Math.floor(row.view.leaseLeftS) - since(row, now));

/** `豫DT0001` as `豫D` and `T0001`; a dot that is there already is dropped. */
export function plateParts(plate: string): readonly [string, string] {
	const bare = plate.replace(/[·•・]/g, "");
	return [bare.slice(0, 2), bare.slice(2)];
}
