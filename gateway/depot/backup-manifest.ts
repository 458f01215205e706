import { z } from "zod";
import { CodedError } from "../../protocol/wire/errors.ts";
import { readIfThere, writePrivate } from "./data-folder.ts";

/** What stands beside a backup, in `NAME.json`: written last, so a backup without it was cut short. Nothing in it is secret. */
const manifestSchema = z.object({
	format: z.literal("liangxing-backup"),
	version: z.literal(1),
	/** Version of the program that made it. */
	program: z.string(),
	schema: z.int().min(1),
	fleet: z.string(),
	/** ISO, UTC. */
	at: z.string(),
	/** Newest time in the store, unix seconds; 0 = none. */
	storedTime: z.int().min(0),
	epoch: z.int().min(0),
	lights: z.int().min(0),
	drivers: z.int().min(0),
	bytes: z.int().min(1),
	sha256: z.string().regex(/^[0-9a-f]{64}$/),
	/** Public key of the root whose lights these are, hex. */
	root: z.string().regex(/^[0-9a-f]{64}$/),
});

export type Manifest = z.output<typeof manifestSchema>;

export const manifestOf = (file: string): string => `${file}.json`;
export const keysOf = (file: string): string => `${file}.keys.json`;

export const writeManifest = (file: string, manifest: Manifest): void =>
	writePrivate(manifestOf(file), `${JSON.stringify(manifest, null, "\t")}\n`);

/** The manifest beside a backup; null where there is none. Throws `backup-manifest-invalid`. */
export function readManifest(file: string): Manifest | null {
	const bytes = readIfThere(manifestOf(file));
	if (bytes === null) return null;
	try {
		return manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
	} catch (cause) {
		throw new CodedError("backup-manifest-invalid", `${manifestOf(file)} cannot be read as a backup's manifest.`, {
			fault: "input",
			next: "Use another backup, or name this one with --no-manifest: then only SQLite's own check is made.",
			cause,
		});
	}
}
