import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Files of the page beside our own script, as the package holds them. */
const PACKAGE_FILES: Readonly<Record<string, string>> = {
	"swagger-ui.css": "text/css; charset=utf-8",
	"swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

/** Runs no script of another origin, asks nobody to check the document, and keeps a token in this page's memory only. */
const START = `window.addEventListener("load", () => {
	window.SwaggerUIBundle({
		url: "/api/v1/openapi.json",
		dom_id: "#page",
		validatorUrl: null,
		persistAuthorization: false,
		docExpansion: "list",
		defaultModelsExpandDepth: 0,
	});
});
`;

const STYLE = "body{margin:0;background:#fff}\n";

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>亮星 Liangxing API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="stylesheet" href="/api/docs/page.css">
<script src="/api/docs/swagger-ui-bundle.js" defer></script>
<script src="/api/docs/page.js" defer></script>
</head>
<body><div id="page"></div></body>
</html>
`;

const OWN: Readonly<Record<string, { readonly type: string; readonly bytes: Uint8Array }>> = {
	"page.js": { type: "text/javascript; charset=utf-8", bytes: Buffer.from(START, "utf8") },
	"page.css": { type: "text/css; charset=utf-8", bytes: Buffer.from(STYLE, "utf8") },
};

/** One file of the page by its name, or null: only those named here are served. */
export async function docsFile(name: string): Promise<{ readonly type: string; readonly bytes: Uint8Array } | null> {
	if (Object.hasOwn(OWN, name)) return OWN[name] ?? null;
	const type = Object.hasOwn(PACKAGE_FILES, name) ? PACKAGE_FILES[name] : undefined;
	if (type === undefined) return null;
	const folder = dirname(createRequire(import.meta.url).resolve("@fastify/swagger-ui/package.json"));
	return { type, bytes: await readFile(join(folder, "static", name)) };
}
