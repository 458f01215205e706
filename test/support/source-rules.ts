import { posix } from "node:path";
import { parseAst } from "vite";
import type { SourceFile } from "./source-tree.ts";

/** One place where a house rule is broken. */
export interface Violation {
	readonly rule: Rule;
	readonly path: string;
	readonly line: number;
	readonly what: string;
}

export const RULES = [
	"arrow",
	"purity",
	"banned-global",
	"composition-root",
	"plain-error",
	"long-function",
	"long-file",
	"import-cycle",
	"unreasoned-ignore",
	"focused-or-skipped-test",
	"workplace-word",
] as const;
export type Rule = (typeof RULES)[number];

/** Where a file lives, as far as the walls care. */
type Zone =
	| "protocol"
	| "schema"
	| "device-core"
	| "device"
	| "gateway-core"
	| "gateway"
	| "console"
	| "simulator-pure"
	| "simulator"
	| "bench"
	| "test";

const ZONES: readonly (readonly [RegExp, Zone])[] = [
	[/^protocol\/schema\//, "schema"],
	[/^protocol\//, "protocol"],
	[/^device\/(core|hal)\//, "device-core"],
	[/^device\//, "device"],
	[/^gateway\/core\//, "gateway-core"],
	[/^gateway\/console\//, "console"],
	[/^gateway\//, "gateway"],
	[/^simulator\/(clock|random|link|hardware|scenario)\//, "simulator-pure"],
	[/^simulator\//, "simulator"],
	[/^bench\//, "bench"],
	[/^test\//, "test"],
];

const zoneOf = (path: string): Zone => ZONES.find(([pattern]) => pattern.test(path))?.[1] ?? "test";

/** The only arrows there are. A zone may always import itself. */
const ARROWS: Readonly<Record<Zone, readonly Zone[]>> = {
	protocol: [],
	schema: ["protocol"],
	"device-core": ["protocol"],
	device: ["protocol", "schema", "device-core"],
	"gateway-core": ["protocol"],
	gateway: ["protocol", "schema", "gateway-core"],
	// What the API takes and answers, and the words of its refusals, are told in the schemas.
	console: ["protocol", "schema", "gateway-core"],
	"simulator-pure": ["protocol", "device-core", "gateway-core"],
	simulator: ["protocol", "schema", "device-core", "device", "gateway-core", "gateway", "simulator-pure"],
	bench: ["protocol", "schema", "device-core", "device", "gateway-core", "gateway", "simulator-pure", "simulator"],
	test: [
		"protocol",
		"schema",
		"device-core",
		"device",
		"gateway-core",
		"gateway",
		"console",
		"simulator-pure",
		"simulator",
		"bench",
	],
};

const PURE: ReadonlySet<Zone> = new Set<Zone>(["protocol", "device-core", "gateway-core", "simulator-pure"]);
const COMPOSITION_ROOTS = new Set(["device/main.ts", "gateway/main.ts", "simulator/main.ts", "bench/main.ts"]);
/** The edge files that bind the Clock port to the real clock, each built in a composition root. */
const CLOCK_FILES = new Set(["device/drivers/node-clock.ts", "gateway/depot/node-clock.ts"]);
const MAX_FUNCTION_LINES = 70;
const MAX_FILE_LINES = 500;

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** Import specifiers of a file: static, dynamic and re-exports; `type` ones count too, an arrow is an arrow. */
function importsOf(file: SourceFile): { readonly specifier: string; readonly line: number }[] {
	const found: { specifier: string; line: number }[] = [];
	const pattern =
		/(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;
	for (const match of file.text.matchAll(pattern)) {
		const specifier = match[1] ?? match[2] ?? match[3];
		if (specifier !== undefined) found.push({ specifier, line: lineAt(file.text, match.index + match[0].length) });
	}
	return found;
}

const resolveLocal = (from: string, specifier: string): string =>
	posix.normalize(posix.join(posix.dirname(from), specifier));

function arrows(files: readonly SourceFile[]): Violation[] {
	const out: Violation[] = [];
	for (const file of files) {
		const zone = zoneOf(file.path);
		for (const { specifier, line } of importsOf(file)) {
			if (!specifier.startsWith(".")) continue;
			const target = zoneOf(resolveLocal(file.path, specifier));
			if (target !== zone && !ARROWS[zone].includes(target))
				out.push({ rule: "arrow", path: file.path, line, what: `${zone} may not import ${target} (${specifier})` });
		}
	}
	return out;
}

/** Walks what a pure file reaches, hop by hop: a Node module or a package at any distance is a breach, reported with its path. */
function purity(files: readonly SourceFile[]): Violation[] {
	const byPath = new Map(files.map((f) => [f.path, f]));
	const out: Violation[] = [];
	for (const file of files) {
		if (!PURE.has(zoneOf(file.path))) continue;
		const seen = new Set<string>([file.path]);
		const queue: { path: string; trail: string[] }[] = [{ path: file.path, trail: [file.path] }];
		for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
			const here = byPath.get(next.path);
			if (here === undefined) continue;
			for (const { specifier, line } of importsOf(here)) {
				if (!specifier.startsWith(".")) {
					const allowed = zoneOf(file.path) === "simulator-pure" && specifier.startsWith("pure-rand");
					if (!allowed)
						out.push({
							rule: "purity",
							path: file.path,
							line: next.trail.length === 1 ? line : 1,
							what: `reaches ${specifier} by ${next.trail.join(" > ")}`,
						});
					continue;
				}
				const target = resolveLocal(next.path, specifier);
				if (seen.has(target)) continue;
				seen.add(target);
				queue.push({ path: target, trail: [...next.trail, target] });
			}
		}
	}
	return out;
}

interface Node {
	readonly type: string;
	readonly start: number;
	readonly end: number;
	readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
	typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

function walk(node: Node, visit: (node: Node, parent: Node | null) => void, parent: Node | null = null): void {
	visit(node, parent);
	for (const value of Object.values(node)) {
		if (Array.isArray(value)) for (const item of value) if (isNode(item)) walk(item, visit, node);
		if (isNode(value)) walk(value, visit, node);
	}
}

const TIMERS = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"];
const PURE_BANNED = new Set([
	...TIMERS,
	"process",
	"Buffer",
	"performance",
	"TextEncoder",
	"TextDecoder",
	"console",
	"fetch",
	"crypto",
	"globalThis",
]);

/** Names used as a value that nothing in the file declares would need scopes; imports, parameters and members are told apart here. */
function freeNames(ast: Node): Map<string, number> {
	const declared = new Set<string>();
	const used = new Map<string, number>();
	walk(ast, (node, parent) => {
		if (node.type === "ObjectPattern")
			for (const p of node["properties"] as Node[]) if (isNode(p["value"])) declared.add(String(p["value"]["name"]));
		if (node.type !== "Identifier") return;
		const name = String(node.name);
		const p = parent?.type ?? "";
		const isMember = p === "MemberExpression" && parent?.property === node && parent.computed !== true;
		const isKey =
			(p === "Property" || p === "PropertyDefinition" || p === "MethodDefinition" || p.startsWith("TS")) &&
			parent?.key === node;
		const isType =
			p.startsWith("TS") && p !== "TSAsExpression" && p !== "TSSatisfiesExpression" && p !== "TSNonNullExpression";
		if (p.startsWith("Import") || (p === "VariableDeclarator" && parent?.id === node) || /Function/.test(p))
			declared.add(name);
		if (!isMember && !isKey && !isType && !p.startsWith("Import") && !used.has(name)) used.set(name, node.start);
	});
	for (const name of declared) used.delete(name);
	return used;
}

function globals(file: SourceFile, ast: Node): Violation[] {
	const out: Violation[] = [];
	const zone = zoneOf(file.path);
	if (zone === "test" || zone === "console") return out;
	const root = COMPOSITION_ROOTS.has(file.path);
	const add = (rule: Rule, start: number, what: string) =>
		out.push({ rule, path: file.path, line: lineAt(file.text, start), what });
	if (PURE.has(zone))
		for (const [name, start] of freeNames(ast)) if (PURE_BANNED.has(name)) add("banned-global", start, name);
	walk(ast, (node) => {
		if (
			node.type === "NewExpression" &&
			isNode(node.callee) &&
			node.callee.name === "Date" &&
			(node.arguments as unknown[]).length === 0
		)
			if (!CLOCK_FILES.has(file.path)) add("banned-global", node.start, "new Date() without an instant");
		if (node.type !== "MemberExpression" || !isNode(node.object) || !isNode(node.property)) return;
		const name = `${String(node.object.name)}.${String(node.property.name)}`;
		if (
			["Date.now", "performance.now", "process.hrtime"].includes(name) &&
			!CLOCK_FILES.has(file.path) &&
			zone !== "bench"
		)
			add("banned-global", node.start, name);
		if (name === "Math.random") add("banned-global", node.start, name);
		if (["process.env", "process.argv"].includes(name) && !root && zone !== "bench")
			add("composition-root", node.start, `${name} outside the composition roots`);
	});
	return out;
}

function shapes(file: SourceFile, ast: Node): Violation[] {
	const out: Violation[] = [];
	const test = zoneOf(file.path) === "test";
	const lines = file.text.split("\n").length - 1;
	if (lines > MAX_FILE_LINES) out.push({ rule: "long-file", path: file.path, line: 1, what: `${lines} lines` });
	walk(ast, (node, parent) => {
		const line = lineAt(file.text, node.start);
		if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
			const length = lineAt(file.text, node.end) - line + 1;
			// A test file's describe block holds its cases; it is a table of contents, not a function to follow.
			const isSuite =
				test && (parent?.type === "CallExpression" || file.text.slice(node.start, node.end).includes("describe("));
			if (length > MAX_FUNCTION_LINES && !isSuite)
				out.push({ rule: "long-function", path: file.path, line, what: `${length} lines` });
		}
		if (
			!test &&
			node.type === "NewExpression" &&
			isNode(node.callee) &&
			/^(Type|Range|Syntax)?Error$/.test(String(node.callee.name))
		)
			out.push({ rule: "plain-error", path: file.path, line, what: `new ${String(node.callee.name)}` });
	});
	return out;
}

function words(file: SourceFile): Violation[] {
	const out: Violation[] = [];
	const self = file.path.startsWith("test/support/source-rules") || file.path === "test/architecture.test.ts";
	const add = (rule: Rule, index: number, what: string) =>
		out.push({ rule, path: file.path, line: lineAt(file.text, index), what });
	if (self) return out;
	for (const m of file.text.matchAll(/biome-ignore\s+\S+?:?\s*(.*)|@ts-(ignore|nocheck)|(?:v8|c8|istanbul) ignore/g))
		if ((m[1] ?? "").replace(/^.*?:/, "").trim().length < 8) add("unreasoned-ignore", m.index, m[0].trim());
	if (zoneOf(file.path) === "test")
		for (const m of file.text.matchAll(/\b(?:it|test|describe)\.(only|skip|todo)\(/g))
			add("focused-or-skipped-test", m.index, m[0]);
	for (const m of file.text.matchAll(/\/work\/(?:main|shared|\.library)|registry\.npmjs|npmmirror/g))
		add("workplace-word", m.index, m[0]);
	return out;
}

function cycles(files: readonly SourceFile[]): Violation[] {
	const graph = new Map(
		files.map((f) => [
			f.path,
			importsOf(f)
				.filter((i) => i.specifier.startsWith("."))
				.map((i) => resolveLocal(f.path, i.specifier)),
		]),
	);
	const out: Violation[] = [];
	const done = new Set<string>();
	const visit = (path: string, trail: readonly string[]): void => {
		const at = trail.indexOf(path);
		if (at >= 0) {
			out.push({ rule: "import-cycle", path, line: 1, what: [...trail.slice(at), path].join(" > ") });
			return;
		}
		if (done.has(path)) return;
		for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...trail, path]);
		done.add(path);
	};
	for (const path of graph.keys()) visit(path, []);
	return out;
}

/** Every house rule over a tree. Files that do not parse are the type checker's business. */
export function checkTree(files: readonly SourceFile[]): Violation[] {
	const out = [...arrows(files), ...purity(files), ...cycles(files)];
	for (const file of files) {
		const lang = file.path.endsWith(".tsx") ? "tsx" : "ts";
		const ast = parseAst(file.text, { lang, astType: "ts" }) as unknown as Node; // vite types the program; the walker needs any node
		out.push(...globals(file, ast), ...shapes(file, ast), ...words(file));
	}
	return out;
}
