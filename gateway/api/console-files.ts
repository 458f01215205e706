import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

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

/** The console's files at /. Names with a hash may be kept for ever, the page itself is asked for each time. */
export async function consoleFiles(app: FastifyInstance, dir: string | null): Promise<void> {
	if (dir === null) {
		app.get("/", (_request, reply) => reply.type("text/html; charset=utf-8").send(NOT_BUILT));
		return;
	}
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
