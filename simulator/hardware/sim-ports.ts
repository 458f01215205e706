import type { Memory } from "../../device/hal/memory.ts";
import type { Change, Snapshot, StarChange } from "../../gateway/core/model.ts";
import type { Store } from "../../protocol/ports/store.ts";
import type { SimMemory } from "./sim-memory.ts";
import type { SimStore } from "./sim-store.ts";

/** The simulated store behind the store's port: each commit is durable when its promise resolves, and not before. */
export class SimStorePort implements Store<Snapshot, Change> {
	private readonly store: SimStore;
	private dead = false;

	constructor(store: SimStore) {
		this.store = store;
	}

	load(): Promise<Snapshot> {
		return Promise.resolve(this.store.snapshot());
	}

	commit(changes: readonly Change[]): Promise<void> {
		return Promise.resolve().then(() => {
			if (!this.dead) this.store.commit(changes);
		});
	}

	close(): Promise<void> {
		return Promise.resolve();
	}

	history(n: number | null, limit: number): readonly StarChange[] {
		return this.store.changesBefore(n, limit);
	}

	/** The program is killed: what has not become durable never does. */
	kill(): void {
		this.dead = true;
	}
}

/** The simulated memory behind the memory's port. */
export class SimMemoryPort implements Memory {
	private readonly memory: SimMemory;

	constructor(memory: SimMemory) {
		this.memory = memory;
	}

	read(): Promise<readonly [Uint8Array | null, Uint8Array | null]> {
		return Promise.resolve(this.memory.read());
	}

	write(slot: 0 | 1, bytes: Uint8Array): Promise<void> {
		const write = this.memory.begin(slot, bytes);
		return Promise.resolve().then(() => {
			this.memory.finish(write);
		});
	}
}
