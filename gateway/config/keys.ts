import { z } from "zod";
import { settingsSchema } from "./schema.ts";
import { DESCRIPTIONS_ZH } from "./words-zh.ts";

/** One setting as users meet it: in the file, in the environment, as a flag. */
export interface KeyInfo {
	/** As in the YAML file, with dots between levels: `http.port`. */
	readonly key: string;
	readonly env: string;
	readonly flag: string;
	readonly type: "string" | "number" | "boolean";
	/** In words: `a whole number from 0 to 65535`. */
	readonly expects: string;
	readonly defaultValue: string | number | boolean;
	readonly description: string;
	readonly descriptionZh: string;
}

interface JsonSchema {
	readonly type?: string;
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly enum?: readonly string[];
	readonly pattern?: string;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly default?: string | number | boolean;
	readonly description?: string;
}

const words = (key: string) => key.replace(/([a-z])([A-Z])/g, "$1.$2").split(".");

function expects(schema: JsonSchema): string {
	if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
	if (schema.type === "boolean") return "true or false";
	const range =
		schema.minimum !== undefined && schema.maximum !== undefined ? ` from ${schema.minimum} to ${schema.maximum}` : "";
	if (schema.type === "integer") return `a whole number${range}`;
	if (schema.type === "number") return `a number${range}`;
	return schema.pattern === undefined ? "a text" : `a text of the form ${schema.pattern}`;
}

function walk(schema: JsonSchema, path: readonly string[], out: KeyInfo[]): void {
	for (const [name, child] of Object.entries(schema.properties ?? {})) {
		const key = [...path, name];
		if (child.type === "object") {
			walk(child, key, out);
			continue;
		}
		const parts = key.flatMap(words);
		out.push({
			key: key.join("."),
			env: `LIANGXING_${parts.join("_").toUpperCase()}`,
			flag: `--${parts.join("-").toLowerCase()}`,
			type: child.type === "boolean" ? "boolean" : child.type === "string" ? "string" : "number",
			expects: expects(child),
			defaultValue: child.default ?? "",
			description: child.description ?? "",
			descriptionZh: DESCRIPTIONS_ZH[key.join(".")] ?? child.description ?? "",
		});
	}
}

function listKeys(): KeyInfo[] {
	const out: KeyInfo[] = [];
	walk(z.toJSONSchema(settingsSchema, { io: "input" }) as JsonSchema, [], out);
	return out;
}

/** Every setting, in the order of the schema. */
export const CONFIG_KEYS: readonly KeyInfo[] = listKeys();

/** Number of single-character edits between two short texts; used to guess what a mistyped key meant. */
export function distance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1] ? 0 : 1;
			next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
		}
		row = next;
	}
	return row[b.length] ?? a.length;
}

/** The known name nearest to a mistyped one, or null if none is near. */
export function nearest(name: string, known: readonly string[]): string | null {
	let best: string | null = null;
	let least = Math.max(2, Math.floor(name.length / 3)) + 1;
	for (const candidate of known) {
		const d = distance(name.toLowerCase(), candidate.toLowerCase());
		if (d < least) {
			least = d;
			best = candidate;
		}
	}
	return best;
}
