import { createHash } from "node:crypto";
import { simCrypto } from "../../simulator/cli/node-crypto.ts";
import { plantNamed } from "../../simulator/scenario/plants.ts";
import { REAL_PARTS } from "../../simulator/scenario/real-parts.ts";
import { type RunResult, run } from "../../simulator/scenario/run.ts";

/** One seed in virtual time, with the hash of what happened. */
export function simulate(seed: number, steps: number, plant?: string): RunResult & { readonly traceHash: string } {
	const hash = createHash("sha256");
	const planted = plant === undefined ? null : plantNamed(plant);
	if (plant !== undefined && planted === null) throw new Error(`no plant ${plant}`);
	const result = run({
		seed,
		steps,
		crypto: simCrypto(),
		parts: planted?.parts(REAL_PARTS) ?? REAL_PARTS,
		trace: { line: (text) => hash.update(`${text}\n`) },
	});
	return { ...result, traceHash: hash.digest("hex") };
}

/** The violations of a run in words, with how to see them again: what a failing test prints. */
export const inWords = (result: RunResult): string[] =>
	result.violations.map(
		(v) =>
			`${v.rule} at ${v.atMs} ms on ${v.light}: ${v.words} (liangxing-sim fuzz --steps ${result.steps} --seed ${result.seed})`,
	);
