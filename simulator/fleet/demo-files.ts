import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MAX_FLEET_FILE_BYTES, type NamedBytes, readNamedFile } from "../../gateway/sources/read-file.ts";
import type { UnixMs } from "../../protocol/wire/units.ts";
import { renderExample } from "./example-data.ts";

/** The two files that a demo loads, as bytes, with the names that the depot is told. */
export interface DemoFiles {
	readonly ratings: NamedBytes;
	readonly fleet: NamedBytes;
}

/** `examples/` of the package: three folders up from the built program, two from the sources. */
function example(name: string): string {
	const built = fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
	return existsSync(built) ? built : fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
}

const readFleet = (path: string): NamedBytes => readNamedFile(path, { limit: MAX_FLEET_FILE_BYTES });

/**
 * The user's own files, or the shipped examples with their dates made relative to `now`. Throws `file-not-found`, `file-unreadable`,
 * `file-too-large`.
 */
export function demoFiles(own: { readonly ratings: string; readonly fleet: string } | null, now: UnixMs): DemoFiles {
	if (own !== null) return { ratings: readNamedFile(own.ratings), fleet: readFleet(own.fleet) };
	const text = Buffer.from(readNamedFile(example("ratings.template.csv")).bytes).toString("utf8");
	return {
		ratings: { name: "ratings.csv", bytes: Buffer.from(renderExample(text, now), "utf8") },
		fleet: readFleet(example("fleet.csv")),
	};
}

/** A new folder of its own for one demo. */
export const temporaryData = (): string => mkdtempSync(join(tmpdir(), "liangxing-demo-"));

/** Removes such a folder and the keys in it, in one go; tries again where a depot that is being killed has just written there. */
export const removeData = (path: string): void =>
	rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
