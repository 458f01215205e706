import type { DecisionReason, EndWord } from "../../core/model.ts";
import type { LinkName } from "../../core/why/link.ts";

/** As `POST /api/v1/why` answers; times are ISO 8601. */
export interface ChainLink {
	readonly link: LinkName;
	readonly ok: boolean;
	readonly at: string | null;
	readonly ageS: number | null;
	readonly id: string | null;
	readonly code: string;
	readonly detail: string;
}

export interface Why {
	readonly plate: string | null;
	readonly light: string | null;
	readonly desired: number;
	readonly chain: readonly ChainLink[];
	readonly broken: LinkName | null;
	readonly next: string;
	readonly change: Change | null;
}

export interface Change {
	readonly trace: string;
	readonly stars: number;
	readonly reason: DecisionReason;
	readonly driver: string | null;
	readonly pull: string | null;
	readonly duty: string | null;
	readonly openedAt: string;
	readonly end: { readonly what: EndWord; readonly by: string | null; readonly at: string } | null;
}

/** As `GET /api/v1/lights/LIGHT/story` answers. */
export interface Story {
	readonly light: string;
	readonly plate: string | null;
	readonly seen: { readonly stars: number; readonly at: string; readonly ends: string | null } | null;
	readonly most: {
		readonly stars: number;
		readonly darkBy: string | null;
		readonly resumes: { readonly times: number; readonly eachS: number };
	} | null;
	/** The newest first. */
	readonly changes: readonly Change[];
	/** There are older ones. */
	readonly more: boolean;
}

/** Unix milliseconds of a time as the API writes it. */
export const msOf = (iso: string): number => Date.parse(iso);
