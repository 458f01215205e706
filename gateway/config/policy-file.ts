import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { Crypto } from "../../protocol/ports/crypto.ts";
import type { ProblemPlace } from "../../protocol/schema/api-problem.ts";
import { policyTable } from "../../protocol/schema/policy.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { StarPolicy } from "../core/stars/policy.ts";
import { hashPolicy, type PolicyTable, PRESETS } from "../core/stars/presets.ts";

/** A table of a few dozen lines. */
const MAX_POLICY_BYTES = 64 * 1024;

/** Place of a value, or of the nearest thing around it that is there. */
function placeOf(
	document: Document,
	lines: LineCounter,
	path: readonly PropertyKey[],
): Pick<ProblemPlace, "line" | "column"> {
	for (let length = path.length; length > 0; length--) {
		const node = document.getIn(path.slice(0, length), true);
		if (!isNode(node) || node.range == null) continue;
		const { line, col } = lines.linePos(node.range[0]);
		return { line, column: col };
	}
	return { line: 1, column: 1 };
}

/** Place of a key that should not be there. */
function keyPlace(document: Document, lines: LineCounter, path: readonly PropertyKey[], key: string) {
	const map = path.length === 0 ? document.contents : document.getIn(path, true);
	const found = isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key : undefined;
	if (!isScalar(found) || found.range == null) return placeOf(document, lines, path);
	const { line, col } = lines.linePos(found.range[0]);
	return { line, column: col };
}

/** The policy table of a YAML text. Throws `policy-invalid` naming line, key, value and mend. */
export function parsePolicy(text: string, name: string): PolicyTable {
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines });
	const broken = document.errors[0];
	if (broken !== undefined) {
		const { line, col } = broken.linePos?.[0] ?? { line: 1, col: 1 };
		throw invalid(name, broken.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "", {
			line,
			column: col,
			key: "",
			kind: "syntax",
		});
	}
	const raw: unknown = plainOf(document, name);
	const parsed = policyTable.safeParse(raw);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const path = issue?.path ?? [];
	if (issue?.code === "unrecognized_keys") {
		const [key = ""] = issue.keys;
		const place = { ...keyPlace(document, lines, path, key), key: [...path, key].join(".") };
		throw invalid(name, `unknown key ${issue.keys.join(", ")}`, { ...place, kind: "unknown-key" });
	}
	const key = path.join(".");
	const value = path.reduce<unknown>((at, k) => (at as Record<PropertyKey, unknown> | null | undefined)?.[k], raw);
	const told = key === "" ? "the whole text" : `${key} = ${JSON.stringify(value)}`;
	const kind = value === undefined ? "missing" : "value";
	throw invalid(name, `${told}: ${issue?.message ?? "not valid"}`, { ...placeOf(document, lines, path), key, kind });
}

/** What the text says, as plain values. A few lines can stand for millions of values: those are refused. */
function plainOf(document: Document, name: string): unknown {
	try {
		return document.toJS({ maxAliasCount: 20 });
	} catch (e) {
		throw invalid(name, e instanceof Error ? e.message : "not valid", { ...WHOLE, kind: "syntax" });
	}
}

/** The text as a whole. */
const WHOLE = { line: 1, column: 1, key: "" } as const;

const invalid = (name: string, what: string, place: ProblemPlace): CodedError =>
	new CodedError("policy-invalid", `The star policy ${name} cannot be used: line ${place.line}: ${what}.`, {
		fault: "input",
		next: "Mend it as in gateway/config/policies/score-2021.yaml, or use a preset's name (score-2021, tianjin-2019).",
		context: { file: name, ...place },
	});

/** A preset by its name, else a YAML file by its path. Throws `policy-not-found`, `policy-invalid`. */
export function loadPolicy(nameOrPath: string, crypto: Pick<Crypto, "sha256">): StarPolicy {
	if (Object.hasOwn(PRESETS, nameOrPath)) {
		const preset = PRESETS[nameOrPath];
		if (preset !== undefined) return hashPolicy(preset, crypto);
	}
	return hashPolicy(readPolicyTable(nameOrPath), crypto);
}

/** The table in a YAML file. Throws `policy-not-found`, `policy-invalid`. */
export function readPolicyTable(path: string): PolicyTable {
	let text: string;
	try {
		if (statSync(path).size > MAX_POLICY_BYTES)
			throw invalid(basename(path), `more than ${MAX_POLICY_BYTES} bytes`, { ...WHOLE, kind: "value" });
		text = readFileSync(path, "utf8");
	} catch (e) {
		if (e instanceof CodedError) throw e;
		throw new CodedError("policy-not-found", `There is neither a preset nor a file named ${path}.`, {
			fault: "input",
			next: `Set policy to ${Object.keys(PRESETS).join(" or ")}, or to the path of a YAML file.`,
			cause: e,
		});
	}
	return parsePolicy(text, basename(path));
}
