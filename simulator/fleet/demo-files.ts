import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { UnixMs } from "../../protocol/wire/units.ts";
import { renderExample } from "./example-data.ts";

/** The two files that a demo loads, as bytes, with the names that the depot is told. */
export interface DemoFiles {
	readonly ratings: { readonly name: string; readonly bytes: Uint8Array };
	readonly fleet: { readonly name: string; readonly bytes: Uint8Array };
}

/** `examples/` of the package: three folders up from the built program, two from the sources. */
function example(name: string): string {
	const built = fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
	return existsSync(built) ? built : fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
}

/** The user's own files, or the shipped examples with their dates made relative to `now`. Throws `file-unreadable`. */
export function demoFiles(own: { readonly ratings: string; readonly fleet: string } | null, now: UnixMs): DemoFiles {
	if (own !== null)
		return {
			ratings: { name: basename(own.ratings), bytes: read(own.ratings) },
			fleet: { name: basename(own.fleet), bytes: read(own.fleet) },
		};
	const text = Buffer.from(read(example("ratings.template.csv"))).toString("utf8");
	return {
		ratings: { name: "ratings.csv", bytes: Buffer.from(renderExample(text, now), "utf8") },
		fleet: { name: "fleet.csv", bytes: read(example("fleet.csv")) },
	};
}

function read(path: string): Uint8Array {
	try {
		return readFileSync(path);
	} catch (cause) {
		throw new CodedError("file-unreadable", `${basename(path)} cannot be read.`, {
			fault: "input",
			next: "Give the path of a file that you may read.",
			cause,
		});
	}
}

/** A new folder of its own for one demo. */
export const temporaryData = (): string => mkdtempSync(join(tmpdir(), "liangxing-demo-"));
