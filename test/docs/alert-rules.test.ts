import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { METRICS } from "../../gateway/metrics/table.ts";
import { durationS, evaluate, firesAt, metricsIn, parsePromql, type Series } from "../support/promql.ts";
import { ROOT } from "../support/source-tree.ts";

const FILE = join(ROOT, "docs", "alerts", "liangxing.rules.yml");
interface Rule {
	readonly alert: string;
	readonly expr: string;
	readonly for?: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly annotations: Readonly<Record<string, string>>;
}
const { groups } = parse(readFileSync(FILE, "utf8")) as { groups: { name: string; rules: Rule[] }[] };
const RULES = groups.flatMap((group) => group.rules);
type Labels = Readonly<Record<string, string>>;
const s = (name: string, at: number | ((t: number) => number | null), labels: Labels = {}): Series => ({
	name: `liangxing_${name}`,
	labels: { instance: "a", ...labels },
	at: typeof at === "number" ? () => at : at,
});
/** Grows by so much a minute. */
const grows = (aMinute: number) => (t: number) => Math.floor((t / 60) * aMinute);
/** A histogram of a value that comes once a second, always in the bucket up to `le`. */
const histogram = (name: string, bounds: readonly string[], le: string): Series[] =>
	bounds.map((bound, i) => s(`${name}_bucket`, (t) => (i >= bounds.indexOf(le) ? t : 0), { le: bound }));
const BOUNDS = ["0.1", "1", "60", "+Inf"];
const UP = s("build_info", 1);
const mqtt = { channel: "mqtt" };
/** True from `from` to `to`, seconds. */
const between = (from: number, to: number, is: number, otherwise: number) => (t: number) =>
	t >= from && t < to ? is : otherwise;

interface Case {
	readonly fires: readonly Series[];
	readonly quiet: readonly (readonly Series[])[];
	readonly forS?: number;
}
const HOUR = 3600;

/** Each rule with series that make it fire and series, close to the limit, that do not. */
const CASES: Readonly<Record<string, Case>> = {
	LiangxingGone: { fires: [], quiet: [[UP], [s("build_info", (t) => (t % 120 === 0 ? null : 1))]] },
	LiangxingDown: {
		fires: [{ name: "up", labels: { job: "liangxing", instance: "b" }, at: () => 0 }, UP],
		quiet: [
			[{ name: "up", labels: { job: "liangxing" }, at: () => 1 }],
			[{ name: "up", labels: { job: "another" }, at: () => 0 }],
		],
	},
	LiangxingClockNotTrusted: {
		fires: [s("clock_trusted", 0)],
		quiet: [[s("clock_trusted", 1)], [s("clock_trusted", between(60, 105, 0, 1))]],
	},
	LiangxingStoreFailing: { fires: [s("store_ok", 0)], quiet: [[s("store_ok", 1)]] },
	LiangxingStoreSlow: {
		fires: histogram("store_commit_seconds", BOUNDS, "60"),
		quiet: [histogram("store_commit_seconds", BOUNDS, "0.1"), []],
	},
	LiangxingBrokerClosed: { fires: [s("broker_listening", 0)], quiet: [[s("broker_listening", 1)]] },
	LiangxingDiskNearlyFull: {
		fires: [s("disk_free_bytes", 512 * 1024 * 1024 - 1)],
		quiet: [[s("disk_free_bytes", 512 * 1024 * 1024)], []],
	},
	LiangxingRightStarShareLow: {
		fires: [s("right_star_share_ratio", 0.94, mqtt)],
		quiet: [
			[s("right_star_share_ratio", 0.95, mqtt)],
			[s("right_star_share_ratio", between(0, 890, 0.1, 1), mqtt)],
			[],
		],
	},
	LiangxingLightsSilent: {
		fires: [s("lights_on_duty_silent", 21, mqtt), s("lights_on_duty", 100, mqtt)],
		quiet: [
			[s("lights_on_duty_silent", 20, mqtt), s("lights_on_duty", 100, mqtt)],
			[s("lights_on_duty_silent", 4, mqtt), s("lights_on_duty", 4, mqtt)],
			[s("lights_on_duty_silent", 0, mqtt), s("lights_on_duty", 0, mqtt)],
		],
	},
	LiangxingLampFaults: {
		fires: [s("lights", 1, { ...mqtt, status: "fault" })],
		quiet: [[s("lights", 0, { ...mqtt, status: "fault" }), s("lights", 9, { ...mqtt, status: "right" })]],
	},
	LiangxingConvergenceSlow: {
		fires: histogram("convergence_seconds", BOUNDS, "60"),
		quiet: [histogram("convergence_seconds", BOUNDS, "1")],
	},
	LiangxingOutboxStuck: {
		fires: [s("outbox_oldest_age_seconds", 121, { ...mqtt, reach: "heard" })],
		quiet: [
			[s("outbox_oldest_age_seconds", 120, { ...mqtt, reach: "heard" })],
			[s("outbox_oldest_age_seconds", 9e5, { ...mqtt, reach: "absent" })],
		],
	},
	LiangxingChangesLost: {
		fires: [s("changes_ended_total", grows(1), { ...mqtt, end: "expired" })],
		quiet: [
			[s("changes_ended_total", grows(0.1), { ...mqtt, end: "refused" })],
			[s("changes_ended_total", grows(90), { ...mqtt, end: "shown" })],
		],
	},
	LiangxingRefusals: {
		fires: [s("light_refusals_total", grows(2), { ...mqtt, code: "not-fresh" })],
		quiet: [[s("light_refusals_total", grows(1), { ...mqtt, code: "not-fresh" })]],
	},
	LiangxingForgedMessages: {
		fires: [s("messages_dropped_total", grows(1), { code: "bad-signature" })],
		quiet: [
			[s("messages_dropped_total", grows(0.5), { code: "bad-signature" })],
			[s("messages_dropped_total", grows(99), { code: "replayed" })],
		],
	},
	LiangxingNoPull: {
		fires: [s("pull_applied_age_seconds", 36 * HOUR + 1)],
		quiet: [[s("pull_applied_age_seconds", 36 * HOUR)], []],
	},
	LiangxingNeverPulled: {
		forS: 26 * HOUR,
		fires: [UP],
		quiet: [[UP, s("pull_applied_age_seconds", (t) => (t < 20 * HOUR ? null : t))], []],
	},
	LiangxingPullHeld: {
		fires: [s("pulls_held", 1)],
		quiet: [[s("pulls_held", 0)], [s("pulls_held", between(60, HOUR, 1, 0))]],
	},
	LiangxingBackupFailed: {
		fires: [s("backup_ok", 0)],
		quiet: [[s("backup_ok", 1)], [UP]],
	},
	LiangxingTruthOld: {
		fires: [s("age_of_truth_seconds", 401 * 86_400, { ...mqtt, quantile: "0.95" })],
		quiet: [
			[
				s("age_of_truth_seconds", 399 * 86_400, { ...mqtt, quantile: "0.95" }),
				s("age_of_truth_seconds", 500 * 86_400, { ...mqtt, quantile: "1" }),
			],
		],
	},
	LiangxingBusy: {
		fires: [s("event_loop_lag_seconds", 0.3, { quantile: "0.99" })],
		quiet: [
			[s("event_loop_lag_seconds", 0.2, { quantile: "0.99" }), s("event_loop_lag_seconds", 2, { quantile: "1" })],
		],
	},
	LiangxingAlarmsNotSent: {
		fires: [s("alarm_messages_total", between(600, 1e9, 1, 0), { hook: "email", outcome: "failed" })],
		quiet: [
			[s("alarm_messages_total", 7, { hook: "email", outcome: "failed" })],
			[s("alarm_messages_total", grows(5), { hook: "email", outcome: "sent" })],
		],
	},
};

const firing = (rule: Rule, series: readonly Series[], untilS: number): number | null =>
	firesAt(parsePromql(rule.expr), rule.for === undefined ? 0 : durationS(rule.for), series, untilS);

describe("each alert rule", () => {
	it("has a case", () => {
		expect(Object.keys(CASES).sort()).toEqual(RULES.map((r) => r.alert).sort());
	});

	it.each(RULES.map((rule) => [rule.alert, rule] as const))(
		"%s fires when it should, not at once, and not otherwise",
		(alert, rule) => {
			const { fires, quiet, forS = 3 * HOUR } = CASES[alert] ?? { fires: [], quiet: [] };
			const at = firing(rule, fires, forS);
			expect([alert, at !== null]).toEqual([alert, true]);
			expect(at).toBeGreaterThanOrEqual(rule.for === undefined ? 0 : durationS(rule.for));
			expect(quiet.length).toBeGreaterThan(0);
			for (const series of quiet) expect([alert, firing(rule, series, forS)]).toEqual([alert, null]);
		},
	);

	it("reads only metrics that there are, and labels that they have", () => {
		const known = METRICS.flatMap(({ name, type, labels }) =>
			type === "histogram"
				? ["bucket", "sum", "count"].map((part) => [`${name}_${part}`, { ...labels, le: "" }] as const)
				: [[name, labels] as const],
		);
		// Prometheus' own, for each target.
		const names = new Map<string, Labels>([...known, ["up", { job: "" }]]);
		for (const { alert, expr } of RULES) {
			for (const name of metricsIn(parsePromql(expr)))
				expect([alert, name, names.has(name)]).toEqual([alert, name, true]);
			for (const [, name = "", inner = ""] of expr.matchAll(/(liangxing_\w+)\{([^}]*)\}/g))
				for (const [, label = ""] of inner.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g))
					expect([alert, label, Object.keys(names.get(name) ?? {})]).toEqual([
						alert,
						label,
						expect.arrayContaining([label]),
					]);
		}
	});

	it("says what stands and the next step in both languages, and how bad it is", () => {
		for (const { alert, annotations, labels } of RULES) {
			expect(alert).toMatch(/^Liangxing[A-Z]\w+$/);
			expect(["critical", "warning"]).toContain(labels["severity"]);
			for (const key of ["summary", "description", "next"]) {
				expect([alert, key, annotations[key]]).toEqual([alert, key, expect.stringMatching(/^[A-Z0-9{]/)]);
				expect([alert, key, annotations[`${key}_zh`]]).toEqual([alert, key, expect.stringMatching(/[\u4e00-\u9fff]/)]);
			}
			for (const text of Object.values(annotations))
				for (const [, inside = ""] of text.matchAll(/\{\{(.*?)\}\}/g))
					expect(inside).toMatch(/^ \$(value|labels\.[a-z]+) $/);
		}
		expect(new Set(RULES.map((r) => r.alert)).size).toBe(RULES.length);
	});

	it("passes Prometheus' own check where promtool is installed", () => {
		const ran = spawnSync("promtool", ["check", "rules", FILE], { encoding: "utf8" });
		if (ran.error !== undefined) {
			process.stdout.write(
				"promtool is not installed: its check of the alert rules is left out (it comes with Prometheus)\n",
			);
			return;
		}
		expect([ran.status, ran.stdout + ran.stderr]).toEqual([0, expect.stringContaining("SUCCESS")]);
	});
});

describe("the evaluator of rules", () => {
	const at = (text: string, series: readonly Series[], t = 600) => evaluate(parsePromql(text), series, t);

	it("counts and filters as PromQL does", () => {
		const two = [s("x", 6, { l: "a" }), s("x", 2, { l: "b" })];
		const values = (text: string, series = two) =>
			(at(text, series) as readonly { value: number }[]).map((r) => r.value);
		expect(values("liangxing_x > 2")).toEqual([6]);
		expect(values("sum(liangxing_x) / 2 + 1 * 2")).toEqual([6]);
		expect(values("max(liangxing_x)")).toEqual([6]);
		expect(values('liangxing_x{l!~"a|c"}')).toEqual([2]);
		expect(values("liangxing_x and liangxing_x > 2")).toEqual([6]);
		expect(values("liangxing_x unless liangxing_x > 2")).toEqual([2]);
		expect(values("absent(liangxing_y)")).toEqual([1]);
	});

	it("takes a counter that fell for one that began anew", () => {
		const restarted = [s("n_total", (t) => (t < 300 ? t : t - 300))];
		const [{ value } = { value: 0 }] = at("increase(liangxing_n_total[10m])", restarted) as readonly {
			value: number;
		}[];
		expect(value).toBeGreaterThan(500);
		expect(value).toBeLessThanOrEqual(600);
	});

	it("refuses what it does not know in place of guessing", () => {
		for (const text of ["avg(x)", "x offset 5m", "x[5m]", "topk(1, x)", "x or y", "1 > 2", "x >", "rate(x)"])
			expect(() => at(text, [])).toThrow();
	});
});
