import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { addLight, http, post, type RunningDepot, startTestDepot, tokenOf } from "../support/depot.ts";
import { certificateOf, fleetCsv, plateOf, ratingsCsv, tempFolder, yesterday } from "../support/depot-files.ts";
import { liangxing } from "../support/liangxing.ts";

const OURS = [
	"name: ours",
	"version: 2",
	"by: score",
	"scoreBands: [{from: 15, stars: 5}, {from: 0, stars: 2}]",
	"gradeStars: {AAA: 5, AA: 4, A: 3, B: 1, unrated: 0}",
	"gradeBands: {AAA: 20, AA: 11, A: 4, B: 0}",
	"scoreRange: [0, 30]",
	"maxAgeDays: 550",
].join("\n");

const folder = tempFolder("policy");
let depot: RunningDepot | null = null;
const run = (...args: string[]) => liangxing(folder.path, [...args, "--data", "depot"]);
const jsonOf = (text: string) => JSON.parse(text) as Record<string, unknown>;

async function started(): Promise<RunningDepot> {
	depot = await startTestDepot(`${folder.path}/depot`);
	return depot;
}
beforeAll(async () => {
	folder.file("fleet.csv", fleetCsv(3));
	folder.file("ratings.csv", ratingsCsv([20, 12, 7], yesterday()));
	folder.file("ours.yaml", OURS);
	for (const what of ["fleet", "ratings"])
		expect((await run(what, "import", `${what}.csv`, ...(what === "fleet" ? ["--new"] : []))).code).toBe(0);
});
afterEach(async () => {
	await depot?.stop();
	depot = null;
});
afterAll(() => folder.remove());

const dryRun = async (of: string) => jsonOf((await run("policy", "dry-run", of, "--json")).out);

describe("liangxing policy", () => {
	it("shows what is active and what can be named, in either language", async () => {
		const shown = jsonOf((await run("policy", "show", "--json")).out);
		expect(shown).toMatchObject({
			active: { name: "score-2021", by: "score" },
			activatedAt: null,
			settings: "score-2021",
		});
		// `policy` alone is `policy show`, as `lights` alone lists them.
		expect(jsonOf((await run("policy", "--json")).out)).toEqual(shown);
		const zh = await liangxing(folder.path, ["policy", "show", "--data", "depot", "--lang", "zh"]);
		expect(zh.out).toContain("现行规则: score-2021 (取自配置)");
		expect(zh.out).toContain("tianjin-2019");
	});

	it("tries a policy, changes nothing, and names the command that activates it", async () => {
		const tried = await dryRun("ours.yaml");
		expect(tried).toMatchObject({ name: "ours", version: 2, drivers: { rated: 3, moved: 2, up: 0, down: 2 } });
		const text = (await run("policy", "dry-run", "ours.yaml")).out;
		expect(text).toContain(`next: liangxing policy activate ours.yaml --hash ${String(tried["hash"])}`);
		expect(jsonOf((await run("policy", "show", "--json")).out)).toMatchObject({ active: { name: "score-2021" } });
	});

	it("activates nothing without a dry run, nor by another's hash", async () => {
		const without = await run("policy", "activate", "ours.yaml");
		expect([without.code, without.err]).toEqual([2, expect.stringContaining("next: See what would change")]);
		const other = await run(
			"policy",
			"activate",
			"ours.yaml",
			"--hash",
			String((await dryRun("tianjin-2019"))["hash"]),
		);
		expect([other.code, other.err]).toEqual([1, expect.stringContaining("policy-changed")]);
		for (const hash of ["", "12", "z".repeat(64)])
			expect((await run("policy", "activate", "ours.yaml", "--hash", hash)).code).not.toBe(0);
		const nothing = await run("policy", "dry-run", "no-such");
		expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining("policy-unknown")]);
	});

	it("activates without a gateway; one started later has it, and goes on having it", async () => {
		const { hash } = await dryRun("ours.yaml");
		const done = await run("policy", "activate", "ours.yaml", "--hash", String(hash));
		expect([done.code, done.err, done.out]).toEqual([0, "", "ours is active; every light is decided anew.\n"]);
		const running = await started();
		expect(running.view().policy.name).toBe("ours");
		const shown = await http(running.http, "GET", "/api/v1/policy");
		expect(shown.json).toMatchObject({ active: { name: "ours", version: 2 }, settings: "score-2021" });
		expect(shown.json["activatedAt"]).toBeGreaterThan(1_700_000_000_000);
	});

	it("goes through a running gateway, by name or by table, and is refused once a rating changed", async () => {
		const running = await started();
		const tried = await post(running, "/api/v1/policy/dry-run", { policy: "score-2021" });
		expect(tried.json).toMatchObject({ name: "score-2021", drivers: { moved: 2, up: 2 }, lights: { up: 0 } });
		await post(running, "/api/v1/ratings", ratingsCsv([20, 12, 8], yesterday()));
		const body = { policy: "score-2021", hash: tried.json["hash"] };
		const late = await post(running, "/api/v1/policy/activate", body);
		expect([late.status, late.json["code"]]).toEqual([409, "policy-changed"]);
		const again = await run("policy", "dry-run", "score-2021", "--json");
		const taken = await run("policy", "activate", "score-2021", "--hash", String(jsonOf(again.out)["hash"]), "--json");
		expect(jsonOf(taken.out)).toMatchObject({ name: "score-2021", applied: true });
		const { active } = (await http(running.http, "GET", "/api/v1/policy")).json as { active: Record<string, unknown> };
		const { hash: _hash, ...table } = active;
		const twice = await post(running, "/api/v1/policy/dry-run", { policy: { ...table, name: "own", scoreBands: [] } });
		expect([twice.status, twice.json["code"]]).toEqual([400, "body-invalid"]);
		expect(twice.text).toContain("at least one band");
		const own = await post(running, "/api/v1/policy/dry-run", { policy: { ...table, name: "own" } });
		expect(own.json).toMatchObject({ name: "own", drivers: { moved: 0 } });
	});
});

describe("lists of the API", () => {
	it("come in pages, each row once, by internal keys and without certificate numbers", async () => {
		const running = await started();
		await post(running, "/api/v1/duty/sign-in", { plate: plateOf(1), certificate: certificateOf(1) });
		for (const [name, key, count] of [
			["drivers", "driver", 3],
			["vehicles", "vehicle", 3],
			["duties", "duty", 1],
			["pulls", "id", 2],
		] as const) {
			const seen: unknown[] = [];
			let cursor: unknown = null;
			do {
				const more: string = cursor === null ? "" : `&cursor=${String(cursor)}`;
				const page = await http(running.http, "GET", `/api/v1/${name}?limit=2${more}`);
				expect([name, page.status]).toEqual([name, 200]);
				for (const n of [1, 2, 3]) expect(page.text).not.toContain(certificateOf(n));
				seen.push(...(page.json[name] as Record<string, unknown>[]).map((row) => row[key]));
				cursor = page.json["nextCursor"];
			} while (cursor !== null);
			expect([name, new Set(seen).size, seen.length]).toEqual([name, count, count]);
		}
		const drivers = (await http(running.http, "GET", "/api/v1/drivers")).json["drivers"] as Record<string, unknown>[];
		expect(drivers[0]).toMatchObject({ driver: "D000001", stars: 5, onDuty: "V000001", rating: { score: 20 } });
	});

	it("tell of a held pull who would move, and which rows were left out", async () => {
		const running = await started();
		const rows = ratingsCsv([20], yesterday()).replace(`,20,`, `,31,`);
		const held = await post(
			running,
			"/api/v1/ratings",
			`${rows}2,驾驶员2,${certificateOf(2)},2025年度,12,AA,${yesterday()}\n`,
		);
		expect(held.json).toMatchObject({ status: "held", quarantined: 1 });
		const id = String(held.json["pull"]);
		const quarantineCode = (held.json["quarantinedRows"] as { reason: string }[])[0]?.reason;
		const diff = await http(running.http, "GET", `/api/v1/ratings/held/${id}/diff`);
		expect(diff.json).toEqual({
			pull: id,
			changes: 1,
			moved: 1,
			moves: [{ driver: "D000003", op: "remove", from: 3, to: 0 }],
			nextCursor: null,
		});
		const told = await http(running.http, "GET", `/api/v1/ratings/held/${id}/lights?limit=10`);
		expect(told.json).toMatchObject({
			pull: id,
			shares: { rated: 3, removed: 1, lowered: 0, mostRemoved: 0.02, mostLowered: 0.05 },
			drivers: { moved: 1, down: 1 },
			moves: [],
			nextCursor: null,
		});
		const other = await http(running.http, "GET", `/api/v1/pulls/${id}/quarantine?reason=grade-missing`);
		expect(other.json).toMatchObject({ quarantine: [], reasons: { [String(quarantineCode)]: 1 } });
		const left = await http(running.http, "GET", `/api/v1/pulls/${id}/quarantine?limit=1`);
		expect(left.json["quarantine"]).toEqual([{ row: 1, reason: expect.any(String), driver: "D000001" }]);
		for (const path of ["pulls/P999999/quarantine", "ratings/held/P999999/diff", "ratings/held/P000001/lights"])
			expect([path, (await http(running.http, "GET", `/api/v1/${path}`)).status]).toEqual([path, 404]);
		expect((await post(running, `/api/v1/ratings/held/${id}/reject`)).status).toBe(200);
	});

	it("need no token to look, and the token to change", async () => {
		const running = await started();
		expect(tokenOf(`${folder.path}/depot`)).toBe(running.token);
		for (const path of ["policy/dry-run", "policy/activate"]) {
			const answer = await http(running.http, "POST", `/api/v1/${path}`, { body: "{}" });
			expect([path, answer.status, answer.json["code"]]).toEqual([path, 401, "token-missing"]);
		}
	});
});

describe("a policy that comes as text", () => {
	it("tries a policy that comes as YAML text, lights and all, and activates it by the table of that dry run", async () => {
		const running = await started();
		await addLight(running, plateOf(2));
		await post(running, "/api/v1/duty/sign-in", { plate: plateOf(2), certificate: certificateOf(2) });
		const yaml = OURS.replace("name: ours", "name: theirs").replace("from: 15", "from: 12");
		const tried = await post(running, "/api/v1/policy/dry-run", { yaml, limit: 5 });
		expect(tried.json).toMatchObject({
			name: "theirs",
			policy: { name: "theirs", scoreBands: [{ from: 12, stars: 5 }, { from: 0 }] },
			lights: { up: 1, down: 0 },
			lightMoves: [{ plate: plateOf(2), onDuty: true, from: 4, to: 5 }],
			nextCursor: null,
		});
		const { hash: _own, ...table } = tried.json["policy"] as Record<string, unknown>;
		const done = await post(running, "/api/v1/policy/activate", { policy: table, hash: tried.json["hash"] });
		expect(done.json).toMatchObject({ name: "theirs", applied: true, policyHash: tried.json["policyHash"] });
		const history = (await http(running.http, "GET", "/api/v1/policy/history")).json as {
			activated: { policy: { name: string } }[];
		};
		expect(history).toMatchObject({ more: false });
		expect(history.activated.map(({ policy }) => policy.name)).toEqual(["theirs", "score-2021", "ours"]);
		const neither = await post(running, "/api/v1/policy/dry-run", {});
		expect([neither.status, neither.json["code"]]).toEqual([400, "body-invalid"]);
		await post(running, "/api/v1/duty/sign-out", { plate: plateOf(2) });
	});

	it.each([
		["a broken line", OURS.replace("maxAgeDays: 550", "maxAgeDays: [550"), { line: 8, key: "", kind: "syntax" }],
		[
			"a value of another kind",
			OURS.replace("version: 2", "version: two"),
			{ line: 2, column: 10, key: "version", kind: "value" },
		],
		["a key too few", OURS.replace("version: 2\n", ""), { line: 1, key: "version", kind: "missing" }],
		[
			"a value deep inside",
			OURS.replace("stars: 5", "stars: 6"),
			{ line: 4, key: "scoreBands.0.stars", kind: "value" },
		],
		["a key too many", `${OURS}\ncolour: red`, { line: 9, column: 1, key: "colour", kind: "unknown-key" }],
	])("refuses a YAML text with %s by its place", async (_what, yaml, place) => {
		const running = await started();
		const refused = await post(running, "/api/v1/policy/dry-run", { yaml });
		expect([refused.status, refused.json["code"]]).toEqual([400, "policy-invalid"]);
		expect(refused.json["place"]).toMatchObject(place);
		expect(refused.json["detail"]).toContain(`line ${place.line}: `);
	});
});

describe("the dry run of a rating file", () => {
	it("judges by the policy that is active in the depot it is given, and by the usual one without", async () => {
		folder.file("of-100.csv", ratingsCsv([85, 90], yesterday()));
		folder.file(
			"of-100.yaml",
			OURS.replace("ours", "of-100")
				.replace("[0, 30]", "[0, 100]")
				.replace("AAA: 20, AA: 11, A: 4, B: 0", "AAA: 80, AA: 60, A: 40, B: 0"),
		);
		const check = async (...more: string[]) =>
			jsonOf((await liangxing(folder.path, ["ratings", "import", "of-100.csv", "--dry-run", "--json", ...more])).out);
		expect(await check("--data", "depot")).toMatchObject({ rows: 2, accepted: 0 });
		const { hash } = await dryRun("of-100.yaml");
		expect((await run("policy", "activate", "of-100.yaml", "--hash", String(hash))).code).toBe(0);
		expect(await check("--data", "depot")).toMatchObject({ rows: 2, accepted: 2 });
		await started();
		expect(await check("--data", "depot")).toMatchObject({ rows: 2, accepted: 2, grades: { AAA: 2 } });
		for (const more of [[], ["--data", "nowhere"]])
			expect(await check(...more)).toMatchObject({ accepted: 0, quarantined: [{ reason: "score-out-of-range" }, {}] });
	});
});
