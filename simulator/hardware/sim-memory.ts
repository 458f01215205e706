import type { Prng } from "../random/prng.ts";

/** A write under way, so that a cut can tear it. */
interface Writing {
	readonly slot: 0 | 1;
	readonly bytes: Uint8Array;
}

/**
 * The two copies of a light's record on a medium that can be cut at any byte. One write a slot is under way at a time; a cut
 * leaves the first bytes new and the rest old (or erased), which is what flash and files without a rename do.
 */
export class SimMemory {
	private readonly copies: [Uint8Array | null, Uint8Array | null] = [null, null];
	private readonly writing: Writing[] = [];
	/** Writes that a cut tore. */
	torn = 0;

	/** Both copies as found; null = missing. */
	read(): [Uint8Array | null, Uint8Array | null] {
		return [this.copies[0]?.slice() ?? null, this.copies[1]?.slice() ?? null];
	}

	/** Begins a write; the medium holds it after `finish`. */
	begin(slot: 0 | 1, bytes: Uint8Array): Writing {
		const write = { slot, bytes: bytes.slice() };
		this.writing.push(write);
		return write;
	}

	/** The write is durable; false when a cut came first. */
	finish(write: Writing): boolean {
		const at = this.writing.indexOf(write);
		if (at < 0) return false;
		this.writing.splice(at, 1);
		this.copies[write.slot] = write.bytes;
		return true;
	}

	/** The write failed without touching the medium. */
	abandon(write: Writing): void {
		const at = this.writing.indexOf(write);
		if (at >= 0) this.writing.splice(at, 1);
	}

	/** Number of writes under way. */
	underWay(): number {
		return this.writing.length;
	}

	/** Power goes: each write under way is torn at a random byte, nothing and all included. */
	cut(random: Prng): void {
		for (const write of this.writing.splice(0)) this.tear(write, random.int(0, write.bytes.length), random.chance(0.5));
	}

	/** Tears one write after `length` bytes; the rest is the old copy's, or erased. */
	tear(write: Writing, length: number, erased: boolean): void {
		const old = this.copies[write.slot];
		const size = Math.max(write.bytes.length, old?.length ?? 0);
		const mixed = new Uint8Array(length === write.bytes.length ? length : size).fill(0xff);
		if (!erased && old !== null) mixed.set(old.subarray(0, mixed.length));
		mixed.set(write.bytes.subarray(0, length));
		this.copies[write.slot] = length === 0 && !erased ? old : mixed;
		if (length < write.bytes.length) this.torn++;
	}

	/** One copy is lost (a worn page, a deleted file). */
	lose(slot: 0 | 1): void {
		this.copies[slot] = null;
	}

	/** One byte of one copy goes bad. */
	rot(slot: 0 | 1, random: Prng): void {
		const copy = this.copies[slot];
		if (copy === null || copy.length === 0) return;
		const rotten = copy.slice();
		const at = random.int(0, rotten.length - 1);
		rotten[at] = (rotten[at] as number) ^ (1 << random.int(0, 7));
		this.copies[slot] = rotten;
	}
}
