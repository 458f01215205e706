import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cellsOf, runCell } from "../support/kill-matrix.ts";
import { KillYard } from "../support/kill-yard.ts";
import { SEED } from "../support/seed.ts";

/** One point a part: that the matrix works at all. The long, interop and nightly lanes have the points that find something. */
const TAXIS = 4;

describe("killed once with -9, with the embedded broker", () => {
	const yard = new KillYard(SEED, TAXIS, null);
	beforeAll(() => yard.open(), 120_000);
	afterAll(() => yard.close());

	for (const [i, cell] of cellsOf(yard.parts, 1, 0).entries()) {
		it(`${cell.name}: right stars after settling, nothing accepted lost`, async () => {
			expect(await runCell(yard, cell, SEED + i)).toMatchObject({ points: 1 });
		});
	}
});
