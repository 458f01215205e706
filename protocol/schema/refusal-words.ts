import type { RefusalCode } from "../wire/messages.ts";

/** Why a light did not take a message, in the order in which it looks; a verified `state` tells the code to the depot. */
export const REFUSAL_WORDS: Readonly<Record<RefusalCode, { readonly en: string; readonly zh: string }>> = {
	malformed: { en: "It is no message of this kind.", zh: "不是这类消息，读不懂。" },
	"unknown-key": {
		en: "Signed by a key that the light does not know; the depot sends `keys`, then the message again.",
		zh: "用顶灯不认识的密钥签名；场站会先发密钥表，再重发。",
	},
	"bad-signature": { en: "The signature does not fit.", zh: "签名不符。" },
	"wrong-fleet": { en: "Meant for another fleet.", zh: "属于另一个车队。" },
	"wrong-light": { en: "Meant for another light.", zh: "属于另一盏灯。" },
	stale: { en: "Older than what the light took before.", zh: "比顶灯已接受的更旧。" },
	conflict: {
		en: "Has the number of a message that it took before, but other content.",
		zh: "序号与已接受的相同，内容却不同。",
	},
	"not-fresh": { en: "Answers no number that the light drew lately.", zh: "没有回答顶灯最近抽出的随机数。" },
	void: { en: "A notice to go dark has ended what it answers.", zh: "它所回答的已被熄星通知作废。" },
	expired: { en: "Its lease was over when it came.", zh: "到达时租期已过。" },
};
