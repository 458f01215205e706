import fastifyStatic from "@fastify/static";
import type { FastifyInstance, RouteOptions } from "fastify";
import { CONSOLE_FILES, CONSOLE_PAGE } from "../../protocol/schema/api-depot.ts";
import { endpoint } from "./endpoint.ts";

/** Nothing from elsewhere, no inline script or style, no framing. */
export const CONSOLE_CSP = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data:",
	"font-src 'self'",
	"connect-src 'self'",
	"manifest-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

const NOT_BUILT =
	"<!doctype html><meta charset=utf-8><title>亮星 Liangxing</title><p>控制台尚未构建：运行 npm run build。 The console is not built yet: run npm run build.</p>\n";

/** The plugin registers its routes itself: here they get their place in the document. */
function tellConsole(route: RouteOptions): void {
	const doc = [CONSOLE_PAGE, CONSOLE_FILES].find(({ path }) => path === route.url);
	if (doc !== undefined) route.config = { ...route.config, doc };
}

/** The console's files at /. Names with a hash may be kept for ever, the page itself is asked for each time. */
export async function consoleFiles(app: FastifyInstance, dir: string | null): Promise<void> {
	if (dir === null) {
		endpoint(app, CONSOLE_PAGE, ({ reply }) => reply.type("text/html; charset=utf-8").send(NOT_BUILT));
		return;
	}
	app.addHook("onRoute", tellConsole);
	await app.register(fastifyStatic, {
		root: dir,
		prefix: "/",
		index: "index.html",
		dotfiles: "ignore",
		cacheControl: false,
		setHeaders: (response, path) => {
			const hashed = /[\\/]assets[\\/]/.test(path);
			response.setHeader("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
		},
	});
}
