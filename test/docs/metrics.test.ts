import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { metricsReference } from "../../gateway/metrics/reference.ts";
import { makeMetrics } from "../../gateway/metrics/registry.ts";
import { METRICS } from "../../gateway/metrics/table.ts";
import { metricFacts } from "../support/metric-facts.ts";
import { readScrape } from "../support/prometheus-text.ts";
import { ROOT } from "../support/source-tree.ts";

describe("the reference of metrics", () => {
	it("is what docs/metrics.md shows (npm run docs)", () => {
		expect(readFileSync(join(ROOT, "docs", "metrics.md"), "utf8")).toBe(metricsReference());
	});
});

describe("a scrape", () => {
	it("has exactly the metrics of the table, with their types and helps", async () => {
		const { metrics } = readScrape(await makeMetrics(() => metricFacts()).scrape());
		expect([...metrics].map(([name, { type, help }]) => [name, type, help])).toEqual(
			METRICS.map(({ name, type, help }) => [name, type, help]),
		);
	});

	it("names each metric after what it counts and in which unit", () => {
		for (const { name, type, help } of METRICS) {
			expect(name).toMatch(/^liangxing_[a-z]+(_[a-z]+)*$/);
			expect([name, name.endsWith("_total")]).toEqual([name, type === "counter"]);
			if (type === "histogram") expect(name).toMatch(/_seconds$/);
			expect(help).toMatch(/^[A-Z0-9].*\.$/);
		}
		expect(new Set(METRICS.map((m) => m.name)).size).toBe(METRICS.length);
	});

	it("uses the labels of the table and no others", async () => {
		const { samples } = readScrape(await makeMetrics(() => metricFacts()).scrape());
		for (const { name, labels } of samples) {
			const spec = METRICS.find((m) => m.name === name.replace(/_(bucket|sum|count)$/, "") || m.name === name);
			const known = Object.keys(spec?.labels ?? {});
			expect([name, Object.keys(labels).filter((label) => label !== "le" && !known.includes(label))]).toEqual([
				name,
				[],
			]);
			expect(spec).toBeDefined();
		}
	});

	it("leaves out what is not known in place of a 0 that looks fresh", async () => {
		const { samples } = readScrape(await makeMetrics(() => metricFacts()).scrape());
		const names = samples.map((s) => s.name);
		for (const name of [
			"liangxing_pull_applied_age_seconds",
			"liangxing_age_of_truth_seconds",
			"liangxing_right_star_share_ratio",
			"liangxing_disk_free_bytes",
			"liangxing_backup_ok",
			"liangxing_backup_age_seconds",
			"liangxing_event_loop_lag_seconds",
		])
			expect(names).not.toContain(name);
	});

	it("tells whether the newest backup came about, and how old the newest one is", async () => {
		const at = Date.parse("2026-03-02T02:15:00.000Z");
		const backups = { made: 3, failed: 1, lastAt: "2026-03-01T02:15:00.000Z", next: null };
		const of = async (lastError: string | null) =>
			readScrape(await makeMetrics(() => metricFacts({ at, backups: { ...backups, lastError } })).scrape())
				.samples.filter((s) => s.name.startsWith("liangxing_backup"))
				.map((s) => [s.name.slice("liangxing_".length), s.labels, s.value]);
		const counts = [
			["backups_total", { outcome: "made" }, 3],
			["backups_total", { outcome: "failed" }, 1],
		];
		expect(await of(null)).toEqual([...counts, ["backup_ok", {}, 1], ["backup_age_seconds", {}, 86_400]]);
		expect(await of("disk-full")).toContainEqual(["backup_ok", {}, 0]);
	});

	it("shows the values of its own instant, again and again, and forgets those that ended", async () => {
		let n = 1;
		const metrics = makeMetrics(() => metricFacts({ consoles: n, api: n === 1 ? { busy: 4 } : { "rate-limited": 7 } }));
		const value = async (name: string) =>
			readScrape(await metrics.scrape())
				.samples.filter((s) => s.name === name)
				.map((s) => [s.labels, s.value]);
		expect(await value("liangxing_console_streams")).toEqual([[{}, 1]]);
		expect(await value("liangxing_api_refusals_total")).toEqual([[{ code: "busy" }, 4]]);
		n = 2;
		expect(await value("liangxing_console_streams")).toEqual([[{}, 2]]);
		expect(await value("liangxing_api_refusals_total")).toEqual([[{ code: "rate-limited" }, 7]]);
	});

	it("counts a histogram's buckets up to its count", async () => {
		const { samples } = readScrape(await makeMetrics(() => metricFacts()).scrape());
		const of = (part: string) =>
			samples.filter((s) => s.name === `liangxing_store_commit_seconds_${part}`).map((s) => [s.labels["le"], s.value]);
		expect(of("bucket")).toEqual([
			["0.01", 2],
			["+Inf", 3],
		]);
		expect([...of("count"), ...of("sum")].map(([, v]) => v)).toEqual([3, 0.5]);
	});
});
