import type { FastifyInstance } from "fastify";
import type { RouteDoc } from "../../protocol/schema/route-doc.ts";
import type { ApiFigures } from "../depot/ops.ts";
import type { CorePort } from "../depot/shell.ts";
import { consoleFiles } from "./console-files.ts";
import type { ApiParts } from "./parts.ts";
import { backupRoutes } from "./routes-backup.ts";
import { depotRoutes } from "./routes-depot.ts";
import { docsRoutes } from "./routes-docs.ts";
import { dutyRoutes } from "./routes-duty.ts";
import { fleetRoutes } from "./routes-fleet.ts";
import { lightRoutes } from "./routes-lights.ts";
import { opsRoutes } from "./routes-ops.ts";
import { policyRoutes } from "./routes-policy.ts";
import { pullRoutes } from "./routes-pull.ts";
import { ratingRoutes } from "./routes-ratings.ts";
import { storyRoutes } from "./routes-story.ts";
import { whyRoutes } from "./routes-why.ts";
import type { Rows } from "./rows.ts";
import type { Stream } from "./stream.ts";

/** What the server makes for its routes. */
export interface RouteHelp<C extends CorePort> {
	readonly rows: Rows<C>;
	readonly stream: Stream<C>;
	/** Documents of all routes that are registered by the time of the call. */
	readonly documents: () => readonly RouteDoc[];
	/** What the API adds to a scrape. */
	readonly figures: () => ApiFigures;
}

/** All routes, a file for each concept; each brings its own document (docs/decisions/0014). */
export async function registerRoutes<C extends CorePort>(
	app: FastifyInstance,
	parts: ApiParts<C>,
	{ rows, stream, documents, figures }: RouteHelp<C>,
): Promise<void> {
	lightRoutes(app, parts, rows);
	dutyRoutes(app, parts);
	ratingRoutes(app, parts);
	fleetRoutes(app, parts);
	policyRoutes(app, parts);
	depotRoutes(app, parts, stream);
	whyRoutes(app, parts);
	storyRoutes(app, parts);
	pullRoutes(app, parts);
	opsRoutes(app, parts, figures);
	if (parts.backup !== undefined) backupRoutes(app, parts.backup);
	docsRoutes(app, documents);
	await consoleFiles(app, parts.consoleDir);
}
