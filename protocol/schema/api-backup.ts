import { z } from "zod";
import { route } from "./route-doc.ts";
import { count, unixS } from "./row-parts.ts";

/** A backup an hour for six weeks. */
export const MAX_KEPT_BACKUPS = 1000;

export const BACKUP_MAKE = route({
	method: "POST",
	path: "/api/v1/backup",
	tag: "depot",
	summary: "Back up the store into the folder of the settings",
	about: "A caller names no path, so that it can have no other file written. A backup holds no key.",
	body: z.strictObject({
		keep: z
			.int()
			.min(1)
			.max(MAX_KEPT_BACKUPS)
			.nullable()
			.optional()
			.describe("How many backups to leave in the folder; left out or null = remove none"),
	}),
	answer: {
		status: 201,
		about: "Made",
		schema: z.object({
			file: z.string().describe("Path of the copy; its manifest is beside it"),
			manifest: z
				.object({
					format: z.literal("liangxing-backup"),
					version: z.literal(1),
					program: z.string(),
					schema: z.int(),
					fleet: z.string(),
					at: z.string().describe("ISO 8601, UTC"),
					storedTime: unixS,
					epoch: z.int(),
					lights: count,
					drivers: count,
					bytes: count,
					sha256: z.string(),
					root: z.string().describe("Public key of the fleet's root, hex"),
				})
				.meta({ id: "BackupManifest" }),
			pauseMs: z.number().nullable().describe("For so long the gateway could do nothing else"),
			removed: z.array(z.string()).describe("Names of older ones that were removed"),
		}),
	},
	errors: [
		"body-invalid",
		"backup-busy",
		"backup-exists",
		"backup-unwritable",
		"disk-full",
		"store-corrupt",
		"store-foreign",
	],
});
