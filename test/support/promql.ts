/**
 * The part of PromQL that our alert rules use, and not more: an expression outside it is an error, never a guess. Selectors with
 * = != =~ !~, ranges under rate and increase, sum/max/min [by], absent, histogram_quantile, + - * /, comparisons that filter,
 * and/unless, and numbers.
 */
export interface Series {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	/** Value at a scrape (seconds), or null where the scrape did not have it: Prometheus marks the series stale then. */
	readonly at: (t: number) => number | null;
}

export interface Sample {
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}
type Value = number | readonly Sample[];

interface Matcher {
	readonly label: string;
	readonly op: string;
	readonly value: string;
}
export type Expr =
	| { readonly is: "number"; readonly value: number }
	| {
			readonly is: "select";
			readonly name: string;
			readonly matchers: readonly Matcher[];
			readonly rangeS: number | null;
	  }
	| { readonly is: "call"; readonly name: string; readonly args: readonly Expr[] }
	| { readonly is: "sum" | "max" | "min"; readonly by: readonly string[]; readonly of: Expr }
	| { readonly is: "binary"; readonly op: string; readonly left: Expr; readonly right: Expr };

/** Seconds between scrapes. */
export const SCRAPE_S = 15;
const TOKEN =
	/\s*(?:(\d+(?:\.\d+)?)(?![\w.])|([a-zA-Z_:][\w:]*)|("(?:[^"\\]|\\.)*")|(\[\d+[smhd]\])|(==|!=|>=|<=|=~|!~|[-+*/(){},<>=]))/y;
const LEVELS: readonly (readonly string[])[] = [
	["and", "unless"],
	["==", "!=", ">=", "<=", ">", "<"],
	["+", "-"],
	["*", "/"],
];
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

export const durationS = (text: string): number => {
	const match = /^(\d+)([smhd])$/.exec(text);
	if (match === null) throw new Error(`no duration: ${text}`);
	return Number(match[1]) * (UNITS[match[2] ?? ""] ?? Number.NaN);
};

class Parser {
	private readonly tokens: string[] = [];
	private place = 0;
	constructor(text: string) {
		TOKEN.lastIndex = 0;
		while (TOKEN.lastIndex < text.trimEnd().length) {
			const from = TOKEN.lastIndex;
			const match = TOKEN.exec(text);
			if (match === null) throw new Error(`not understood: ${text.slice(from)}`);
			this.tokens.push(match[0].trim());
		}
	}

	whole(): Expr {
		const expr = this.level(0);
		if (this.place < this.tokens.length) throw new Error(`not understood: ${this.tokens.slice(this.place).join(" ")}`);
		return expr;
	}

	private peek = (): string => this.tokens[this.place] ?? "";
	private take(wanted?: string): string {
		const token = this.tokens[this.place++] ?? "";
		if (wanted !== undefined && token !== wanted) throw new Error(`${wanted} is wanted, not ${token}`);
		return token;
	}

	private level(n: number): Expr {
		const ops = LEVELS[n];
		if (ops === undefined) return this.atom();
		let left = this.level(n + 1);
		while (ops.includes(this.peek())) left = { is: "binary", op: this.take(), left, right: this.level(n + 1) };
		return left;
	}

	private list(): string[] {
		const out: string[] = [];
		this.take("(");
		while (this.peek() !== ")") {
			out.push(this.take());
			if (this.peek() === ",") this.take();
		}
		this.take(")");
		return out;
	}

	private atom(): Expr {
		const token = this.take();
		if (token === "(") {
			const inner = this.level(0);
			this.take(")");
			return inner;
		}
		if (/^\d/.test(token)) return { is: "number", value: Number(token) };
		if (token === "sum" || token === "max" || token === "min") {
			let by: string[] = [];
			if (this.peek() === "by") {
				this.take();
				by = this.list();
			}
			this.take("(");
			const of = this.level(0);
			this.take(")");
			return { is: token, by, of };
		}
		if (!/^[a-zA-Z_:]/.test(token)) throw new Error(`not understood: ${token}`);
		return this.peek() === "(" ? this.call(token) : this.select(token);
	}

	private call(name: string): Expr {
		if (!["rate", "increase", "absent", "histogram_quantile"].includes(name))
			throw new Error(`no such function: ${name}`);
		this.take("(");
		const args: Expr[] = [];
		while (this.peek() !== ")") {
			args.push(this.level(0));
			if (this.peek() === ",") this.take();
		}
		this.take(")");
		return { is: "call", name, args };
	}

	private select(name: string): Expr {
		const matchers: Matcher[] = [];
		if (this.peek() === "{") {
			this.take();
			while (this.peek() !== "}") {
				const label = this.take();
				const op = this.take();
				matchers.push({ label, op, value: JSON.parse(this.take()) as string });
				if (this.peek() === ",") this.take();
			}
			this.take("}");
		}
		const rangeS = this.peek().startsWith("[") ? durationS(this.take().slice(1, -1)) : null;
		return { is: "select", name, matchers, rangeS };
	}
}

export const parsePromql = (text: string): Expr => new Parser(text).whole();

/** Names of all metrics that an expression reads. */
export function metricsIn(expr: Expr): string[] {
	if (expr.is === "number") return [];
	if (expr.is === "select") return [expr.name];
	if (expr.is === "call") return expr.args.flatMap(metricsIn);
	if (expr.is === "binary") return [...metricsIn(expr.left), ...metricsIn(expr.right)];
	return metricsIn(expr.of);
}

const keyOf = (labels: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(labels).sort());

function matches({ labels }: Series, { label, op, value }: Matcher): boolean {
	const has = labels[label] ?? "";
	if (op === "=" || op === "!=") return (has === value) === (op === "=");
	return new RegExp(`^(?:${value})$`).test(has) === (op === "=~");
}

/** Growth over the range: steps down are restarts from 0. Extrapolated to the whole range, as Prometheus does; null below 2 samples. */
function increase(series: Series, t: number, rangeS: number): number | null {
	const points: [number, number][] = [];
	for (let at = Math.ceil((t - rangeS) / SCRAPE_S) * SCRAPE_S; at <= t; at += SCRAPE_S) {
		const value = series.at(at);
		if (value !== null) points.push([at, value]);
	}
	const [first, last] = [points[0], points.at(-1)];
	if (first === undefined || last === undefined || first === last) return null;
	let sum = 0;
	for (let i = 1; i < points.length; i++) {
		const [, before = 0] = points[i - 1] ?? [];
		const [, now = 0] = points[i] ?? [];
		sum += now >= before ? now - before : now;
	}
	return (sum * rangeS) / (last[0] - first[0]);
}

function quantile(q: number, of: readonly Sample[]): Sample[] {
	const groups = new Map<string, { labels: Record<string, string>; buckets: [number, number][] }>();
	for (const { labels, value } of of) {
		const { le = "", ...rest } = labels;
		const group = groups.get(keyOf(rest)) ?? { labels: rest, buckets: [] };
		group.buckets.push([le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le), value]);
		groups.set(keyOf(rest), group);
	}
	return [...groups.values()].flatMap(({ labels, buckets }) => {
		buckets.sort(([a], [b]) => a - b);
		const all = buckets.at(-1)?.[1] ?? 0;
		if (all === 0) return [];
		const at = buckets.findIndex(([, count]) => count >= q * all);
		const [bound, count] = buckets[at] ?? [Number.NaN, 0];
		const [lower, below] = buckets[at - 1] ?? [0, 0];
		// In the last bucket nothing better is known than its lower end.
		const value =
			bound === Number.POSITIVE_INFINITY ? lower : lower + ((bound - lower) * (q * all - below)) / (count - below);
		return [{ labels, value }];
	});
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
	"==": (a, b) => a === b,
	"!=": (a, b) => a !== b,
	">": (a, b) => a > b,
	"<": (a, b) => a < b,
	">=": (a, b) => a >= b,
	"<=": (a, b) => a <= b,
};
const COUNT: Readonly<Record<string, (a: number, b: number) => number>> = {
	"+": (a, b) => a + b,
	"-": (a, b) => a - b,
	"*": (a, b) => a * b,
	"/": (a, b) => a / b,
};

const asVector = (value: Value): readonly Sample[] => {
	if (typeof value === "number") throw new Error("a vector is wanted");
	return value;
};

function binary(op: string, left: Value, right: Value): Value {
	if (op === "and" || op === "unless") {
		const keys = new Set(asVector(right).map((s) => keyOf(s.labels)));
		return asVector(left).filter((s) => keys.has(keyOf(s.labels)) === (op === "and"));
	}
	const compare = COMPARE[op];
	const count = COUNT[op] ?? (() => Number.NaN);
	if (typeof left === "number" && typeof right === "number") {
		if (compare !== undefined) throw new Error("a comparison of two numbers is no alert");
		return count(left, right);
	}
	if (typeof left === "number") throw new Error("write the vector first");
	const byKey = typeof right === "number" ? null : new Map(right.map((s) => [keyOf(s.labels), s.value]));
	return left.flatMap(({ labels, value }) => {
		const other = byKey === null ? (right as number) : byKey.get(keyOf(labels));
		if (other === undefined) return [];
		if (compare !== undefined) return compare(value, other) ? [{ labels, value }] : [];
		return [{ labels, value: count(value, other) }];
	});
}

function aggregate(is: "sum" | "max" | "min", by: readonly string[], of: readonly Sample[]): Sample[] {
	const groups = new Map<string, { labels: Record<string, string>; values: number[] }>();
	for (const { labels, value } of of) {
		const kept = Object.fromEntries(
			by.flatMap((label) => (labels[label] === undefined ? [] : [[label, labels[label]]])),
		);
		const group = groups.get(keyOf(kept)) ?? { labels: kept, values: [] };
		group.values.push(value);
		groups.set(keyOf(kept), group);
	}
	return [...groups.values()].map(({ labels, values }) => ({
		labels,
		value: is === "sum" ? values.reduce((a, b) => a + b, 0) : Math[is](...values),
	}));
}

function call(name: string, args: readonly Expr[], series: readonly Series[], t: number): Value {
	const [first, second] = args;
	if (first === undefined) throw new Error(`${name} of nothing`);
	if (name === "histogram_quantile") {
		if (first.is !== "number" || second === undefined) throw new Error("histogram_quantile(number, vector)");
		return quantile(first.value, asVector(evaluate(second, series, t)));
	}
	if (name === "absent") {
		const known = asVector(evaluate(first, series, t));
		return known.length === 0 ? [{ labels: {}, value: 1 }] : [];
	}
	if (first.is !== "select" || first.rangeS === null) throw new Error(`${name} wants a range`);
	const { rangeS } = first;
	return chosen(first, series).flatMap((one) => {
		const grown = increase(one, t, rangeS);
		return grown === null ? [] : [{ labels: one.labels, value: name === "rate" ? grown / rangeS : grown }];
	});
}

const chosen = (expr: Extract<Expr, { is: "select" }>, series: readonly Series[]): readonly Series[] =>
	series.filter((one) => one.name === expr.name && expr.matchers.every((matcher) => matches(one, matcher)));

/** The expression's value at `t`, seconds. */
export function evaluate(expr: Expr, series: readonly Series[], t: number): Value {
	switch (expr.is) {
		case "number":
			return expr.value;
		case "select":
			if (expr.rangeS !== null) throw new Error("a range stands under rate or increase");
			return chosen(expr, series).flatMap((one) => {
				const value = one.at(Math.floor(t / SCRAPE_S) * SCRAPE_S);
				return value === null ? [] : [{ labels: one.labels, value }];
			});
		case "call":
			return call(expr.name, expr.args, series, t);
		case "binary":
			return binary(expr.op, evaluate(expr.left, series, t), evaluate(expr.right, series, t));
		default:
			return aggregate(expr.is, expr.by, asVector(evaluate(expr.of, series, t)));
	}
}

/** When a rule begins to fire, seconds, looked at every scrape until `untilS`: true without a gap for `forS`; null = never. */
export function firesAt(expr: Expr, forS: number, series: readonly Series[], untilS: number): number | null {
	let since = new Map<string, number>();
	for (let t = 0; t <= untilS; t += SCRAPE_S) {
		const now = new Map<string, number>();
		for (const { labels } of asVector(evaluate(expr, series, t))) now.set(keyOf(labels), since.get(keyOf(labels)) ?? t);
		since = now;
		if ([...since.values()].some((began) => t - began >= forS)) return t;
	}
	return null;
}
