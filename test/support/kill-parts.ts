import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { readJsonRow } from "../../gateway/core/ratings/json-row.ts";
import type { Stars } from "../../protocol/wire/units.ts";
import { boundedLines } from "../../simulator/cli/lines.ts";
import type { PlatformRow } from "../../simulator/platform/table.ts";
import type { Prng } from "../../simulator/random/prng.ts";
import { ownProcess, type Start } from "./own-process.ts";
import { ROOT } from "./source-tree.ts";

/** A part of the whole that is killed with -9 and started again. */
export interface Part {
	readonly name: string;
	kill(): Promise<void>;
	/** `chance` draws what becomes of what this part keeps, where something may. */
	start(chance: Prng): Promise<void>;
}

/** Ends a process with -9 and waits until it is gone. */
export async function killed(child: ChildProcess | null): Promise<void> {
	if (child === null || child.exitCode !== null || child.signalCode !== null) return;
	const gone = once(child, "exit");
	child.kill("SIGKILL");
	await gone;
}

/** Long enough that a point at a random instant mostly falls into a page, short enough for hundreds of points. */
const PAGE_MS = 20;

/** `liangxing-sim platform` in a process of its own, with the list that it keeps in a file. */
export class PlatformPart implements Part {
	readonly name = "platform";
	/** How often it came back with its cursors, and without. */
	readonly fates = { "cursors kept": 0, "cursors forgotten": 0 };
	private readonly args: readonly string[];
	private child: ChildProcess | null = null;
	private port = 0;

	/** @param folder where its list is kept @param ratings the rating file that it begins with */
	constructor(folder: string, ratings: string) {
		this.args = ["--ratings", ratings, "--state", join(folder, "platform.json"), "--page-ms", String(PAGE_MS)];
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}/api/ratings`;
	}

	async start(chance: Prng): Promise<void> {
		const forgets = this.port !== 0 && chance.chance(0.5);
		if (this.port !== 0) this.fates[forgets ? "cursors forgotten" : "cursors kept"] += 1;
		const more = ["--port", String(this.port), "--every", "0", "--seed", "1", "--json"];
		const args = [...this.args, ...more, ...(forgets ? ["--forget-cursors"] : [])];
		const child = spawn(process.execPath, [join(ROOT, "dist/simulator/main.js"), "platform", ...args], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		this.child = child;
		for await (const { text } of boundedLines(child.stdout, 10_000)) {
			this.port = Number(new URL((JSON.parse(text) as { url: string }).url).port);
			return;
		}
		throw new Error("the platform did not start");
	}

	async kill(): Promise<void> {
		const { child } = this;
		this.child = null;
		await killed(child);
	}

	/** A driver gets another score; rejects where no confirmation came. */
	async assess(certificate: string, score: number | null): Promise<void> {
		const response = await fetch(new URL("/api/assessments", this.url), {
			method: "POST",
			body: JSON.stringify({ changes: [{ certificate, score }] }),
		});
		if (!response.ok) throw new Error(`the platform answers ${response.status}`);
		await response.json();
	}

	/** Its newest list, and the hash that a depot has of it. */
	async list(): Promise<{ readonly rows: readonly PlatformRow[]; readonly hash: string }> {
		const response = await fetch(`${this.url}?limit=5000`);
		const { rows } = (await response.json()) as { rows: PlatformRow[] };
		const hash = createHash("sha256");
		for (const row of rows) hash.update(JSON.stringify(readJsonRow(row))).update("\n");
		return { rows, hash: hash.digest("hex") };
	}
}

/** Longest pause of a light before it tries its connection again; a light that is never killed so often waits up to 30 s. */
const PAUSE_MS = 250;

/** All lights in one process; the lamp fails dark, so with the process the glasses go out. */
export class LightsPart implements Part {
	readonly name = "lights";
	readonly glass = new Map<string, Stars>();
	private readonly folder: string;
	private readonly broker: () => string;
	private readonly onGlass: (plate: string, stars: Stars) => void;
	private child: ChildProcess | null = null;
	private spawned: Start | null = null;

	/** @param folder one provisioning file a light @param onGlass told of each change on a glass */
	constructor(folder: string, broker: () => string, onGlass: (plate: string, stars: Stars) => void) {
		this.folder = folder;
		this.broker = broker;
		this.onGlass = onGlass;
	}

	async start(): Promise<void> {
		this.spawned ??= await ownProcess("test/support/light-box.ts");
		const child = this.spawned([this.folder, this.broker(), "600", String(PAUSE_MS)]);
		this.child = child;
		const { stdout } = child;
		if (stdout === null) throw new Error("the lights' process has no output");
		await new Promise<void>((ready) => {
			void (async () => {
				for await (const { text } of boundedLines(stdout, 1000)) {
					const line = JSON.parse(text) as { plate?: string; stars?: Stars; ready?: number };
					if (line.ready !== undefined) ready();
					// What a killed process had still to say is old: the lamps are out.
					else if (line.plate !== undefined && this.child === child) this.shows(line.plate, line.stars ?? 0);
				}
				ready();
			})();
		});
	}

	private shows(plate: string, stars: Stars): void {
		this.glass.set(plate, stars);
		this.onGlass(plate, stars);
	}

	async kill(): Promise<void> {
		const { child } = this;
		this.child = null;
		await killed(child);
		for (const plate of this.glass.keys()) this.glass.set(plate, 0);
	}
}
