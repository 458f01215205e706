import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Deeper than any path that a person types. */
const MAX_DEPTH = 64;

/**
 * Makes a folder and those above it that are missing, step by step: Node's own recursive mkdir never ends below `/proc`.
 * Throws the system's own error (`ENOTDIR` and `EEXIST` where a file stands in the way).
 */
export async function makeFolder(path: string, mode: number, depth = 0): Promise<void> {
	const whole = resolve(path);
	if (await isFolder(whole)) return;
	const above = dirname(whole);
	if (above !== whole && depth < MAX_DEPTH) await makeFolder(above, mode, depth + 1);
	try {
		await mkdir(whole, { mode });
	} catch (cause) {
		// Another program may have made it meanwhile.
		if (!(await isFolder(whole))) throw cause;
	}
}

const isFolder = (path: string): Promise<boolean> =>
	stat(path).then(
		(found) => found.isDirectory(),
		() => false,
	);
