import { resolve } from "node:path";

/** The data folder of this call, as later commands must name it. */
export interface DataNamed {
	/** As `--data` gave it; undefined = it was not given, and a pasted command finds the folder by itself. */
	readonly given: string | undefined;
	/** The whole path, as texts may hold it. */
	readonly path: string;
}

/** What a shell takes as one word as it stands, in any script. */
const PLAIN = /^[\p{L}\p{N}_@%+=:,./][\p{L}\p{N}_@%+=:,./~-]*$/u;

/** A word for a shell: quoted where it must be. */
export const quoted = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** `--data` of a line of arguments, also of one that cannot be understood: its wrong use is told with a next step too. */
export function dataNamed(
	args: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
	cwd: string,
): DataNamed {
	const end = args.indexOf("--");
	const own = end < 0 ? args : args.slice(0, end);
	const at = own.findLastIndex((arg) => arg === "--data" || arg.startsWith("--data="));
	const given = at < 0 ? undefined : own[at] === "--data" ? own[at + 1] : own[at]?.slice("--data=".length);
	return { given, path: resolve(cwd, given ?? (env["LIANGXING_DATA"] || "liangxing-data")) };
}

/** A word that ends where a sentence goes on: no blank, no bracket, no full stop at its end. */
const VALUE = "(?:'(?:[^']|'\\\\'')*'|[^\\s`'；;，,、（）()]*[^\\s`'；;，,、（）().。：:])";
const PARTS = [
	"(?:import|pull|held|list|accept|reject|add|bind|show|dry-run|activate|test)(?![\\w-])",
	`--(?:data|config|out|out-dir|hash|count|url) ${VALUE}`,
	"--[a-z][a-z-]*",
	// What the reader fills in: FILE, ID, PLATE, and the same in Chinese.
	"[A-Z]+(?!\\w)",
	"(?:文件|编号|顶灯号|灯号|车牌)",
	// What was filled in already: an id, a plate, a path.
	`(?=[^\\s\`；;，,、（）()]*(?:[\\d/\\\\]|\\.\\w))${VALUE}`,
];
const NAMES = "gateway|ratings|fleet|lights|clock|why|backup|restore|policy|keys|alarms|doctor";
/** A command of `liangxing` within a text, with all that belongs to it. */
const COMMAND = new RegExp(`\\bliangxing (?:${NAMES})(?![\\w-])(?: (?:${PARTS.join("|")}))*`, "gu");
/** A folder that a text leaves to the reader. */
const OPEN = /--data (?:DIR\b|数据文件夹)/g;

/**
 * A text whose commands can be pasted: each names the data folder that this call was given. What suggests a command, here or in the
 * running gateway, need not know of it.
 */
export function pasteable(text: string, { given, path }: DataNamed): string {
	const folder = `--data ${quoted(given ?? path)}`;
	const named = text.replaceAll(`--data ${path}`, () => folder);
	if (given === undefined) return named;
	return named
		.replace(OPEN, () => folder)
		.replace(COMMAND, (command) => (/ --(?:data|help)\b/.test(command) ? command : `${command} ${folder}`));
}
