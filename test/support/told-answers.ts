import { readdirSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { openApiDocument } from "../../gateway/api/openapi.ts";
import { PROBLEM_TYPE } from "../../protocol/schema/api-problem.ts";
import { ERROR_CATALOG } from "../../protocol/schema/error-catalog.ts";
import type { RouteDoc } from "../../protocol/schema/route-doc.ts";

const isDoc = (value: unknown): value is RouteDoc =>
	typeof value === "object" && value !== null && "path" in value && "answer" in value && "summary" in value;

/** Documents of all routes, from every file of the schema folder that is named for the API. */
async function allDocuments(): Promise<RouteDoc[]> {
	const folder = new URL("../../protocol/schema/", import.meta.url);
	const files = readdirSync(folder).filter((name) => /^api-.*\.ts$/.test(name));
	const modules = await Promise.all(files.map((name) => import(new URL(name, folder).href) as Promise<object>));
	return modules.flatMap((module) => Object.values(module)).filter(isDoc);
}

type Json = Record<string, unknown>;
const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
	path.reduce<unknown>((v, key) => (v as Json | undefined)?.[key], value);

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
const document = openApiDocument(await allDocuments(), { closed: true });
ajv.addSchema(document, "api");
// The one for any address comes last.
const known = Object.keys(document["paths"] as Json).sort((a, b) => Number(a === "/{path}") - Number(b === "/{path}"));
const PATHS = known.map((path) => ({
	path,
	form: new RegExp(
		`^${path
			.replace(/[.]/g, "\\.")
			.replace(/\{path\}/, ".+")
			.replace(/\{\w+\}/g, "[^/]+")}$`,
	),
}));

const escaped = (part: string | number): string =>
	encodeURIComponent(String(part).replaceAll("~", "~0").replaceAll("/", "~1"));

export interface Told {
	readonly method: string;
	/** As called, with its query. */
	readonly url: string;
	readonly status: number;
	readonly type: string;
	readonly text: string;
}

/** The answer as it was given is one that the document tells: status, content type, every key; a refusal by its code too. */
export function expectTold({ method, url, status, type, text }: Told): void {
	const path = PATHS.find(({ form }) => form.test(url.split("?")[0] ?? ""))?.path;
	const place = ["paths", path ?? "", method.toLowerCase(), "responses", status];
	const [sent = ""] = type.split(";");
	if (sent === PROBLEM_TYPE) {
		const { code } = JSON.parse(text) as { code: string };
		const isKnown = path !== undefined && at(document, "paths", path, method.toLowerCase()) !== undefined;
		// An address that is none is refused as well; a code that no source gives is a test's own.
		if (isKnown && Object.hasOwn(ERROR_CATALOG, code))
			expect(at(document, ...place, "x-error-codes"), `${method} ${path} ${status}`).toContain(code);
		expect(problems("#/components/schemas/Problem", text), `${method} ${url} ${status}`).toEqual([]);
		return;
	}
	const content = at(document, ...place, "content") as Json | undefined;
	expect(content, `${method} ${url} ${status} is told`).toBeDefined();
	if (!Object.hasOwn(content ?? {}, "application/json")) return;
	expect(sent).toBe("application/json");
	const pointer = ["", ...place, "content", "application/json", "schema"].map(escaped).join("/");
	expect(problems(`#${pointer}`, text), `${method} ${url} ${status}`).toEqual([]);
}

function problems(pointer: string, text: string): unknown[] {
	const validate = ajv.getSchema(`api${pointer}`);
	if (validate === undefined) return [`no schema at ${pointer}`];
	validate(JSON.parse(text));
	return [...(validate.errors ?? [])];
}
