import type { Stars } from "../../../protocol/wire/units.ts";

/** A rating's grade; `unrated` owes no star. */
export type Grade = "AAA" | "AA" | "A" | "B" | "unrated";

/** A versioned star policy (亮星规则). Its hash goes into each grant. */
export interface StarPolicy {
	readonly name: string;
	readonly version: number;
	/** By score (lower bounds, highest first) or by grade. */
	readonly by: "score" | "grade";
	readonly scoreBands: readonly { readonly from: number; readonly stars: Stars }[];
	readonly gradeStars: Readonly<Record<Grade, Stars>>;
	/** Lower bounds by which a file's grade and score must agree. */
	readonly gradeBands: Readonly<Record<"AAA" | "AA" | "A" | "B", number>>;
	readonly scoreRange: readonly [number, number];
	/** A rating older than this is unrated. */
	readonly maxAgeDays: number;
	/** SHA-256 over the canonical form, 32 bytes. */
	readonly hash: Uint8Array;
}
