import { describe, expect, it } from "vitest";
import type { Memory } from "../../device/hal/memory.ts";

/** A memory on a fresh medium, and one that finds what the first left after a loss of power. */
export interface MemoryBench {
	readonly memory: Memory;
	/** The same medium after power off and on. */
	again(): Promise<Memory>;
	/** Makes one copy unreadable, as wear or a torn write do. */
	destroy(slot: 0 | 1): Promise<void>;
	end(): Promise<void>;
}

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

async function withBench(make: () => Promise<MemoryBench>, use: (bench: MemoryBench) => Promise<void>): Promise<void> {
	const bench = await make();
	try {
		await use(bench);
	} finally {
		await bench.end();
	}
}

/** What every memory owes a light, whatever it is made of. */
export function memorySuite(name: string, make: () => Promise<MemoryBench>): void {
	describe(`${name} as a memory`, () => {
		it("has no copies at first", () =>
			withBench(make, async ({ memory }) => {
				expect(await memory.read()).toEqual([null, null]);
			}));

		it("keeps each copy by itself across a loss of power", () =>
			withBench(make, async ({ memory, again }) => {
				await memory.write(0, bytes(900, 1));
				await memory.write(1, bytes(700, 2));
				await memory.write(0, bytes(800, 3));
				const [first, second] = await (await again()).read();
				expect(first).toEqual(bytes(800, 3));
				expect(second).toEqual(bytes(700, 2));
			}));

		it("leaves the other copy alone when one is lost", () =>
			withBench(make, async ({ memory, again, destroy }) => {
				await memory.write(0, bytes(100, 1));
				await memory.write(1, bytes(100, 2));
				await destroy(0);
				const [first, second] = await (await again()).read();
				expect(first).not.toEqual(bytes(100, 1));
				expect(second).toEqual(bytes(100, 2));
			}));

		it("writes over a copy that was lost", () =>
			withBench(make, async ({ memory, again, destroy }) => {
				await memory.write(1, bytes(100, 2));
				await destroy(1);
				const after = await again();
				await after.write(1, bytes(50, 4));
				expect((await (await again()).read())[1]).toEqual(bytes(50, 4));
			}));

		it("keeps what it was given, not what the caller makes of it later", () =>
			withBench(make, async ({ memory }) => {
				const given = bytes(10, 5);
				const written = memory.write(0, given);
				await written;
				given.fill(0);
				expect((await memory.read())[0]).toEqual(bytes(10, 5));
			}));
	});
}
