import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cellsOf, runCell } from "../support/kill-matrix.ts";
import { KillYard } from "../support/kill-yard.ts";

const TAXIS = 6;
const SEED = Number(process.env["LIANGXING_SEED"] ?? 20261124);
/** A point takes some seconds: connections that broke lately are tried again slowly. */
const POINT_MS = 60_000;

describe("killed with -9, with the embedded broker", () => {
	const yard = new KillYard(SEED, TAXIS, null);
	beforeAll(() => yard.open(), 60_000);
	afterAll(() => yard.close());

	for (const [i, cell] of cellsOf(yard.parts).entries()) {
		it(
			`${cell.name} at ${cell.points} random points: right stars after settling, nothing accepted lost`,
			async () => {
				await runCell(yard, cell, SEED + i);
				expect(yard.accepted).toBeGreaterThan(0);
			},
			cell.points * POINT_MS,
		);
	}
});
