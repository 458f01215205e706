import type { Memory } from "../hal/memory.ts";

/** Two copies in RAM: for lights that live no longer than their process, as in the demo. */
export class RamMemory implements Memory {
	private readonly copies: [Uint8Array | null, Uint8Array | null];

	constructor(copies: readonly [Uint8Array | null, Uint8Array | null] = [null, null]) {
		this.copies = [copies[0], copies[1]];
	}

	read(): Promise<readonly [Uint8Array | null, Uint8Array | null]> {
		return Promise.resolve([this.copies[0]?.slice() ?? null, this.copies[1]?.slice() ?? null]);
	}

	write(slot: 0 | 1, bytes: Uint8Array): Promise<void> {
		this.copies[slot] = bytes.slice();
		return Promise.resolve();
	}
}
