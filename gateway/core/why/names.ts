import type { DecisionReason, EndWord } from "../model.ts";
import type { LinkName } from "./link.ts";
import type { Lang } from "./words.ts";

type Names<K extends string> = Readonly<Record<Lang, Readonly<Record<K, string>>>>;

/** The links as the command line and the console call them. */
export const LINK_NAMES: Names<LinkName> = {
	zh: { rating: "评级", policy: "规则", duty: "当班", grant: "凭证", delivery: "送达", glass: "灯面" },
	en: { rating: "rating", policy: "policy", duty: "duty", grant: "grant", delivery: "delivery", glass: "glass" },
};

/** Why a change owes what it owes. */
export const DECISION_NAMES: Names<DecisionReason> = {
	zh: {
		rated: "按评级",
		unbound: "未绑定车辆",
		"no-duty": "无人当班",
		unrated: "未评定",
		"rating-too-old": "评级过期",
	},
	en: {
		rated: "rated",
		unbound: "on no vehicle",
		"no-duty": "nobody on duty",
		unrated: "not rated",
		"rating-too-old": "rating too old",
	},
};

/** How a change ended. */
export const END_NAMES: Names<EndWord> = {
	zh: {
		shown: "已亮到灯面",
		refused: "灯拒收",
		acked: "灯已应答",
		expired: "一个租期内没有亮到",
		superseded: "先有了新的变化",
		"not-due": "司机先下了班",
		revoked: "灯先解了绑",
	},
	en: {
		shown: "shown on the glass",
		refused: "refused by the light",
		acked: "answered by the light",
		expired: "a lease went by without it",
		superseded: "another star was due first",
		"not-due": "the driver went off duty first",
		revoked: "the light was unbound first",
	},
};
