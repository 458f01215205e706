/** Writes the pages of `docs/` that are made from the sources (`npm run docs`); a test holds them equal. */
import { writeFileSync } from "node:fs";
import { metricsReference } from "./dist/gateway/metrics/reference.js";
import { errorPage } from "./dist/protocol/schema/error-page.js";

writeFileSync(new URL("docs/errors.md", import.meta.url), errorPage());
writeFileSync(new URL("docs/metrics.md", import.meta.url), metricsReference());
