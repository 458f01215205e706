import type { LightView } from "../../gateway/core/types.ts";
import { whyAnswer } from "../../gateway/depot/why-answer.ts";
import { monoMs, unixMs } from "../../protocol/wire/units.ts";
import type { FakeAnswer, FakeDepot } from "./fake-depot.ts";

const iso = (ms: number): string => new Date(ms).toISOString();

/** `count` changes of a light, newest first, one an hour, each shown after two seconds. */
export const fakeChanges = (count: number, now: number) =>
	Array.from({ length: count }, (_, n) => {
		const openedAt = now - (n + 1) * 3_600_000;
		return {
			trace: n.toString(16).padStart(16, "0"),
			stars: n % 2 === 0 ? 5 : 0,
			reason: n % 2 === 0 ? "rated" : "no-duty",
			driver: n % 2 === 0 ? "D000001" : null,
			pull: null,
			duty: null,
			openedAt: iso(openedAt),
			end: { what: "shown", by: null, at: iso(openedAt + 2000) },
		};
	});

/** The chain of a light as the gateway's own words have it: broken at delivery where it is silent, whole otherwise. */
export const fakeWhy =
	(view: () => LightView): FakeAnswer =>
	({ body }) => {
		const { light, plate, status, desired } = view();
		const now = { unix: unixMs(Date.now()), mono: monoMs(0) };
		const at = unixMs(now.unix - 90_000);
		const silent = status === "silent";
		const link = <L extends string, C extends string>(
			name: L,
			ok: boolean,
			code: C,
			facts = {},
			id: string | null = null,
		) => ({ link: name, ok, code, at, id, facts }) as const;
		const chain = [
			link("rating", true, "rating-known", { driver: "D000001", grade: "AAA", score: 20, period: "2026" }, "P000001"),
			link("policy", true, "policy-applied", { policy: "score-2021", stars: desired }, "02cadb2487f15f4e"),
			link("duty", true, "on-duty", { driver: "D000001", vehicle: "V000001" }, "S000001"),
			link("grant", true, "grant-signed", { epoch: 3, seq: 412, stars: desired }, "3/412"),
			silent ? link("delivery", false, "not-heard") : link("delivery", true, "taken", { stars: desired }, "3/412"),
			silent ? link("glass", false, "glass-unknown") : link("glass", true, "right", { shown: desired, desired }),
		];
		const lang = (body as { readonly lang?: "zh" | "en" }).lang ?? "en";
		const explanation = {
			plate,
			light,
			desired,
			chain,
			broken: silent ? ("delivery" as const) : null,
			change: null,
			seen: null,
		};
		return { json: { ...whyAnswer(explanation, lang, now), change: fakeChanges(1, now.unix)[0] } };
	};

/** Answers both questions of the story page about a light; `changes` = how many it has. */
export function tellStory(depot: FakeDepot, view: () => LightView, changes: number): void {
	depot.answerTo("POST /api/v1/why", fakeWhy(view));
	depot.answerTo(`GET /api/v1/lights/${view().light}/story`, ({ query }) => {
		const { light, plate, desired } = view();
		const limit = Number(query.get("limit") ?? 50);
		const now = Date.now();
		return {
			json: {
				light,
				plate,
				seen: { stars: 4, at: iso(now - 90_000), ends: iso(now + 600_000) },
				most: { stars: Math.max(4, desired), darkBy: iso(now + 600_000), resumes: { times: 0, eachS: 0 } },
				changes: fakeChanges(changes, now).slice(0, limit),
				more: changes > limit,
			},
		};
	});
}
