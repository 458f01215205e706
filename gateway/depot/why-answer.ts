import type { StarChangeRow, WhyAnswer } from "../../protocol/schema/api-why.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import type { UnixMs } from "../../protocol/wire/units.ts";
import { foldPlate } from "../core/fleet/validate.ts";
import type { StarChange } from "../core/model.ts";
import type { Now } from "../core/types.ts";
import type { Explanation } from "../core/why/link.ts";
import { mostSeen } from "../core/why/most.ts";
import type { WhyQuery } from "../core/why/subject.ts";
import { detailOf, type Lang, nextOf } from "../core/why/words.ts";

/** What a person typed, as a light id, a driver's internal key, or a plate. */
export function readSubject(text: string): WhyQuery {
	const light = parseLightId(text.trim().toUpperCase());
	if (light !== null) return { light };
	if (/^D\d{6,}$/i.test(text.trim())) return { driver: text.trim().toUpperCase() };
	return { plate: foldPlate(text) };
}

/** Nothing here has this plate, light or driver. */
export function subjectUnknown(query: WhyQuery): CodedError {
	const of = (code: string, message: string, next: string) => new CodedError(code, message, { fault: "input", next });
	if ("light" in query)
		return of("light-unknown", "No such light is registered.", "See the ids with: liangxing lights list");
	if ("driver" in query)
		return of(
			"driver-unknown",
			"No driver known here has this key or certificate number.",
			"Check the number, or import the fleet or rating file that has it.",
		);
	return of(
		"vehicle-unknown",
		"No vehicle of the fleet has this key or plate.",
		"Check the plate, or import the fleet file that has it: liangxing fleet import FILE.",
	);
}

const isoOf = (at: UnixMs): string => new Date(at).toISOString();
const iso = (at: UnixMs | null): string | null => (at === null ? null : isoOf(at));
const ageS = (at: UnixMs | null, now: Now): number | null =>
	at === null ? null : Math.max(0, Math.floor((now.unix - at) / 1000));

/** A change as lists show it. */
export const changeRowOf = (change: StarChange): StarChangeRow => ({
	trace: toHex(change.trace),
	stars: change.stars,
	reason: change.reason,
	driver: change.driver,
	pull: change.pull,
	duty: change.duty,
	openedAt: isoOf(change.openedAt),
	end: change.end === null ? null : { what: change.end.what, by: change.end.by, at: isoOf(change.end.at) },
});

/** What a light last said of its glass, and the most that can be seen of it. `known`: its changes, newest first. */
export function glassRows({ seen }: Explanation, known: readonly StarChange[], now: Now) {
	const most = mostSeen(seen, known, now.unix);
	return {
		seen: seen === null ? null : { stars: seen.stars, at: iso(seen.heardAt), ends: iso(seen.ends) },
		most: most === null ? null : { ...most, darkBy: iso(most.darkBy) },
	};
}

/** The explanation as commands and the API answer it: each link with time, age and id, and the first that broke, in words. */
export const whyAnswer = (explanation: Explanation, lang: Lang, now: Now): WhyAnswer => ({
	plate: explanation.plate,
	light: explanation.light,
	desired: explanation.desired,
	chain: explanation.chain.map((link) => ({
		link: link.link,
		ok: link.ok,
		// A link that has no time of its own stands as it was when the star was last decided.
		at: iso(link.at ?? explanation.change?.openedAt ?? null),
		ageS: ageS(link.at ?? explanation.change?.openedAt ?? null, now),
		id: link.id,
		code: link.code,
		detail: detailOf(link, lang),
	})),
	broken: explanation.broken,
	next: nextOf(explanation, lang),
	change: explanation.change === null ? null : changeRowOf(explanation.change),
});
