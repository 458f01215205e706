import { stringify } from "yaml";
import { boundLines } from "./bounds.ts";
import { CONFIG_KEYS } from "./keys.ts";
import type { LoadedSettings, Source } from "./load.ts";
import type { Settings } from "./schema.ts";

/** One line of the settings' reference. */
export interface DescribedKey {
	readonly key: string;
	readonly env: string;
	readonly flag: string;
	readonly expects: string;
	readonly defaultValue: string;
	readonly description: string;
}

/** Every setting with its names, what it expects, default and meaning; the reference page is made from this. */
export const describeKeys = (): DescribedKey[] =>
	CONFIG_KEYS.map(({ key, env, flag, expects, defaultValue, description }) => ({
		key,
		env,
		flag,
		expects,
		defaultValue: String(defaultValue),
		description,
	}));

const SOURCE_WORDS: Readonly<Record<Source, string>> = {
	default: "default",
	file: "from the file",
	environment: "from the environment",
	flag: "from a flag",
};

function settingAt(settings: Settings, key: string): string | number | boolean {
	let at: unknown = settings;
	for (const part of key.split(".")) at = typeof at === "object" && at !== null ? Reflect.get(at, part) : undefined;
	return at as string | number | boolean; // the schema has leaves of these three types only
}

/**
 * The settings in force as a YAML file that can be used as one, each with its meaning and where it came from, and the two
 * figures of the bound beside the lease. `data` is a comment: it cannot stand in the data folder's own file.
 */
export function printSettings(loaded: LoadedSettings): string {
	const lines = [
		`# file read: ${loaded.file ?? "none"}`,
		"# all settings: docs/config.md; for editors, a JSON schema: docs/config.schema.json",
	];
	let groups: readonly string[] = [];
	for (const info of CONFIG_KEYS) {
		const parts = info.key.split(".");
		const own = parts.slice(0, -1);
		const same = own.findIndex((part, i) => part !== groups[i]);
		if (same >= 0) for (let i = same; i < own.length; i++) lines.push(`${"  ".repeat(i)}${own[i]}:`);
		groups = own;
		const indent = "  ".repeat(own.length);
		const value = stringify(settingAt(loaded.settings, info.key)).trim();
		const source = SOURCE_WORDS[loaded.sources[info.key] ?? "default"];
		lines.push(`${indent}# ${info.description} (${info.expects}; ${info.env}, ${info.flag})`);
		lines.push(`${info.key === "data" ? "# " : indent}${parts[parts.length - 1]}: ${value} # ${source}`);
		if (info.key === "resumeS") for (const line of boundLines(loaded.settings)) lines.push(`# bound, ${line}`);
	}
	return `${lines.join("\n")}\n`;
}
