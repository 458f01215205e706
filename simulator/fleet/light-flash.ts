import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RamMemory } from "../../device/drivers/ram-memory.ts";
import type { Memory } from "../../device/hal/memory.ts";
import type { LightId } from "../../protocol/wire/units.ts";

/** Where simulated lights keep their records: in RAM for one run, or in plain files to outlive the program. */
export type FlashFor = (light: LightId, first: Uint8Array) => Promise<Memory>;

export const ramFlash: FlashFor = (_light, first) => Promise.resolve(new RamMemory([first, first]));

/**
 * Two plain files a light, without fsync: a simulated light's "power" is this program's life, and the pages of a killed program are
 * kept by the system. Real lights use the file memory of `device/drivers`, which replaces atomically and syncs.
 */
export function fileFlash(folder: string): FlashFor {
	return async (light, first) => {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		const path = (slot: 0 | 1) => join(folder, `${light}.${slot}`);
		const read = (slot: 0 | 1) =>
			readFile(path(slot)).then(
				(b) => new Uint8Array(b),
				() => null,
			);
		const memory: Memory = {
			read: async () => [await read(0), await read(1)],
			write: (slot, bytes) => writeFile(path(slot), bytes, { mode: 0o600 }),
		};
		const copies = await memory.read();
		if (copies[0] === null && copies[1] === null) {
			await memory.write(0, first);
			await memory.write(1, first);
		}
		return memory;
	};
}
