import { type MonoMs, monoMs } from "../../protocol/wire/units.ts";

/** First pause after a failed write; doubles up to the last. A full disk needs seconds, a dead one must not spin a processor. */
export const FIRST_RETRY_MS = 1_000;
export const LAST_RETRY_MS = 60_000;

/** One of the two copies. */
export type Slot = 0 | 1;

/** What is known of the two copies on the medium, and the write on its way to them. */
export interface MemoryPlan {
	/** Generation each copy is known to hold; null = missing, broken, or unknown after a failed write. */
	readonly held: readonly [number | null, number | null];
	/** What both copies shall hold. */
	readonly target: { readonly generation: number; readonly bytes: Uint8Array } | null;
	/** The copy being written now; one at a time, so that the other one is whole whatever happens. */
	readonly writing: Slot | null;
	/** Failed tries of this target; above 0 the light is dark. */
	readonly failures: number;
	/** Not before this instant is the next try. */
	readonly retryAt: MonoMs | null;
}

export const emptyMemory: MemoryPlan = { held: [null, null], target: null, writing: null, failures: 0, retryAt: null };

/** Both copies shall hold these bytes; the memory must be at rest. */
export const aimAt = (memory: MemoryPlan, generation: number, bytes: Uint8Array): MemoryPlan => ({
	...memory,
	target: { generation, bytes },
	failures: 0,
	retryAt: null,
});

/** The copy to write now: of those that lack the target the broken or older one first; null = nothing to write now. */
export function nextWrite(memory: MemoryPlan, now: MonoMs): Slot | null {
	if (memory.target === null || memory.writing !== null) return null;
	if (memory.retryAt !== null && now < memory.retryAt) return null;
	const [first, second] = memory.held;
	const lacks = (held: number | null) => held !== memory.target?.generation;
	if (lacks(first) && lacks(second)) return (second ?? -1) < (first ?? -1) ? 1 : 0;
	return lacks(first) ? 0 : lacks(second) ? 1 : null;
}

/** One copy is durable; trouble counts as over only when both are. An answer that fits no write on its way changes nothing. */
export function onWritten(memory: MemoryPlan, slot: Slot, generation: number): MemoryPlan {
	if (memory.writing !== slot || memory.target?.generation !== generation) return memory;
	return { ...memory, held: withHeld(memory, slot, generation), writing: null, retryAt: null };
}

/** One copy could not be written: what it holds now is unknown, so it counts as broken and comes first at the next try. */
export function onWriteFailed(memory: MemoryPlan, slot: Slot, generation: number, now: MonoMs): MemoryPlan {
	if (memory.writing !== slot || memory.target?.generation !== generation) return memory;
	const pause = Math.min(FIRST_RETRY_MS * 2 ** Math.min(memory.failures, 16), LAST_RETRY_MS);
	return {
		...memory,
		held: withHeld(memory, slot, null),
		writing: null,
		failures: memory.failures + 1,
		retryAt: monoMs(now + pause),
	};
}

/** The target is reached; nothing is to be written. */
export const atRest = (memory: MemoryPlan): MemoryPlan => ({ ...memory, target: null, failures: 0, retryAt: null });

/** True once both copies hold the target. */
export const isDone = (memory: MemoryPlan): boolean =>
	memory.target !== null && memory.held.every((held) => held === memory.target?.generation);

function withHeld(memory: MemoryPlan, slot: Slot, held: number | null): readonly [number | null, number | null] {
	return slot === 0 ? [held, memory.held[1]] : [memory.held[0], held];
}
