/**
 * Builds what the programs run (`dist/`): TypeScript by project references, then the console. Called by `npm ci` (prepare) and by
 * `npm run build`. With `--if-needed` it does nothing when no source is newer than the last whole build: `npx` runs prepare once more
 * for the package it stands in, and nobody should wait for a second build.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const stamp = join(root, "dist", ".build", "done");
const SOURCES = ["protocol", "device", "gateway", "simulator", "bench"];
const FILES = ["package.json", "tsconfig.json", "tsconfig.base.json", "build.mjs"];
const PROGRAMS = ["gateway", "device", "simulator", "bench"];

const mtime = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newest() {
	let latest = Math.max(...FILES.map((file) => mtime(join(root, file))));
	for (const folder of SOURCES)
		for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
			latest = Math.max(latest, mtime(join(entry.parentPath, entry.name)));
	return latest;
}

function run(script, ...args) {
	const done = spawnSync(process.execPath, [join(root, "node_modules", script), ...args], {
		cwd: root,
		stdio: "inherit",
	});
	if (done.status !== 0) process.exit(done.status ?? 1);
}

if (process.argv.includes("--if-needed") && mtime(stamp) > newest()) process.exit(0);
const startedAt = new Date();
run("typescript/bin/tsc", "-b", ...PROGRAMS, "gateway/console");
run("vite/bin/vite.js", "build", "gateway/console", "--logLevel", "warn");
mkdirSync(dirname(stamp), { recursive: true });
writeFileSync(stamp, `${startedAt.toISOString()}\n`);
