import { FLEET, VEHICLE } from "./bounds.ts";
import { isText } from "./fields.ts";
import { parseLightId } from "./light-id.ts";
import type { LightId } from "./units.ts";

/** First two levels: product and protocol version. */
const ROOT = "lx/1";

/** Messages to or from one light, each a topic of its own. */
export type LightTopicKind = "grant" | "job" | "state" | "event" | "online";
const LIGHT_KINDS: readonly LightTopicKind[] = ["grant", "job", "state", "event", "online"];

const ofLight = (kind: LightTopicKind) => (fleet: string, light: LightId) => `${ROOT}/${fleet}/l/${light}/${kind}`;

/** Topic names (protocol section 2). Fleets, light ids and vehicle ids hold no `/`, `+` or `#`. */
export const topicOf = {
	keys: (fleet: string): string => `${ROOT}/${fleet}/keys`,
	notice: (fleet: string): string => `${ROOT}/${fleet}/notice`,
	grant: ofLight("grant"),
	job: ofLight("job"),
	state: ofLight("state"),
	event: ofLight("event"),
	online: ofLight("online"),
	duty: (fleet: string, vehicle: string): string => `${ROOT}/${fleet}/v/${vehicle}/duty`,
} as const;

export type Topic =
	| {
			readonly kind: "keys" | "notice";
			readonly fleet: string;
			readonly light?: undefined;
			readonly vehicle?: undefined;
	  }
	| { readonly kind: LightTopicKind; readonly fleet: string; readonly light: LightId; readonly vehicle?: undefined }
	| { readonly kind: "duty"; readonly fleet: string; readonly light?: undefined; readonly vehicle: string };

/** Reads a topic name exactly as `topicOf` writes it; null on anything else, wildcards included. */
export function parseTopic(topic: string): Topic | null {
	const [product, version, fleet, branch, id, kind, ...more] = topic.split("/");
	if (`${product}/${version}` !== ROOT || fleet === undefined || !isText(fleet, FLEET) || more.length > 0) return null;
	if (id === undefined) return branch === "keys" || branch === "notice" ? { kind: branch, fleet } : null;
	if (branch === "v") return kind === "duty" && isText(id, VEHICLE) ? { kind, fleet, vehicle: id } : null;
	const light = branch === "l" ? parseLightId(id) : null;
	const lightKind = LIGHT_KINDS.find((k) => k === kind);
	return light !== null && lightKind !== undefined ? { kind: lightKind, fleet, light } : null;
}
