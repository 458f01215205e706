import { type ChildProcess, spawn } from "node:child_process";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { ROOT } from "./source-tree.ts";

/** Calls the `main` of the module named first with the other arguments. */
const CALL = "const [url, ...args] = process.argv.slice(1); (await import(url)).main(args);";

/** Starts the module's `main(args)` in a process of its own: input and output are pipes, errors go to ours. */
export type Start = (args: readonly string[]) => ChildProcess;

/** Bundles a TypeScript module of the tests for processes of their own; packages stay outside the bundle. */
export async function ownProcess(module: string): Promise<Start> {
	const name = basename(module, ".ts");
	const outDir = join(ROOT, "dist/.build/own-process", name);
	await build({
		...{ root: ROOT, configFile: false, logLevel: "error" },
		build: {
			ssr: join(ROOT, module),
			outDir,
			emptyOutDir: true,
			rollupOptions: { output: { entryFileNames: "main.mjs" } },
		},
	});
	const url = pathToFileURL(join(outDir, "main.mjs")).href;
	return (args) =>
		spawn(process.execPath, ["--input-type=module", "-e", CALL, url, ...args], {
			cwd: ROOT,
			stdio: ["pipe", "pipe", "inherit"],
		});
}
