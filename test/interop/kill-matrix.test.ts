import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Prng } from "../../simulator/random/prng.ts";
import { cellsOf, runCell } from "../support/kill-matrix.ts";
import { KillYard } from "../support/kill-yard.ts";
import { findMosquitto, freePort, Mosquitto, NO_MOSQUITTO } from "../support/mosquitto.ts";

const TAXIS = 12;
const SEED = Number(process.env["LIANGXING_SEED"] ?? 20261124);
const POINT_MS = 60_000;
/** How often what is retained is copied, to be put back later: seldom, so that it is old by then. */
const HOARD_SHARE = 0.1;
const program = findMosquitto();
if (program === null) process.stderr.write(`skipped: ${NO_MOSQUITTO}\n`);

/** What becomes of the retained messages at each start: kept, lost, or old ones come back. */
type Fate = "kept" | "lost" | "old";

describe.skipIf(program === null)("killed with -9, with Mosquitto as the broker", async () => {
	const folder = mkdtempSync(join(tmpdir(), "liangxing-mosquitto-"));
	const mosquitto = new Mosquitto(program ?? "", folder, await freePort());
	let fate: Fate = "kept";
	const counts: Record<Fate, number> = { kept: 0, lost: 0, old: 0 };
	const fates = () => {
		const told = `; retained messages kept ${counts.kept}, lost ${counts.lost}, old ones put back ${counts.old}`;
		Object.assign(counts, { kept: 0, lost: 0, old: 0 });
		return told;
	};
	const broker = {
		name: "broker",
		url: mosquitto.url,
		kill: () => mosquitto.kill(),
		start: () => {
			counts[fate] += 1;
			if (fate === "lost") mosquitto.forget();
			if (fate === "old") mosquitto.putBackHoard();
			return mosquitto.start();
		},
	};
	const yard = new KillYard(SEED, TAXIS, broker);
	const draw = (prng: Prng) => {
		fate = prng.pick(["kept", "lost", "old"] as const);
		if (prng.chance(HOARD_SHARE)) mosquitto.hoard();
	};
	beforeAll(async () => {
		await mosquitto.start();
		await yard.open();
		mosquitto.hoard();
	}, 120_000);
	afterAll(async () => {
		await yard.close();
		await mosquitto.kill();
		rmSync(folder, { recursive: true, force: true });
	});

	for (const [i, cell] of cellsOf(yard.parts).entries()) {
		it(
			`${cell.name} at ${cell.points} random points: right stars, nothing lost, retained messages kept, lost or old`,
			async () => {
				const { points, duties, assessments } = await runCell(yard, cell, SEED + 100 + i, fates, draw);
				expect(points).toBe(cell.points);
				expect(duties).toBeGreaterThan(0);
				expect(assessments).toBeGreaterThan(0);
			},
			cell.points * POINT_MS,
		);
	}
});
