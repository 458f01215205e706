import type { AlarmCode, AlarmDetail } from "../core/alarms/conditions.ts";

export type AlarmLang = "zh" | "en";

/** An alarm for people: what it is, how it stands, what to do. */
export interface AlarmText {
	readonly title: string;
	readonly what: string;
	readonly next: string;
}

type Wording = Readonly<Record<AlarmLang, AlarmText>>;

const percent = (value: number | string | undefined): string => `${Math.round(Number(value) * 1000) / 10} %`;

/** Words of each alarm, with its figures put in. */
const WORDS: Readonly<Record<AlarmCode, (detail: AlarmDetail) => Wording>> = {
	"clock-not-trusted": () => ({
		zh: {
			title: "时钟可疑，暂停签发",
			what: "本机时间与已存的最新时间不符。租期到期后顶灯会陆续熄星。",
			next: "核对本机时间并校准；若时间本来就对，运行：liangxing clock accept",
		},
		en: {
			title: "The clock is in doubt: nothing is signed",
			what: "This machine's time does not fit the newest time stored. Lights go dark as their leases end.",
			next: "Check the time and put it right; if it is right already, run: liangxing clock accept",
		},
	}),
	"store-failing": () => ({
		zh: {
			title: "存储写入失败",
			what: "新的变更无法保存，因此不签发。已受理的不会丢。",
			next: "检查磁盘空间与磁盘状态：liangxing doctor",
		},
		en: {
			title: "The store cannot be written",
			what: "Nothing new is kept, so nothing is signed. What was accepted is safe.",
			next: "Check the disk and its space: liangxing doctor",
		},
	}),
	"broker-port-closed": () => ({
		zh: {
			title: "消息代理不可用，顶灯连不上",
			what: "内置消息代理不在监听，或外部消息代理连不上。",
			next: "检查 mqtt.url 所指的消息代理，或重启网关；再运行：liangxing doctor",
		},
		en: {
			title: "No broker: lights cannot be reached",
			what: "The embedded broker does not listen, or the one of mqtt.url is not connected.",
			next: "Look at the broker of mqtt.url, or start the gateway again; then run: liangxing doctor",
		},
	}),
	"disk-nearly-full": ({ freeMiB, limit }) => ({
		zh: {
			title: "磁盘将满",
			what: `数据文件夹所在磁盘只剩 ${freeMiB} MiB（界限 ${limit} MiB）。`,
			next: "清出空间；磁盘一满就无法签发。",
		},
		en: {
			title: "The disk is nearly full",
			what: `${freeMiB} MiB are left on the data folder's disk (limit ${limit} MiB).`,
			next: "Free some space: with a full disk nothing can be signed.",
		},
	}),
	"right-star-share-low": ({ share, limit, right, onDuty }) => ({
		zh: {
			title: "显示正确的顶灯太少",
			what: `当班的 ${onDuty} 盏顶灯中有 ${right} 盏显示应亮的星（${percent(share)}，界限 ${percent(limit)}）。`,
			next: "在控制台按状态查看，或对其中一辆车运行：liangxing why 车牌",
		},
		en: {
			title: "Too few lights show the right stars",
			what: `${right} of the ${onDuty} lights on duty show what they owe (${percent(share)}, limit ${percent(limit)}).`,
			next: "Look at the statuses in the console, or ask of one vehicle: liangxing why PLATE",
		},
	}),
	"lights-silent": ({ silent, onDuty }) => ({
		zh: {
			title: "许多顶灯同时没有消息",
			what: `当班的 ${onDuty} 盏顶灯中有 ${silent} 盏没有消息。多半是网络或接入端口的问题，而不是灯坏了。`,
			next: "检查网络与接入端口：liangxing doctor",
		},
		en: {
			title: "Many lights are silent at once",
			what: `${silent} of the ${onDuty} lights on duty are not heard. So many at once is rather the network than the lights.`,
			next: "Check the network and the lights' port: liangxing doctor",
		},
	}),
	"no-pull": ({ hours, limit, outcome }) => ({
		zh: {
			title: "很久没有取到有效的评级",
			what: `已有 ${hours} 小时没有生效的评级（界限 ${limit} 小时；最近一次：${outcome}）。`,
			next: "检查评级来源，再运行：liangxing ratings import 文件；被扣留的见 liangxing ratings held list",
		},
		en: {
			title: "No ratings for a long time",
			what: `For ${hours} h there were no ratings that hold (limit ${limit} h; the newest pull: ${outcome}).`,
			next: "Check the source, then: liangxing ratings import FILE; those held are in: liangxing ratings held list",
		},
	}),
	"pull-held": ({ held }) => ({
		zh: {
			title: "有评级等待人工确认",
			what: `${held} 批评级会移除或降低过多驾驶员，已扣留。在确认之前沿用以前的评级。`,
			next: "查看并决定：liangxing ratings held list",
		},
		en: {
			title: "Ratings wait for a person",
			what: `${held === 1 ? "1 pull would remove or lower too many drivers and is" : `${held} pulls would remove or lower too many drivers and are`} held. The former ratings stand meanwhile.`,
			next: "Look and decide: liangxing ratings held list",
		},
	}),
	"lamp-faults": ({ lights, some }) => ({
		zh: {
			title: "顶灯灯珠故障",
			what: `${lights} 盏顶灯报告灯珠故障并已熄星，例如：${some}`,
			next: "安排检修；见控制台中状态为“故障”的顶灯。",
		},
		en: {
			title: "Lights with a lamp fault",
			what: `${lights} lights report a lamp fault and show no star, e.g. ${some}`,
			next: "Have them mended; see the lights of status fault in the console.",
		},
	}),
};

type Sentence = Readonly<Record<AlarmLang, string>>;

/** How it stands once it is over: its figures are then those of a depot in order, and no count of what is amiss. */
const OVER: Readonly<Record<AlarmCode, (detail: AlarmDetail) => Sentence>> = {
	"clock-not-trusted": () => ({ zh: "时钟已可信。", en: "The clock is trusted again." }),
	"store-failing": () => ({ zh: "存储已能写入。", en: "The store takes commits again." }),
	"broker-port-closed": () => ({ zh: "消息代理已恢复。", en: "The broker is there again." }),
	"disk-nearly-full": () => ({ zh: "磁盘空间已够。", en: "There is enough space on the disk again." }),
	"right-star-share-low": ({ right, onDuty }) => ({
		zh: `当班的 ${onDuty} 盏顶灯中有 ${right} 盏显示应亮的星，已够。`,
		en: `Enough lights show what they owe again: ${right} of the ${onDuty} on duty.`,
	}),
	"lights-silent": ({ silent, onDuty }) => ({
		zh: `没有消息的顶灯已不多：当班的 ${onDuty} 盏中有 ${silent} 盏。`,
		en: `Few lights are silent now: ${silent} of the ${onDuty} on duty.`,
	}),
	"no-pull": () => ({ zh: "已有有效的评级。", en: "There are ratings that hold again." }),
	"pull-held": () => ({
		zh: "已没有等待确认的评级：都已决定，或由更新的一批取代。",
		en: "No pull is held any more: each was decided, or a newer one took its place.",
	}),
	"lamp-faults": () => ({
		zh: "已没有顶灯报告灯珠故障。",
		en: "No light reports a lamp fault any more.",
	}),
};

const NOTHING_TO_DO: Sentence = {
	zh: "无需处理；这样保持一段时间后，告警自行解除。",
	en: "Nothing to do: the alarm is cleared by itself once this has lasted for a while.",
};

/** What people read of an alarm: how bad it is, or that it is over (`over`), in order again though the alarm may stand on for a while. */
export function alarmText(code: AlarmCode, detail: AlarmDetail, lang: AlarmLang, over = false): AlarmText {
	const text = WORDS[code](detail)[lang];
	return over ? { title: text.title, what: OVER[code](detail)[lang], next: NOTHING_TO_DO[lang] } : text;
}

export const TEST_TEXT: Wording = {
	zh: { title: "测试消息", what: "这是亮星网关的测试消息：告警能送到这里。", next: "无需处理。" },
	en: {
		title: "Test message",
		what: "This is a test message of the Liangxing gateway: alarms arrive here.",
		next: "Nothing to do.",
	},
};

/** What the message is: the first word of its subject. */
export const TYPE_WORDS: Readonly<Record<"raise" | "remind" | "clear" | "test", Readonly<Record<AlarmLang, string>>>> =
	{
		raise: { zh: "告警", en: "Alarm" },
		remind: { zh: "仍在告警", en: "Still standing" },
		clear: { zh: "已恢复", en: "Cleared" },
		test: { zh: "测试", en: "Test" },
	};
