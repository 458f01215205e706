import { parseAst } from "vite";
import type { SourceFile } from "./source-tree.ts";

/** One place in the sources where a code is given to an error or to a refusal. */
export interface ErrorSite {
	readonly code: string;
	readonly path: string;
	readonly line: number;
	/** What happened and the next step as written there, `…` for each value put in; null where it is not a text of that place. */
	readonly message: string | null;
	readonly next: string | null;
}

/** What was found, and the places whose code could not be followed to a text. */
export interface ErrorSites {
	readonly sites: readonly ErrorSite[];
	readonly lost: readonly string[];
}

interface Node {
	readonly type: string;
	readonly start: number;
	readonly [key: string]: unknown;
}

/** Which arguments of a function become code, message and next step. */
interface Helper {
	readonly name: string;
	readonly path: string;
	readonly code: number;
	readonly message: number;
	readonly next: number;
}

/** Parts of a file's tree, each with the nodes above it. */
interface Seen {
	readonly path: string;
	readonly text: string;
	readonly nodes: readonly { readonly node: Node; readonly above: readonly Node[] }[];
}

/** Files whose values hold a code that others make an error of. */
const CODE_GIVERS = new Set([
	"gateway/core/lights/clock-guard.ts",
	"gateway/core/ratings/header.ts",
	"gateway/core/ratings/validate.ts",
]);
/** Codes that pass through from a value made elsewhere: an answer, a row of a table, a reading of the clock. */
const RELAYED = /^(MemberExpression|ChainExpression|SpreadElement|TSNonNullExpression|CallExpression)$/;
const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const isNode = (value: unknown): value is Node =>
	typeof value === "object" && value !== null && typeof (value as Node).type === "string";

function see(file: SourceFile): Seen {
	const nodes: { node: Node; above: readonly Node[] }[] = [];
	const walk = (node: Node, above: readonly Node[]) => {
		nodes.push({ node, above });
		const inner = [...above, node];
		for (const value of Object.values(node))
			for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, inner);
	};
	const lang = file.path.endsWith(".tsx") ? "tsx" : "ts";
	walk(parseAst(file.text, { lang, astType: "ts" }) as unknown as Node, []); // the walker needs any node
	return { ...file, nodes };
}

const nameOf = (node: unknown): string | null =>
	isNode(node) && node.type === "Identifier" ? String(node["name"]) : null;

const isFunction = (node: Node): boolean =>
	/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);

/** The nearest function above that takes this name as an argument, with its own name and the argument's place. */
function parameterOf(name: string, above: readonly Node[]): { readonly name: string; readonly at: number } | null {
	for (let i = above.length - 1; i >= 0; i--) {
		const node = above[i];
		if (node === undefined || !isFunction(node)) continue;
		const at = (node["params"] as Node[]).findIndex((p) => nameOf(p) === name);
		if (at < 0) continue;
		const outer = above[i - 1];
		const own = nameOf(node["id"]) ?? (outer?.type === "VariableDeclarator" ? nameOf(outer["id"]) : null);
		return own === null ? null : { name: own, at };
	}
	return null;
}

/** The texts that an expression can be; null where it is none. */
function textsOf(node: unknown, seen: Seen): readonly string[] | null {
	if (!isNode(node)) return null;
	if (node.type === "Literal") return typeof node["value"] === "string" ? [node["value"]] : null;
	if (node.type === "TemplateLiteral") {
		const parts = (node["quasis"] as { readonly value: { readonly cooked: string } }[]).map((q) => q.value.cooked);
		return [parts.join("…")];
	}
	if (node.type === "ConditionalExpression") {
		const both = [textsOf(node["consequent"], seen), textsOf(node["alternate"], seen)];
		return both.includes(null) ? null : both.flatMap((t) => t ?? []);
	}
	if (node.type === "LogicalExpression") return textsOf(node["right"], seen);
	if (node.type === "CallExpression" && nameOf(node["callee"]) === "String")
		return textsOf((node["arguments"] as Node[])[0], seen);
	const name = nameOf(node);
	const made = seen.nodes.find(({ node: n }) => n.type === "VariableDeclarator" && nameOf(n["id"]) === name);
	return name === null || made === undefined ? null : textsOf(made.node["init"], seen);
}

const property = (node: unknown, key: string): Node | null => {
	if (!isNode(node) || node.type !== "ObjectExpression") return null;
	const found = (node["properties"] as Node[]).find((p) => p.type === "Property" && nameOf(p["key"]) === key);
	return found === undefined ? null : (found["value"] as Node);
};

/** The three expressions of a place that gives a code, or null. */
interface Giving {
	readonly code: Node;
	readonly message: Node | null;
	readonly next: Node | null;
}

function givingOf(seen: Seen, node: Node, above: readonly Node[], helpers: readonly Helper[]): Giving | null {
	const args = (node["arguments"] ?? []) as Node[];
	const callee = isNode(node["callee"]) ? node["callee"] : null;
	const coded =
		(node.type === "NewExpression" && nameOf(callee) === "CodedError") ||
		(callee?.type === "Super" && above.some((a) => nameOf(a["superClass"]) === "CodedError"));
	if (coded && args[0] !== undefined)
		return { code: args[0], message: args[1] ?? null, next: property(args[2], "next") };
	if (node.type === "ObjectExpression") {
		const code = property(node, "code");
		if (code === null || property(node, "applied") !== null) return null;
		if (property(node, "next") === null && !CODE_GIVERS.has(seen.path)) return null;
		return { code, message: property(node, "message"), next: property(node, "next") };
	}
	if (node.type !== "CallExpression") return null;
	const helper = helperOf(seen, nameOf(callee), helpers);
	const code = helper === null ? undefined : args[helper.code];
	if (helper === null || code === undefined) return null;
	return { code, message: args[helper.message] ?? null, next: args[helper.next] ?? null };
}

function helperOf(seen: Seen, name: string | null, helpers: readonly Helper[]): Helper | null {
	if (name === null) return null;
	const named = helpers.filter((h) => h.name === name);
	const own = named.find((h) => h.path === seen.path);
	const imported = new RegExp(`import[^;]*\\b${name}\\b[^;]*from`).test(seen.text);
	return own ?? (imported ? (named[0] ?? null) : null);
}

/** Functions that hand a code of their caller on, however many hops away. */
function findHelpers(files: readonly Seen[]): Helper[] {
	const helpers: Helper[] = [];
	for (let before = -1; before !== helpers.length; ) {
		before = helpers.length;
		for (const seen of files)
			for (const { node, above } of seen.nodes) {
				const giving = givingOf(seen, node, above, helpers);
				const name = giving === null ? null : nameOf(giving.code);
				const parameter = name === null ? null : parameterOf(name, above);
				if (giving === null || parameter === null) continue;
				if (helpers.some((h) => h.path === seen.path && h.name === parameter.name)) continue;
				const placeOf = (part: Node | null) => parameterOf(nameOf(part) ?? "", above)?.at ?? -1;
				const { message, next } = giving;
				helpers.push({
					...parameter,
					path: seen.path,
					code: parameter.at,
					message: placeOf(message),
					next: placeOf(next),
				});
			}
	}
	return helpers;
}

/** The framework's refusals in our words stand in a table of `[code, what happened, next step]`. */
function tableRows(seen: Seen, node: Node): Giving | null {
	if (seen.path !== "gateway/api/problems.ts" || node.type !== "ArrayExpression") return null;
	const [code, message, next] = node["elements"] as Node[];
	return code === undefined || message === undefined || next === undefined ? null : { code, message, next };
}

/** Every code that the product's sources give to an error or a refusal. */
export function errorSites(files: readonly SourceFile[]): ErrorSites {
	const product = files
		.filter((f) => /^(protocol|device|gateway|simulator)\//.test(f.path) && !/^gateway\/console\//.test(f.path))
		.filter((f) => !/^protocol\/schema\/(error-|api-problem)/.test(f.path))
		.map(see);
	const helpers = findHelpers(product);
	const sites: ErrorSite[] = [];
	const lost: string[] = [];
	for (const seen of product)
		for (const { node, above } of seen.nodes) {
			const giving = givingOf(seen, node, above, helpers) ?? tableRows(seen, node);
			if (giving === null) continue;
			const line = seen.text.slice(0, node.start).split("\n").length;
			const codes = textsOf(giving.code, seen)?.filter((code) => KEBAB.test(code)) ?? [];
			const handedOn = parameterOf(nameOf(giving.code) ?? "", above) !== null || RELAYED.test(giving.code.type);
			if (codes.length === 0 && !handedOn) lost.push(`${seen.path}:${line}`);
			const textOf = (part: Node | null, i: number): string | null => {
				const texts = textsOf(part, seen) ?? [];
				// A condition that chooses the code chooses the text as well.
				return (texts.length === codes.length ? texts[i] : texts.length === 1 ? texts[0] : null) ?? null;
			};
			for (const [i, code] of codes.entries())
				sites.push({ code, path: seen.path, line, message: textOf(giving.message, i), next: textOf(giving.next, i) });
		}
	return { sites, lost };
}
