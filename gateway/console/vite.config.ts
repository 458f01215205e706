import { defineConfig } from "vite";

/** The console is built once, by `npm ci`, into `dist/console`; the gateway serves it as it is. */
export default defineConfig({
	base: "/",
	build: {
		outDir: "../../dist/console",
		emptyOutDir: true,
		target: "es2022",
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
	},
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
