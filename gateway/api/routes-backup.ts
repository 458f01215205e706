import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { MAX_KEPT_BACKUPS } from "../config/schema.ts";
import { parseBody } from "./body.ts";

const backupBody = z.strictObject({ keep: z.int().min(1).max(MAX_KEPT_BACKUPS).nullable().optional() });

/** Makes a backup in the folder of the settings: a caller names no path, so it can have no other file written. */
export type BackupPort = (keep: number | null) => Promise<object>;

export function backupRoutes(app: FastifyInstance, make: BackupPort): void {
	app.post("/api/v1/backup", async (request, reply) =>
		reply.code(201).send(await make(parseBody(backupBody, request.body).keep ?? null)),
	);
}
