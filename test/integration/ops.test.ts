import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METRICS } from "../../gateway/metrics/table.ts";
import { until } from "../support/broker.ts";
import { addLight, http, post, type RunningDepot, startTestDepot } from "../support/depot.ts";
import { certificateOf, fleetCsv, plateOf, ratingsCsv, tempFolder, yesterday } from "../support/depot-files.ts";
import { HandLight } from "../support/hand-light.ts";
import { readScrape } from "../support/prometheus-text.ts";

const folder = tempFolder("ops");
let depot: RunningDepot;
beforeAll(async () => {
	depot = await startTestDepot(folder.path);
	await post(depot, "/api/v1/fleet", fleetCsv(3));
	await post(depot, "/api/v1/ratings", ratingsCsv([20, 12, 7], yesterday()));
});
afterAll(async () => {
	await depot.stop();
	folder.remove();
});

const scrape = async () => readScrape((await http(depot.http, "GET", "/metrics")).text);
const sampleOf = async (name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> =>
	(await scrape()).samples.find(
		(s) => s.name === name && Object.entries(labels).every(([key, value]) => s.labels[key] === value),
	)?.value;
const ask = (n: number) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, n);

describe("GET /metrics of a running depot", () => {
	it("has all metrics of the table, in Prometheus' own content type, without a token", async () => {
		const answer = await http(depot.http, "GET", "/metrics");
		expect(answer.status).toBe(200);
		expect(answer.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
		expect([...readScrape(answer.text).metrics.keys()]).toEqual(METRICS.map((m) => m.name));
	});

	it("follows a star to the glass: right-star share, convergence, outbox", async () => {
		const light = new HandLight(await addLight(depot, plateOf(1)));
		await light.connect();
		await light.say(ask(1), 0);
		const blank = await light.grantWhere((g) => g.stars === 0);
		await light.say(ask(2), 0, { epoch: blank.epoch, seq: blank.seq });
		await post(depot, "/api/v1/duty/sign-in", { plate: plateOf(1), certificate: certificateOf(1) });
		const grant = await light.grantWhere((g) => g.stars === 5);
		expect(await sampleOf("liangxing_lights_on_duty")).toBe(1);
		expect(await sampleOf("liangxing_right_star_share_ratio")).toBe(0);
		expect(await sampleOf("liangxing_outbox_entries", { reach: "heard" })).toBe(1);
		await light.say(ask(3), 5, { epoch: grant.epoch, seq: grant.seq, leaseLeftS: 3599, asOf: grant.asOf });
		await until("the star is observed", () => depot.lights()[0]?.observed === 5);
		expect(await sampleOf("liangxing_right_star_share_ratio")).toBe(1);
		expect(await sampleOf("liangxing_changes_ended_total", { end: "shown" })).toBeGreaterThanOrEqual(1);
		expect(await sampleOf("liangxing_convergence_seconds_count")).toBeGreaterThanOrEqual(1);
		expect(await sampleOf("liangxing_age_of_truth_seconds", { quantile: "1" })).toBeGreaterThan(3600);
		expect(await sampleOf("liangxing_store_commit_seconds_count")).toBeGreaterThan(0);
		expect(await sampleOf("liangxing_broker_lights")).toBe(1);
		await light.close();
	});

	it("tells the same to the overview: pulls, outbox, ends, and since when it counts", async () => {
		const answer = await http(depot.http, "GET", "/api/v1/overview");
		const told = JSON.parse(answer.text);
		expect(told.records).toEqual({ ratings: 3, drivers: 3, vehicles: 3 });
		expect(told.pulls).toMatchObject({ held: 0, newest: { rows: 3, accepted: 3, quarantined: 0, status: "applied" } });
		expect(told.pulls.appliedAt).toBe(told.pulls.newest.at);
		expect(told.since).toBeLessThanOrEqual(told.pulls.newest.at);
		const { ends, convergence, outbox } = told.channels.mqtt;
		expect([ends.shown, convergence.count]).toEqual([
			await sampleOf("liangxing_changes_ended_total", { end: "shown" }),
			await sampleOf("liangxing_convergence_seconds_count"),
		]);
		expect(convergence.counts.reduce((a: number, b: number) => a + b, 0)).toBe(convergence.count);
		expect(outbox.heard.entries + outbox.absent.entries).toBe(0);
		expect(answer.text).not.toContain(certificateOf(1));
	});

	it("names no light, plate, driver or certificate, and has few series", async () => {
		const { text } = await http(depot.http, "GET", "/metrics");
		const { light } = depot.lights()[0] ?? { light: "" };
		expect(light).not.toBe("");
		for (const personal of [light, plateOf(1), certificateOf(1), "D000001", "V000001"])
			expect(text).not.toContain(personal);
		// The loop's lag is absent until it was sampled.
		const series = async () => (await scrape()).samples.filter((s) => !s.name.includes("event_loop")).length;
		const before = await series();
		for (const n of [2, 3]) await addLight(depot, plateOf(n));
		expect(await series()).toBe(before);
		expect(before).toBeLessThan(250);
	});
});

describe("GET /readyz", () => {
	it("is ready and says what is amiss: a held pull degrades, it does not stop", async () => {
		expect((await http(depot.http, "GET", "/readyz")).json).toEqual({ ready: true, degraded: [] });
		await post(depot, "/api/v1/ratings", ratingsCsv([20], yesterday()));
		const answer = await http(depot.http, "GET", "/readyz");
		expect([answer.status, answer.json]).toEqual([
			200,
			{
				ready: true,
				degraded: [
					{
						code: "pull-held",
						message: expect.stringMatching(/^1 pull would /),
						next: expect.stringContaining("held list"),
					},
				],
			},
		]);
	});
});

describe("alarms of a running depot", () => {
	it("are listed for everybody on this machine, and go nowhere while nothing is set", async () => {
		const answer = await http(depot.http, "GET", "/api/v1/alarms");
		expect(answer.json).toMatchObject({ alarms: [], hooks: [] });
	});

	it("can be tried only with the token, and say so where there is nowhere to send them", async () => {
		expect((await http(depot.http, "POST", "/api/v1/alarms/test")).status).toBe(401);
		const answer = await post(depot, "/api/v1/alarms/test");
		expect([answer.status, answer.json["error"]]).toMatchObject([409, { code: "alarm-no-hook" }]);
	});
});
