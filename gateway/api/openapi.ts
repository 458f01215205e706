import { z } from "zod";
import { PROBLEM_TYPE, problemBody } from "../../protocol/schema/api-problem.ts";
import { ERROR_CATALOG } from "../../protocol/schema/error-catalog.ts";
import { type RouteDoc, TAGS, wantsToken } from "../../protocol/schema/route-doc.ts";
import { statusOf } from "./error-codes.ts";

type Json = Record<string, unknown>;

/** What every route may answer before it works on a request. */
const OF_ALL = ["host-not-loopback", "origin-foreign", "rate-limited", "internal-error"] as const;
const OF_TOKEN = ["token-missing", "token-wrong"] as const;
const OF_BODY = ["body-not-json", "body-too-large", "unsupported-media-type"] as const;
/** What every command may answer. */
const OF_COMMAND = ["store-failed", "busy", "gateway-stopping"] as const;

/** Schemas by name, as they turn up. */
class Components {
	readonly schemas: Json = {};
	private readonly closed: boolean;
	constructor(closed: boolean) {
		this.closed = closed;
	}

	/** `input`: as a client sends it; `output`: as it is answered. */
	of(schema: z.ZodType, io: "input" | "output"): Json {
		const { $schema: _dialect, $defs, ...made } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json;
		for (const [name, value] of Object.entries(($defs ?? {}) as Json)) this.schemas[name] = this.clean(value, io);
		return this.clean(made, io) as Json;
	}

	/** References into the document. An answer may get more keys, so the document leaves it open; `closed` is for tests. */
	private clean(value: unknown, io: "input" | "output"): unknown {
		if (Array.isArray(value)) return value.map((v) => this.clean(v, io));
		if (typeof value !== "object" || value === null) return value;
		const out: Json = {};
		for (const [key, inner] of Object.entries(value)) {
			if (key === "$ref") out[key] = String(inner).replace("#/$defs/", "#/components/schemas/");
			else if (key === "additionalProperties" && inner === false && io === "output" && !this.closed) continue;
			else if (key !== "id" || typeof inner !== "string") out[key] = this.clean(inner, io);
		}
		return out;
	}
}

const pathOf = (path: string): string => path.replace(/:(\w+)/g, "{$1}").replace(/\*$/, "{path}");

function parameters(doc: RouteDoc, components: Components): Json[] {
	const of = (where: string, name: string, schema: z.ZodType): Json => {
		const { description, ...made } = components.of(schema, "input");
		const required = where === "path" || !schema.safeParse(undefined).success;
		return { name, in: where, required, ...(description === undefined ? {} : { description }), schema: made };
	};
	const query = doc.query instanceof z.ZodObject ? doc.query.shape : {};
	return [
		...Object.entries(doc.params ?? {}).map(([name, schema]) => of("path", name === "*" ? "path" : name, schema)),
		...Object.entries(query).map(([name, schema]) => of("query", name, schema as z.ZodType)),
		...Object.entries(doc.headers ?? {}).map(([name, schema]) => of("header", name, schema)),
	];
}

function requestBody(doc: RouteDoc, components: Components): Json | null {
	if (doc.body !== undefined)
		return { required: true, content: { "application/json": { schema: components.of(doc.body, "input") } } };
	if (doc.file === undefined) return null;
	const { about, mostBytes } = doc.file;
	const content = { "application/octet-stream": {}, "text/csv": {} };
	return { required: true, description: `${about}; at most ${mostBytes} bytes`, content };
}

/** Refusals by status, with their codes. */
function refusals(doc: RouteDoc): Map<number, string[]> {
	const token = wantsToken(doc);
	const codes = new Set<string>([
		...OF_ALL,
		...(token ? OF_TOKEN : []),
		...(doc.method === "POST" ? OF_BODY : []),
		...(token ? OF_COMMAND : []),
		...(doc.errors ?? []),
	]);
	const byStatus = new Map<number, string[]>();
	for (const code of codes) {
		const status = statusOf(code, ERROR_CATALOG[code]?.fault);
		byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
	}
	return byStatus;
}

function responses(doc: RouteDoc, components: Components): Json {
	const { status = 200, about, schema, type = "application/json" } = doc.answer;
	const content = { [type]: schema === undefined ? {} : { schema: components.of(schema, "output") } };
	const out: Json = { [status]: { description: about, content } };
	components.of(z.array(problemBody), "output");
	const problem = { $ref: "#/components/schemas/Problem" };
	for (const [refusal, codes] of [...refusals(doc)].sort(([a], [b]) => a - b))
		out[refusal] = {
			description: codes.map((code) => `\`${code}\``).join(", "),
			"x-error-codes": codes,
			content: { [PROBLEM_TYPE]: { schema: problem } },
		};
	return out;
}

function operation(doc: RouteDoc, components: Components): Json {
	const body = requestBody(doc, components);
	return {
		tags: [doc.tag],
		operationId: `${doc.method.toLowerCase()}${doc.path.replace(/\/api\/v1/, "").replace(/[^A-Za-z0-9]+(\w?)/g, (_m, c: string) => c.toUpperCase())}`,
		summary: doc.summary,
		...(doc.about === undefined ? {} : { description: doc.about }),
		parameters: parameters(doc, components),
		...(body === null ? {} : { requestBody: body }),
		responses: responses(doc, components),
		security: wantsToken(doc) ? [{ token: [] }] : [],
	};
}

/** The OpenAPI 3.1 document of these routes. `closed`: answers may have no key that is not told, which tests look for. */
export function openApiDocument(routes: readonly RouteDoc[], { closed = false } = {}): Json {
	const components = new Components(closed);
	const paths: Record<string, Json> = {};
	for (const doc of [...routes].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) {
		const path = pathOf(doc.path);
		paths[path] = { ...paths[path], [doc.method.toLowerCase()]: operation(doc, components) };
	}
	return {
		openapi: "3.1.1",
		info: {
			title: "Liangxing depot",
			version: "1",
			description:
				"The API of a depot's gateway, on this machine only. Plates and certificate numbers travel in bodies, never in an address. " +
				"Lists that can grow come in pages: `limit`, `cursor`, and `nextCursor` in the answer. Answers may get more keys.",
		},
		servers: [{ url: "/" }],
		tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
		paths,
		components: {
			schemas: components.schemas,
			securitySchemes: {
				token: { type: "http", scheme: "bearer", description: "In the data folder's file `token`" },
			},
		},
	};
}
