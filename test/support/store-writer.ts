import { createInterface } from "node:readline";
import type { Change } from "../../gateway/core/model.ts";
import { openSqliteStore } from "../../gateway/store/sqlite-store.ts";
import { driverChange, entry, FLEET, ratingChange } from "./depot-records.ts";

/** What commit number n writes: a few rows, so that half a commit would show. */
export function numbered(n: number): Change[] {
	return [driverChange(n), ratingChange(n, { score: n % 30 }), { type: "entry", entry: entry(1, { seq: n }) }];
}

/**
 * A process to be killed: opens the store, goes on where it stands, commits without end, several at a time, and prints the number
 * of each commit once it is acknowledged.
 */
export async function main([path = ""]: readonly string[]): Promise<void> {
	const store = await openSqliteStore(path, { fleet: FLEET });
	let next = (await store.load()).drivers.size;
	process.stdout.write(`open ${next}\n`);
	// Ends with the parent too, should that one die.
	createInterface({ input: process.stdin }).on("close", () => process.exit(0));
	for (;;) {
		const group = Array.from({ length: 1 + (next % 4) }, () => next++);
		await Promise.all(
			group.map((n) =>
				store.commit(numbered(n)).then(() => new Promise((sent) => process.stdout.write(`${n}\n`, sent))),
			),
		);
	}
}
