import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { parse, YAMLParseError } from "yaml";
import type { Crypto } from "../../protocol/ports/crypto.ts";
import { policyTable } from "../../protocol/schema/policy.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { StarPolicy } from "../core/stars/policy.ts";
import { hashPolicy, type PolicyTable, PRESETS } from "../core/stars/presets.ts";

/** A table of a few dozen lines. */
const MAX_POLICY_BYTES = 64 * 1024;

/** The policy table of a YAML text. Throws `policy-invalid` naming key, value and mend. */
export function parsePolicy(text: string, name: string): PolicyTable {
	let raw: unknown;
	try {
		raw = parse(text);
	} catch (e) {
		if (!(e instanceof YAMLParseError)) throw e;
		throw invalid(name, `line ${e.linePos?.[0].line ?? 1}: ${e.message.split("\n")[0]}`);
	}
	const parsed = policyTable.safeParse(raw);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const path = issue?.path ?? [];
	const key = path.length === 0 ? "(whole file)" : path.join(".");
	const value = path.reduce<unknown>((at, k) => (at as Record<PropertyKey, unknown> | null | undefined)?.[k], raw);
	const unknown =
		issue?.code === "unrecognized_keys"
			? `unknown key ${issue.keys.join(", ")}`
			: `${key} = ${JSON.stringify(value)}: ${issue?.message ?? "not valid"}`;
	throw invalid(name, unknown);
}

const invalid = (name: string, what: string): CodedError =>
	new CodedError("policy-invalid", `The star policy ${name} cannot be used: ${what}.`, {
		fault: "input",
		next: "Mend it as in gateway/config/policies/score-2021.yaml, or use a preset's name (score-2021, tianjin-2019).",
		context: { file: name },
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
		if (statSync(path).size > MAX_POLICY_BYTES) throw invalid(basename(path), `more than ${MAX_POLICY_BYTES} bytes`);
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
