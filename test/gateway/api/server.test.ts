import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Api, openApi } from "../../../gateway/api/server.ts";
import { NodeClock } from "../../../gateway/depot/node-clock.ts";
import type { Shell } from "../../../gateway/depot/shell.ts";
import { lightsAnswer } from "../../../protocol/schema/api.ts";
import { ERROR_CATALOG } from "../../../protocol/schema/error-catalog.ts";
import { CodedError } from "../../../protocol/wire/errors.ts";
import { clockInDoubt, lightNumber, RowCore, shellOf } from "../../support/row-core.ts";
import { silentLog } from "../../support/silent-log.ts";
import { expectTold } from "../../support/told-answers.ts";

const TOKEN = "t".repeat(43);
const LOCAL = { host: "127.0.0.1:8790" };
const WITH_TOKEN = { ...LOCAL, authorization: `Bearer ${TOKEN}` };
let core: RowCore;
let shell: Shell<RowCore>;
let api: Api;

async function open(consoleDir: string | null = null): Promise<Api> {
	const clock = new NodeClock();
	shell = shellOf(core);
	return openApi({
		shell,
		intake: {
			ratings: async (bytes, name) => {
				if (bytes.length === 3)
					throw new CodedError("file-not-csv", `${name} is no CSV.`, { fault: "input", next: "Export it again." });
				return { command: { what: "held-accept", pull: `${name}:${bytes.length}` }, report: { notes: [] } };
			},
			fleet: async (bytes, name, dryRun) => ({
				command: { what: "held-reject", pull: `${name}:${bytes.length}:${dryRun}` },
				report: {},
			}),
		},
		token: TOKEN,
		instance: "i",
		mqtt: "mqtt://127.0.0.1:1",
		clock,
		timers: clock,
		log: silentLog,
		counters: () => ({}),
		turnedAway: () => ({}),
		consoleDir,
	});
}

beforeEach(async () => {
	core = new RowCore(25);
	api = await open();
});
afterEach(() => api.close());

const get = async (url: string, headers: Record<string, string> = LOCAL) => {
	const answer = await api.app.inject({ method: "GET", url, headers });
	const type = String(answer.headers["content-type"]);
	expectTold({ method: "GET", url, status: answer.statusCode, type, text: answer.body });
	return answer;
};
const post = (url: string, payload: unknown = {}, headers: Record<string, string> = WITH_TOKEN) =>
	api.app.inject({ method: "POST", url, headers, payload: payload as object });

describe("who may ask", () => {
	it.each(["localhost:8790", "127.0.0.1", "[::1]:8790", "LOCALHOST:1"])("Host %s is this machine", async (host) => {
		expect((await get("/healthz", { host })).statusCode).toBe(200);
	});

	it.each(["liangxing.example", "liangxing.example:8790", "10.0.0.9:8790", "127.0.0.1.evil.example", "evil@127.0.0.1"])(
		"Host %s is refused, also for the console's page",
		async (host) => {
			for (const url of ["/", "/api/v1/lights", "/healthz", "/nothing"]) {
				const answer = await get(url, { host });
				expect([answer.statusCode, answer.json().error.code]).toEqual([421, "host-not-loopback"]);
			}
			expect(api.counts()["host-not-loopback"]).toBe(4);
		},
	);

	it.each(["https://evil.example", "http://127.0.0.1:9999", "null", "http://localhost:8790"])(
		"a page of %s is refused, with or without the token",
		async (origin) => {
			for (const headers of [LOCAL, WITH_TOKEN])
				expect((await post("/api/v1/clock/accept", {}, { ...headers, origin })).json().error.code).toBe(
					"origin-foreign",
				);
			expect((await get("/api/v1/lights", { ...LOCAL, origin })).statusCode).toBe(403);
			expect(core.commands).toEqual([]);
		},
	);

	it("the console's own page may", async () => {
		const headers = { ...WITH_TOKEN, origin: "http://127.0.0.1:8790" };
		expect((await post("/api/v1/clock/accept", {}, headers)).statusCode).toBe(200);
	});

	it("every call that changes something needs the token", async () => {
		const calls = [
			"duty/sign-in",
			"duty/sign-out",
			"lights",
			`lights/${lightNumber(1)}/bind`,
			"ratings",
			"ratings/held/P1/accept",
			"ratings/held/P1/reject",
			"fleet",
			"fleet/blank",
			"clock/accept",
		];
		for (const call of calls) {
			const answer = await post(`/api/v1/${call}`, {}, LOCAL);
			expect([call, answer.statusCode, answer.json().error.code]).toEqual([call, 401, "token-missing"]);
			expect(answer.headers["www-authenticate"]).toBe("Bearer");
		}
		expect(core.commands).toEqual([]);
	});

	it("a wrong token is refused, and guessing is slowed down", async () => {
		const codes = new Set<string>();
		for (let i = 0; i < 40; i++) {
			const headers = { ...LOCAL, authorization: `Bearer ${"u".repeat(43)}` };
			codes.add((await post("/api/v1/clock/accept", {}, headers)).json().error.code);
		}
		expect([...codes]).toEqual(["token-wrong", "rate-limited"]);
		expect(core.commands).toEqual([]);
	});

	it("a wide bind is refused", async () => {
		await expect(api.listen("0.0.0.0", 0)).rejects.toMatchObject({ code: "bind-not-loopback" });
	});
});

describe("what the lights are", () => {
	it("is one list, as clients know it", async () => {
		const answer = await get("/api/v1/lights");
		expect(lightsAnswer.safeParse(answer.json()).error).toBeUndefined();
		expect(Object.keys(answer.json())).toEqual(["lights"]);
		expect(answer.json().lights).toHaveLength(25);
		expect(answer.headers["cache-control"]).toBe("no-store");
	});

	it("follows a change at once", async () => {
		await get("/api/v1/lights");
		for (const stars of [5, 1, 4]) {
			shell.message(lightNumber(1), Uint8Array.of(stars), null);
			expect((await get("/api/v1/lights")).json().lights[0].desired).toBe(stars);
		}
	});

	it("comes in pages that hold each light once", async () => {
		const seen: string[] = [];
		let url = "/api/v1/lights?limit=10";
		for (let pages = 0; pages < 9; pages++) {
			const page = (await get(url)).json();
			seen.push(...page.lights.map((l: { light: string }) => l.light));
			if (page.nextCursor === null) break;
			url = `/api/v1/lights?limit=10&cursor=${page.nextCursor}`;
		}
		expect(seen).toEqual([...core.rows.keys()].sort());
	});

	it("says which parameter is wrong", async () => {
		for (const query of ["limit=0", "limit=x", "limit=5001", "cursor=%2F", "what=1"]) {
			const answer = await get(`/api/v1/lights?${query}`);
			expect([query, answer.statusCode, answer.json().error.code]).toEqual([query, 400, "query-invalid"]);
		}
	});

	it("is one row for one id, in any case of its letters", async () => {
		expect((await get(`/api/v1/lights/${lightNumber(3).toLowerCase()}`)).json().light).toBe(lightNumber(3));
		for (const id of [lightNumber(99), "x", "constructor"])
			expect((await get(`/api/v1/lights/${id}`)).json().error.code).toBe("light-unknown");
	});
});

describe("what is asked for", () => {
	it("a sign-in names vehicle or plate, driver or certificate", async () => {
		await post("/api/v1/duty/sign-in", { plate: " 豫d·Ｔ0001", certificate: "c１", at: 1_800_000_000 });
		await post("/api/v1/duty/sign-out", { vehicle: "V000001", driver: "D000001" });
		expect(core.commands).toEqual([
			{ what: "sign-in", vehicle: { plate: "豫DT0001" }, driver: { certificate: "C1" }, at: 1_800_000_000_000 },
			{ what: "sign-out", vehicle: { key: "V000001" }, driver: { key: "D000001" }, at: null },
		]);
	});

	it("a body that is none is refused without repeating its values", async () => {
		const bodies = [
			{},
			{ plate: "豫DT0001" },
			{ plate: "a", vehicle: "b", driver: "c" },
			{ secretly: "410404199903213205" },
		];
		for (const body of bodies) {
			const answer = await post("/api/v1/duty/sign-in", body);
			expect([answer.statusCode, answer.json().error.code]).toEqual([400, "body-invalid"]);
			expect(answer.body).not.toContain("410404199903213205");
		}
		const json = { ...WITH_TOKEN, "content-type": "application/json" };
		for (const payload of ["{", "", '{"__proto__":{"a":1}}']) {
			const answer = await api.app.inject({ method: "POST", url: "/api/v1/duty/sign-in", headers: json, payload });
			expect([payload, answer.statusCode]).toEqual([payload, 400]);
		}
		const text = { ...WITH_TOKEN, "content-type": "text/plain" };
		const answer = await api.app.inject({ method: "POST", url: "/api/v1/lights", headers: text, payload: "x" });
		expect([answer.statusCode, answer.json().error.code]).toEqual([415, "unsupported-media-type"]);
		expect(core.commands).toEqual([]);
	});

	it("a body larger than its route takes is refused: 64 KiB of JSON, 64 MiB of ratings only", async () => {
		const json = { ...WITH_TOKEN, "content-type": "application/json" };
		const large = JSON.stringify({ plate: "x".repeat(70_000) });
		const refused = await api.app.inject({
			method: "POST",
			url: "/api/v1/duty/sign-in",
			headers: json,
			payload: large,
		});
		expect([refused.statusCode, refused.json().error.code]).toEqual([413, "body-too-large"]);
		const ratings = await api.app.inject({ method: "POST", url: "/api/v1/ratings", headers: json, payload: large });
		expect(ratings.statusCode).toBe(200);
	});

	it("a file comes as it is, with its name", async () => {
		const headers = {
			...WITH_TOKEN,
			"content-type": "text/csv",
			"x-file-name": encodeURIComponent("../../评级 2025.csv\n"),
		};
		const taken = await api.app.inject({
			method: "POST",
			url: "/api/v1/ratings",
			headers,
			payload: Buffer.from("12345"),
		});
		expect(taken.json()).toEqual({ done: true, notes: [] });
		await api.app.inject({ method: "POST", url: "/api/v1/fleet?dryRun=1", headers: WITH_TOKEN, payload: "12" });
		expect(core.commands).toEqual([
			{ what: "held-accept", pull: "评级 2025.csv:5" },
			{ what: "held-reject", pull: "fleet:2:true" },
		]);
		const bad = await api.app.inject({ method: "POST", url: "/api/v1/ratings", headers, payload: Buffer.from("123") });
		expect([bad.statusCode, bad.json()]).toMatchObject([
			400,
			{ code: "file-not-csv", detail: "评级 2025.csv is no CSV.", next: "Export it again." },
		]);
		const empty = await api.app.inject({ method: "POST", url: "/api/v1/ratings", headers: WITH_TOKEN });
		expect(empty.json().error.code).toBe("file-empty");
	});

	it("a refusal of the depot has the status of its code", async () => {
		for (const [code, status] of [
			["vehicle-unknown", 404],
			["driver-not-assigned", 409],
			["at-in-future", 400],
			["store-failed", 503],
			["something-new", 409],
		] as const) {
			core.answer = { ok: false, code, message: "m", next: "n" };
			const answer = await post("/api/v1/clock/accept");
			expect([answer.statusCode, answer.headers["content-type"], answer.json()]).toEqual([
				status,
				"application/problem+json; charset=utf-8",
				{
					type: `urn:liangxing:error:${code}`,
					title: expect.stringMatching(/^[A-Z][a-z ]+$/),
					status,
					detail: "m",
					code,
					next: "n",
					error: { code, message: "m", next: "n" },
				},
			]);
		}
	});
});

describe("whether it is well", () => {
	it("is said by /healthz and /readyz; a clock in doubt names its command", async () => {
		expect((await get("/healthz")).json()).toEqual({ ok: true, program: "liangxing", instance: "i" });
		expect((await get("/readyz")).json()).toEqual({ ready: true, degraded: [] });
		core.clock = clockInDoubt;
		const answer = await get("/readyz");
		expect([answer.statusCode, answer.json().error.code]).toEqual([503, "clock-behind"]);
		expect(answer.json().error.next).toContain("liangxing clock accept");
	});

	it("an address that is none answers in the same form", async () => {
		const answer = await get("/api/v1/nothing");
		expect([answer.statusCode, answer.json().error.code]).toEqual([404, "not-found"]);
	});
});

describe("the document", () => {
	it("tells every route that is registered, with a summary, an answer and refusals that have words", async () => {
		const document = (await get("/api/v1/openapi.json")).json();
		expect(document.openapi).toMatch(/^3\.1/);
		expect(api.routes().length).toBeGreaterThan(25);
		for (const { method, url, doc } of api.routes()) {
			const path = url.replace(/:(\w+)/g, "{$1}").replace("*", "{path}");
			const told = document.paths[path]?.[method.toLowerCase()];
			expect([url, doc?.method, told?.summary]).toEqual([url, method, expect.stringMatching(/\w/)]);
			expect(Object.keys(told.responses).length).toBeGreaterThan(1);
			for (const code of doc?.errors ?? []) expect([url, Object.hasOwn(ERROR_CATALOG, code)]).toEqual([url, true]);
		}
		const counted = Object.values(document.paths as Record<string, object>).flatMap((p) => Object.keys(p));
		expect(counted).toHaveLength(api.routes().length);
	});

	it("would miss a route that brings none", async () => {
		api.app.get("/api/v1/planted", () => ({}));
		expect(api.routes().filter(({ doc }) => doc === null)).toEqual([
			{ method: "GET", url: "/api/v1/planted", doc: null },
		]);
	});

	it("is valid OpenAPI as far as references go: each leads somewhere", async () => {
		const document = (await get("/api/v1/openapi.json")).json();
		const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map((m) => m[1] ?? "");
		expect(refs.length).toBeGreaterThan(20);
		for (const ref of new Set(refs)) {
			const found = ref
				.split("/")
				.slice(1)
				.reduce((at, part) => at?.[part], document);
			expect([ref, typeof found]).toEqual([ref, "object"]);
		}
	});

	it("wants the token where the guard does, and says so", async () => {
		const { paths } = (await get("/api/v1/openapi.json")).json();
		expect(paths["/api/v1/why"].post.security).toEqual([]);
		expect(paths["/api/v1/duty/sign-in"].post.security).toEqual([{ token: [] }]);
		for (const { method, url, doc } of api.routes())
			if (method === "POST" && doc?.token !== false) {
				const answer = await post(url.replace(/:\w+/, "x"), {}, LOCAL);
				expect([url, answer.statusCode]).toEqual([url, 401]);
			}
	});

	it("has a page that takes all it needs from here", async () => {
		const page = await get("/api/docs");
		expect(page.headers["content-type"]).toContain("text/html");
		expect(page.headers["content-security-policy"]).not.toContain("unsafe");
		const files = [...page.body.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map((m) => m[1] ?? "");
		expect(files).toHaveLength(4);
		for (const file of files) {
			expect(file).toMatch(/^\/api\/docs\//);
			const answer = await get(file);
			expect([file, answer.statusCode, answer.body.length > 20]).toEqual([file, 200, true]);
		}
		for (const file of ["package.json", "..%2Fpackage.json", "constructor", "__proto__"])
			expect([file, (await get(`/api/docs/${file}`)).statusCode]).toEqual([file, 404]);
	});
});

describe("the console's page", () => {
	it("loads nothing from elsewhere, runs nothing inline, sits in no frame", async () => {
		const answer = await get("/");
		expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
		expect(answer.headers["content-security-policy"]).not.toContain("unsafe");
		expect(answer.headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY" });
		expect(answer.body).toContain("npm run build");
	});
});
