/** Languages of the three programs. */
export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The variables that name a language, the first that is set wins. */
const VARIABLES = ["LIANGXING_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] as const;

/**
 * The language that a program was asked for: `--lang`, then LIANGXING_LANG, then the system's; Chinese where it begins with zh, else
 * English. Read before the rest of the arguments, so that help and usage errors are in it too; a `--lang` of no such language is left to
 * the option's own check.
 */
export function languageOf(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
	const at = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
	const flag = at < 0 ? undefined : (args[at]?.split("=")[1] ?? args[at + 1]);
	const asked = LANGUAGES.find((language) => language === flag);
	if (asked !== undefined) return asked;
	const name = VARIABLES.map((variable) => env[variable]).find((value) => value !== undefined && value !== "");
	return /^zh/i.test(name ?? "") ? "zh" : "en";
}
