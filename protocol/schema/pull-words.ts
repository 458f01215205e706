/** What a code means and what to do, in both languages. */
export interface CodeWords {
	readonly zh: { readonly what: string; readonly next: string };
	readonly en: { readonly what: string; readonly next: string };
}

/** Why a row of a rating list was not taken, in the order in which a row is looked at; `docs/rating-files.md` says the same. */
export const ROW_WORDS = {
	"row-malformed": {
		zh: { what: "这一行的形式不对（只在信用平台的数据里出现）", next: "请平台方只发不超过 200 个字符的文字。" },
		en: {
			what: "The row has another form than a list's (only in a platform's data)",
			next: "Have the platform send texts of at most 200 characters ([rating sources](rating-sources.md)).",
		},
	},
	"certificate-missing": {
		zh: { what: "没有从业资格证号", next: "补填。" },
		en: { what: "No certificate number", next: "Fill it in." },
	},
	"certificate-too-long": {
		zh: { what: "从业资格证号超过 19 位", next: "改正。" },
		en: { what: "The certificate number has more than 19 characters", next: "Correct it." },
	},
	"identity-check-digit": {
		zh: { what: "18 位号码的校验位或出生日期不对", next: "对照证件核对。" },
		en: {
			what: "Check character or date of birth of the 18-character number is wrong",
			next: "Compare it with the card.",
		},
	},
	"grade-missing": {
		zh: { what: "没有考核等级", next: "补填，或写 未评定。" },
		en: { what: "No grade", next: "Fill it in, or write 未评定." },
	},
	"grade-unknown": {
		zh: { what: "考核等级不是 AAA、AA、A、B、未评定", next: "改正。" },
		en: { what: "The grade is none of AAA, AA, A, B, 未评定", next: "Correct it." },
	},
	"score-missing": {
		zh: { what: "没有得分", next: "补填。" },
		en: { what: "No score", next: "Fill it in." },
	},
	"score-not-a-number": {
		zh: { what: "得分不是数字", next: "用数字写。" },
		en: { what: "The score is no number", next: "Write it in digits." },
	},
	"score-out-of-range": {
		zh: { what: "得分超出范围（0 至 30）", next: "改正。" },
		en: { what: "The score is out of range (0 to 30)", next: "Correct it." },
	},
	"grade-score-mismatch": {
		zh: { what: "等级与得分不符", next: "看两者哪一个对。" },
		en: { what: "Grade and score do not agree", next: "See which of the two is right." },
	},
	"date-missing": {
		zh: { what: "没有考核日期", next: "补填。" },
		en: { what: "No date of the assessment", next: "Fill it in." },
	},
	"date-not-a-date": {
		zh: { what: "考核日期无法识别", next: "写成 2026-01-15 的样子。" },
		en: { what: "The date cannot be read", next: "Write it as 2026-01-15." },
	},
	"date-in-future": {
		zh: { what: "考核日期在将来", next: "改正，或到那一天再导入。" },
		en: { what: "The date is in the future", next: "Correct it, or import the list again on that day." },
	},
	"duplicate-conflict": {
		zh: { what: "同一驾驶员有多行且内容不一致", next: "只留对的一行；多行各自的原因不再另列。" },
		en: {
			what: "Several rows of one driver that differ",
			next: "Leave the right one; it takes the place of the rows' own codes.",
		},
	},
} as const satisfies Readonly<Record<string, CodeWords>>;

/** Why a pull is held for a person. */
export const HELD_WORDS = {
	"removes-too-many": { zh: "删去的驾驶员过多", en: "it removes too many drivers" },
	"lowers-too-many": { zh: "降星的驾驶员过多", en: "it lowers the stars of too many drivers" },
	"goes-back": { zh: "比已采用的评级更旧", en: "it is older than what was taken before" },
} as const;

/** What each key of a policy's table wants. */
export const POLICY_KEY_WORDS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
	name: { zh: "名称用 1 至 32 个小写字母、数字或 -。", en: "A name has 1 to 32 characters of a-z, 0-9 and -." },
	version: { zh: "version 是 1 至 1000000 的整数。", en: "version is a whole number from 1 to 1,000,000." },
	by: { zh: "by 写 score（按得分）或 grade（按等级）。", en: "by is score or grade." },
	scoreBands: {
		zh: "每段写 { from: 得分下限, stars: 0 至 5 }，下限高的在前，越往下星不得更多；按得分时至少一段。",
		en: "Each band is { from: lower bound, stars: 0 to 5 }, the highest bound first, no more stars further down; by score needs one band.",
	},
	gradeStars: {
		zh: "AAA、AA、A、B 各写 0 至 5 星；unrated 只能是 0。",
		en: "AAA, AA, A, B have 0 to 5 stars each; unrated can only be 0.",
	},
	gradeBands: {
		zh: "AAA、AA、A、B 各写得分下限，从高到低。",
		en: "AAA, AA, A, B have a lower bound each, from high to low.",
	},
	scoreRange: { zh: "写 [最低分, 最高分]。", en: "It is [lowest score, highest score]." },
	maxAgeDays: { zh: "maxAgeDays 是 1 至 3650 的整数。", en: "maxAgeDays is a whole number from 1 to 3650." },
};
