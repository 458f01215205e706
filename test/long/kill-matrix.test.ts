import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cellsOf, runCell } from "../support/kill-matrix.ts";
import { KillYard } from "../support/kill-yard.ts";

const TAXIS = 12;
const SEED = Number(process.env["LIANGXING_SEED"] ?? 20261124);
/** A point takes about two seconds on a quiet machine. */
const POINT_MS = 60_000;

describe("killed with -9, with the embedded broker", () => {
	const yard = new KillYard(SEED, TAXIS, null);
	beforeAll(() => yard.open(), 120_000);
	afterAll(() => yard.close());

	for (const [i, cell] of cellsOf(yard.parts).entries()) {
		it(
			`${cell.name} at ${cell.points} random points: right stars after settling, nothing accepted lost`,
			async () => {
				const { points, duties, assessments } = await runCell(yard, cell, SEED + i);
				expect(points).toBe(cell.points);
				expect(duties).toBeGreaterThan(0);
				expect(assessments).toBeGreaterThan(0);
			},
			cell.points * POINT_MS,
		);
	}
});
