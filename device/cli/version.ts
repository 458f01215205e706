import { readFileSync } from "node:fs";

/** The package's version; its file is three folders up once built, two up in the sources. */
export function packageVersion(): string {
	for (const path of ["../../package.json", "../../../package.json"]) {
		try {
			return String(JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")).version);
		} catch {
			// Not here: the next place.
		}
	}
	return "unknown";
}
