import { asyncApiDocument } from "../../protocol/schema/async-api.ts";
import { errorPage } from "../../protocol/schema/error-page.ts";
import { protocolPage } from "../../protocol/schema/protocol-page.ts";
import { metricsReference } from "../metrics/reference.ts";
import { configPage, SCHEMA_FILE } from "./config-page.ts";
import { configJsonSchema } from "./json-schema.ts";

const json = (value: unknown): string => `${JSON.stringify(value, null, "\t")}\n`;

/** Every file of `docs/` that is made from the sources, by its name. */
export const madePages = (): Readonly<Record<string, string>> => ({
	"errors.md": errorPage(),
	"protocol.md": protocolPage(),
	"metrics.md": metricsReference(),
	"config.md": configPage(),
	[SCHEMA_FILE]: json(configJsonSchema()),
	"asyncapi.json": json(asyncApiDocument()),
});
