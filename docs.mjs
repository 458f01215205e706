/** Writes the pages of `docs/` that are made from the sources (`npm run docs`); a test holds them equal. */
import { writeFileSync } from "node:fs";
import { madePages } from "./dist/gateway/config/made-pages.js";

for (const [name, text] of Object.entries(madePages())) writeFileSync(new URL(`docs/${name}`, import.meta.url), text);
