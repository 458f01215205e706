import { type Asked, useFetched } from "./fetched.ts";
import type { PullList, PullRow } from "./held-types.ts";
import { depot } from "./state.ts";

/** Every pull that the depot keeps in its lists; newest last. */
const PULLS = "/api/v1/pulls?limit=1000";

interface Pulls {
	readonly asked: Asked<PullList>;
	/** Newest first. */
	readonly pulls: readonly PullRow[];
	/** Changes whenever a pull comes or is decided. */
	readonly version: string;
}

/** The pulls of this depot, asked again whenever one comes or is decided. */
export function usePulls(): Pulls {
	const version = `${depot.value?.held ?? 0} ${depot.value?.lastPull ?? ""}`;
	const asked = useFetched<PullList>({ method: "GET", path: PULLS }, version);
	return { asked, pulls: asked.state === "data" ? [...asked.data.pulls].reverse() : [], version };
}
