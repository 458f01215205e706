import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Random } from "../../protocol/ports/random.ts";

/** Mixes a text into a 32-bit number (FNV-1a with a final avalanche), so that streams with near names are far apart. */
function mix(seed: number, name: string): number {
	let h = (0x811c9dc5 ^ seed) >>> 0;
	for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193) >>> 0;
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
	return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A seeded stream. Each part of a simulation draws from a stream of its own, split off by name, so that one more draw in one
 * part does not change what another part sees.
 */
export class Prng implements Random {
	private readonly seed: number;
	private readonly generator: { next(): number };

	constructor(seed: number) {
		this.seed = seed >>> 0;
		this.generator = xoroshiro128plus(seed | 0);
		for (let i = 0; i < 8; i++) this.generator.next();
	}

	/** An independent stream; the same name gives the same stream, however much was drawn from this one. */
	split(name: string): Prng {
		return new Prng(mix(this.seed, name));
	}

	/** 0 .. 2^32 - 1. */
	uint32(): number {
		return this.generator.next() >>> 0;
	}

	/** 0 (included) .. 1 (excluded). */
	unit(): number {
		return this.uint32() / 0x1_0000_0000;
	}

	/** Whole number, both ends included. */
	int(from: number, to: number): number {
		return from + Math.floor(this.unit() * (to - from + 1));
	}

	chance(probability: number): boolean {
		return this.unit() < probability;
	}

	/** One of a non-empty list. */
	pick<T>(items: readonly T[]): T {
		return items[this.int(0, items.length - 1)] as T;
	}

	/** A new array in random order (Fisher-Yates). */
	shuffle<T>(items: readonly T[]): T[] {
		const out = [...items];
		for (let i = out.length - 1; i > 0; i--) {
			const j = this.int(0, i);
			[out[i], out[j]] = [out[j] as T, out[i] as T];
		}
		return out;
	}

	bytes(length: number): Uint8Array {
		const out = new Uint8Array(length);
		for (let i = 0; i < length; i++) out[i] = this.uint32() >>> 24;
		return out;
	}
}
