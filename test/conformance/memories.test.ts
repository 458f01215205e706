import { mkdtemp, rm, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileMemory } from "../../device/drivers/file-memory.ts";
import { RamMemory } from "../../device/drivers/ram-memory.ts";
import { memorySuite } from "./memory-suite.ts";

memorySuite("a folder of two files", async () => {
	const folder = await mkdtemp(join(tmpdir(), "liangxing-memory-"));
	let last: FileMemory | null = null;
	const opened = async () => {
		await last?.close();
		last = new FileMemory(join(folder, "light"));
		await last.open();
		return last;
	};
	return {
		memory: await opened(),
		again: opened,
		destroy: (slot) => unlink(join(folder, "light", `record.${slot}`)),
		end: () => rm(folder, { recursive: true, force: true }),
	};
});

memorySuite("RAM", async () => {
	const memory = new RamMemory();
	return {
		memory,
		again: () => Promise.resolve(memory),
		destroy: (slot) => memory.write(slot, new Uint8Array(0)),
		end: () => Promise.resolve(),
	};
});
