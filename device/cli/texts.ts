import type { Language } from "../../protocol/schema/language.ts";
import type { LampWords } from "../drivers/text-lamp.ts";

/** Everything this program says to people. */
export interface Texts {
	readonly description: string;
	readonly options: {
		readonly provision: string;
		readonly memory: string;
		readonly lamp: string;
		readonly broker: string;
		readonly reportS: string;
		readonly logLevel: string;
		readonly lang: string;
		readonly json: string;
		readonly help: string;
		readonly version: string;
	};
	readonly examples: string;
	readonly stopping: string;
	readonly warnings: Readonly<Record<"provision-open" | "mark-unwritable" | "broker-plain", string>>;
	readonly lamp: LampWords;
}

const EXAMPLES = `  liangxing-light --provision PDS00000001H.json
  liangxing-light --provision PDS00000001H.json --memory /var/lib/liangxing-light --lamp sim --json
  liangxing-light --provision PDS00000001H.json --broker mqtt://127.0.0.1:1883 --log-level info`;

const en: Texts = {
	description:
		"Runs one roof light: takes signed star grants from its depot and shows them, dark whenever it may not show stars.",
	options: {
		provision: "provisioning file of this light (made by `liangxing lights add`)",
		memory: "folder of the light's record (default: <light>.memory beside the provisioning file)",
		lamp: "text = one line in the terminal, sim = a lamp that only remembers",
		broker: "broker address in place of the one in the provisioning file",
		reportS: "report period in seconds, as the depot is set (a lease is at least 3 of them)",
		logLevel: "debug, info, warn, error or silent; the log goes to standard error",
		lang: "en or zh (default: from LANG)",
		json: "one JSON line on standard output for each change, in place of the text",
		help: "show this help",
		version: "show the version",
	},
	examples: `
Examples:
${EXAMPLES}

Ctrl-C stops it: the lamp goes dark and the depot is told.
Exit codes: 0 stopped as asked, 1 it cannot run (memory, identity), 2 wrong option or provisioning file.`,
	stopping: "Stopping: the lamp is dark.",
	warnings: {
		"provision-open":
			"Others on this machine can read the provisioning file, which holds the light's private key. Next step: chmod 600 FILE",
		"mark-unwritable":
			"The folder of the provisioning file cannot be written, so a later loss of the memory could not be told from a first start. Next step: make the folder writable.",
		"broker-plain":
			"The connection to the broker is not encrypted. Stars stay signed, but anyone on the way can read and withhold them. Next step: use mqtts:// outside a test on one machine.",
	},
	lamp: {
		stars: (count) => `${count} ${count === 1 ? "star" : "stars"}`,
		lease: (time) => `lease ${time}`,
		pattern: (pattern) =>
			({ neutral: "no star", fault: "fault", identify: "here I am", "self-test": "self-test" })[pattern],
		offline: "no connection to the depot",
	},
};

const zh: Texts = {
	description: "运行一盏顶灯：接收场站签发的亮星凭证并亮星；凡不应亮星时一律熄星。",
	options: {
		provision: "本灯的开通文件（由 `liangxing lights add` 生成）",
		memory: "本灯记录所在的文件夹（默认：开通文件旁的 <灯号>.memory）",
		lamp: "text = 终端里的一行字，sim = 只记住状态的虚拟灯",
		broker: "代替开通文件中的消息服务器地址",
		reportS: "上报周期（秒），与场站的设置一致（租期至少为其 3 倍）",
		logLevel: "debug、info、warn、error 或 silent；日志写到标准错误",
		lang: "en 或 zh（默认取自 LANG）",
		json: "每次变化在标准输出写一行 JSON，不再显示文字",
		help: "显示本帮助",
		version: "显示版本",
	},
	examples: `
示例：
${EXAMPLES}

按 Ctrl-C 停止：灯先熄灭，并告知场站。
退出码：0 按要求停止，1 无法运行（存储、身份），2 选项或开通文件有误。`,
	stopping: "正在停止：灯已熄灭。",
	warnings: {
		"provision-open": "本机其他用户能读取开通文件，其中有本灯的私钥。下一步：chmod 600 文件",
		"mark-unwritable": "开通文件所在文件夹不可写，今后若丢失存储，将无法与首次启动区分。下一步：让该文件夹可写。",
		"broker-plain":
			"与消息服务器的连接未加密。亮星凭证仍有签名，但途中任何人都能读取或扣留。下一步：除本机测试外请使用 mqtts://。",
	},
	lamp: {
		stars: (count) => `${count} 星`,
		lease: (time) => `租期剩余 ${time}`,
		pattern: (pattern) => ({ neutral: "熄星", fault: "故障", identify: "我在这里", "self-test": "自检" })[pattern],
		offline: "未连上场站",
	},
};

export const TEXTS: Readonly<Record<Language, Texts>> = { en, zh };
