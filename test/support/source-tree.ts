import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** One source file: its path relative to the root, with `/`, and its text. */
export interface SourceFile {
	readonly path: string;
	readonly text: string;
}

const FOLDERS = ["protocol", "device", "gateway", "simulator", "bench", "test"];

/** Every TypeScript file of the project's own folders, in order of path. */
export function readSourceTree(): SourceFile[] {
	const files: SourceFile[] = [];
	for (const folder of FOLDERS) {
		if (!existsSync(join(ROOT, folder))) continue;
		for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
			if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
			const full = join(entry.parentPath, entry.name);
			if (full.includes(`${sep}node_modules${sep}`)) continue;
			const path = full
				.slice(ROOT.length + 1)
				.split(sep)
				.join("/");
			files.push({ path, text: readFileSync(full, "utf8") });
		}
	}
	return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
