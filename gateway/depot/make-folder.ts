import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Only the owner looks into folders of ours. */
const FOLDER_MODE = 0o700;
/** Deeper than any path that a person types. */
const MAX_DEPTH = 64;

/**
 * Makes a folder and those above it, step by step: Node's own recursive mkdir never ends below `/proc`. Returns the file that stands
 * where a folder is wanted, or null once the folder is there. Throws as the system does.
 */
export const makeFolder = (path: string): string | null => make(resolve(path), 0);

function make(path: string, depth: number): string | null {
	const found = kindOf(path);
	if (found !== "none") return found === "folder" ? null : path;
	const above = dirname(path);
	const inTheWay = above !== path && depth < MAX_DEPTH ? make(above, depth + 1) : null;
	if (inTheWay !== null) return inTheWay;
	try {
		mkdirSync(path, { mode: FOLDER_MODE });
	} catch (cause) {
		// Another program may have made it meanwhile.
		if (kindOf(path) !== "folder") throw cause;
	}
	return null;
}

function kindOf(path: string): "folder" | "file" | "none" {
	try {
		return statSync(path).isDirectory() ? "folder" : "file";
	} catch {
		// Not there, or below a file: what stands above says more.
		return "none";
	}
}
