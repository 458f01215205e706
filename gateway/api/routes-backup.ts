import type { FastifyInstance } from "fastify";
import { BACKUP_MAKE } from "../../protocol/schema/api-backup.ts";
import { endpoint } from "./endpoint.ts";

/** Makes a backup in the folder of the settings: a caller names no path, so it can have no other file written. */
export type BackupPort = (keep: number | null) => Promise<object>;

export function backupRoutes(app: FastifyInstance, make: BackupPort): void {
	endpoint(app, BACKUP_MAKE, async ({ body, reply }) => reply.code(201).send(await make(body.keep ?? null)));
}
