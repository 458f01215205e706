/** Bounds of texts, arrays and maps in payloads. A value outside its bound is `malformed`, and our own writer refuses it. */

export const MAX_UINT32 = 0xffff_ffff;

/** Bound of a text: length in bytes of UTF-8 and, where the form is fixed, a pattern. */
export interface Bound {
	readonly leastBytes: number;
	readonly mostBytes: number;
	readonly form?: RegExp;
}

/** Part of each topic: lower case and short, so that no broker rewrites or cuts it. */
export const FLEET: Bound = { leastBytes: 1, mostBytes: 32, form: /^[a-z0-9-]{1,32}$/ };

/** Part of a topic too; an opaque id, so letters and digits do. */
export const VEHICLE: Bound = { leastBytes: 1, mostBytes: 32, form: /^[A-Za-z0-9_-]{1,32}$/ };

/** A driver key or the number of a card; certificate numbers have at most 19 characters, card numbers at most 20. */
export const DRIVER: Bound = { leastBytes: 1, mostBytes: 32 };

/** Codes and names of events, counters and details: all ours are shorter. */
export const NAME: Bound = { leastBytes: 1, mostBytes: 48 };

/** A text value of a job's parameter or an event's detail: an address or a file's hash fits. */
export const DETAIL_TEXT: Bound = { leastBytes: 0, mostBytes: 256 };

/** A firmware's version with its build. */
export const FIRMWARE: Bound = { leastBytes: 0, mostBytes: 64 };

/** Entries of a job's parameters, an event's detail or a link's counters; more would not fit the message anyway. */
export const MAX_ENTRIES = 32;

/** Five stars are drawn by five lamps, by ten in pairs; 16 leaves room. */
export const MAX_LAMPS = 16;

/** Trusted signing keys (protocol section 1): one in use, one to come, and room for depots that share a fleet. */
export const MAX_KEYS = 8;

/** 8 bytes: asks, policy hashes, trace ids and the start of a grant's hash. */
export const TOKEN_BYTES = 8;

/** Resume counter (protocol section 1). */
export const MAX_RESUMES = 255;
export const MAX_STARS = 5;
