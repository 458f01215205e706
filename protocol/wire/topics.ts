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

export type TopicKind = "keys" | "notice" | LightTopicKind | "duty";

/** Who publishes on a topic and how; always with QoS 1. */
export interface TopicRule {
	readonly from: "depot" | "light" | "vehicle gateway";
	readonly retained: boolean;
	/** COSE bytes, or plain JSON. */
	readonly payload: "signed" | "json";
	readonly about: string;
}

export const TOPIC_QOS = 1;

/** The rules of each topic, in the order in which a depot's life meets them. */
export const TOPIC_RULES: Readonly<Record<TopicKind, TopicRule>> = {
	keys: {
		from: "depot",
		retained: true,
		payload: "signed",
		about: "The trusted signing keys; sent before the first message signed with a new key.",
	},
	notice: { from: "depot", retained: true, payload: "signed", about: "Blanks the whole fleet and begins a new epoch." },
	grant: {
		from: "depot",
		retained: true,
		payload: "signed",
		about:
			"One light's star grant. A retained one is answered again or refused after a restart: the star comes back with the next grant.",
	},
	job: { from: "depot", retained: false, payload: "signed", about: "Something that one light is to do once." },
	state: {
		from: "light",
		retained: true,
		payload: "signed",
		about:
			"What a light shows, with its newest ask: at every connect, after each change (at most 5 a second), and every report period.",
	},
	event: { from: "light", retained: false, payload: "signed", about: "Something that happened on a light." },
	online: {
		from: "light",
		retained: true,
		payload: "json",
		about: "Whether a light is connected; also its last will. A late will of session n never marks session n + 1 dead.",
	},
	duty: {
		from: "vehicle gateway",
		retained: false,
		payload: "signed",
		about: "A driver signed in or out on a vehicle.",
	},
};

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
