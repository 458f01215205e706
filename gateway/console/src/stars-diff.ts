import type { HeldLightsAnswer } from "../../../protocol/schema/api-ratings.ts";
import type { LightCounts, LightMove, StarsCount } from "../../../protocol/schema/stars-moves.ts";

export type { LightMove } from "../../../protocol/schema/stars-moves.ts";

/** What would happen, however it was asked for. */
export interface WhoMoves {
	readonly lights: LightCounts;
	readonly drivers: HeldLightsAnswer["drivers"];
	readonly counts: readonly StarsCount[];
	readonly moves: readonly LightMove[];
	/** More lights would move than are listed. */
	readonly more: boolean;
}

/** Stars of rows and columns, most first. */
export const STARS = [5, 4, 3, 2, 1, 0] as const;

/** Which way a driver or a light goes. `dark`: from some stars to none. */
export type Way = "same" | "up" | "down" | "dark";
export const wayOf = (from: number, to: number): Way =>
	from === to ? "same" : to > from ? "up" : to === 0 ? "dark" : "down";

export interface Cell {
	readonly from: number;
	readonly to: number;
	readonly way: Way;
	readonly drivers: number;
	readonly lights: number;
}

export interface Line {
	readonly from: number;
	readonly cells: readonly Cell[];
	/** All that begin with so many stars. */
	readonly drivers: number;
	readonly lights: number;
}

/** The counts as lines of cells, by stars now and stars then; a line or a column that would be empty is there all the same. */
export function gridOf(counts: readonly StarsCount[]): readonly Line[] {
	const at = new Map(counts.map((count) => [count.from * 10 + count.to, count]));
	return STARS.map((from) => {
		const cells = STARS.map((to): Cell => {
			const found = at.get(from * 10 + to);
			return { from, to, way: wayOf(from, to), drivers: found?.drivers ?? 0, lights: found?.lights ?? 0 };
		});
		const sum = (of: (cell: Cell) => number) => cells.reduce((n, cell) => n + of(cell), 0);
		return { from, cells, drivers: sum((c) => c.drivers), lights: sum((c) => c.lights) };
	});
}

/** A share against the limit beyond which a person must look. */
export interface Share {
	readonly count: number;
	readonly of: number;
	/** 0..1; 0 where there is nothing to be a share of. */
	readonly share: number;
	readonly most: number;
	readonly over: boolean;
	/** Length of the bar and place of the limit on it, 0..1: the longer of the two fills nine tenths. */
	readonly bar: number;
	readonly mark: number;
}

const FILL = 0.9;

export function shareOf(count: number, of: number, most: number): Share {
	const share = of === 0 ? 0 : count / of;
	const longest = Math.max(share, most);
	const scale = longest === 0 ? 0 : FILL / longest;
	return { count, of, share, most, over: of > 0 && count > most * of, bar: share * scale, mark: most * scale };
}

/** `4.2 %`; of what is above 0 and rounds to it, `< 0.1 %`. */
export function percent(share: number): string {
	const value = share * 100;
	if (value > 0 && value < 0.1) return "< 0.1 %";
	return `${value.toFixed(1).replace(/\.0$/, "")} %`;
}

/** Whether nothing at all would change for a light that is on the road now. */
export const nothingMoves = ({ lights }: Pick<WhoMoves, "lights">): boolean => lights.up + lights.down === 0;
