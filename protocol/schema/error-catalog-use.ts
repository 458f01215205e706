import type { ErrorTable } from "./error-entry.ts";

/** How a command was called: options, arguments, names. */
export const WRONG_USE: ErrorTable = {
	"called-wrongly": {
		fault: "input",
		wrongUse: true,
		en: { what: "The command was called wrongly.", next: "{help}" },
		zh: { what: "命令用法有误。", next: "{help}" },
		more: [
			{
				en: { what: "A command is missing.", next: "{help}" },
				zh: { what: "没有给出命令。", next: "{help}" },
			},
			{
				en: { what: "Missing required argument '{argument}'.", next: "{help}" },
				zh: { what: "缺少参数 {argument}。", next: "{help}" },
			},
			{
				en: { what: "Required option '{option}' not specified.", next: "{help}" },
				zh: { what: "缺少选项 {option}。", next: "{help}" },
			},
			{
				en: { what: "Option '{option}' argument missing.", next: "{help}" },
				zh: { what: "选项 {option} 缺少值。", next: "{help}" },
			},
			{
				en: {
					what: "Option '{option}' argument '{value}' is invalid. Give a whole number from {least} to {most}.",
					next: "{help}",
				},
				zh: {
					what: "选项 {option} 的值“{value}”无效：应为 {least} 至 {most} 的整数。",
					next: "{help}",
				},
			},
			{
				en: {
					what: "Option '{option}' argument '{value}' is invalid. Allowed choices are {choices}.",
					next: "{help}",
				},
				zh: { what: "选项 {option} 的值“{value}”无效：可选 {choices}。", next: "{help}" },
			},
			{
				en: { what: "Unknown option '{option}' (did you mean {guess}?).", next: "{help}" },
				zh: { what: "没有选项 {option}，是否想用 {guess}？", next: "{help}" },
			},
			{
				en: { what: "Unknown option '{option}'.", next: "{help}" },
				zh: { what: "没有选项 {option}。", next: "{help}" },
			},
			{
				en: {
					what: "Too many arguments for '{command}'. Expected {expected} argument but got {given}.",
					next: "{help}",
				},
				zh: { what: "{command} 的参数过多：应有 {expected} 个，给了 {given} 个。", next: "{help}" },
			},
			{
				en: {
					what: "Too many arguments for '{command}'. Expected {expected} arguments but got {given}.",
					next: "{help}",
				},
				zh: { what: "{command} 的参数过多：应有 {expected} 个，给了 {given} 个。", next: "{help}" },
			},
			{
				en: { what: "Too many arguments. Expected {expected} arguments but got {given}.", next: "{help}" },
				zh: { what: "参数过多：应有 {expected} 个，给了 {given} 个。", next: "{help}" },
			},
			{
				en: { what: "Unknown command '{command}' (did you mean {guess}?).", next: "{help}" },
				zh: { what: "没有命令 {command}，是否想用 {guess}？", next: "{help}" },
			},
			{
				en: { what: "Unknown command '{command}'.", next: "{help}" },
				zh: { what: "没有命令 {command}。", next: "{help}" },
			},
		],
	},
	"option-conflict": {
		fault: "input",
		wrongUse: true,
		en: { what: "Two options do not go together.", next: "Leave one of them out." },
		zh: { what: "两个选项不能同时使用。", next: "去掉其中一个。" },
		more: [
			{
				en: { what: "An id names one light; --count asks for more.", next: "Leave one of them out." },
				zh: { what: "编号只指一盏灯，--count 却要多盏。", next: "去掉其中一个。" },
			},
			{
				en: { what: "--keep goes with a folder, not with a file.", next: "Leave one of them out." },
				zh: { what: "--keep 只用于文件夹，不用于文件。", next: "去掉其中一个。" },
			},
			{
				en: { what: "--data and --keep name two folders.", next: "Give one of them." },
				zh: { what: "--data 与 --keep 指了两个文件夹。", next: "只给其中一个。" },
			},
		],
	},
	"option-invalid": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "{option} {value} is not a whole number from {least} to {most}.",
			next: "Give a whole number within these bounds.",
		},
		zh: { what: "{option} {value} 不是 {least} 至 {most} 的整数。", next: "给出这个范围内的整数。" },
	},
	"option-missing": {
		fault: "input",
		wrongUse: true,
		en: { what: "An option or argument is missing.", next: "Add it." },
		zh: { what: "缺少选项或参数。", next: "补上。" },
		more: [
			{
				en: {
					what: "Where the provisioning file goes is missing.",
					next: "Add --out FILE; it will hold the light's private key.",
				},
				zh: { what: "没有指明配置文件写到哪里。", next: "加上 --out 文件；其中会有这盏灯的私钥。" },
			},
			{
				en: { what: "Where the provisioning files go is missing.", next: "Add --out-dir DIR." },
				zh: { what: "没有指明配置文件写到哪里。", next: "加上 --out-dir 文件夹。" },
			},
			{
				en: { what: "ratings held {verb} needs the pull's id.", next: "See the ids with: liangxing ratings held" },
				zh: { what: "ratings held {verb} 需要编号。", next: "用 liangxing ratings held 查看编号。" },
			},
			{
				en: {
					what: "policy activate needs the hash of the dry run that you looked at.",
					next: "See what would change, and the hash: liangxing policy dry-run {of}",
				},
				zh: {
					what: "policy activate 需要试运行给出的散列。",
					next: "先看会有什么变化及其散列：liangxing policy dry-run {of}",
				},
			},
			{
				en: { what: "--ratings and --fleet go together.", next: "Give both files, or neither for the sample." },
				zh: { what: "--ratings 与 --fleet 要一起用。", next: "两个文件都给，或都不给而用示例。" },
			},
		],
	},
	"option-unknown": {
		fault: "input",
		wrongUse: true,
		en: { what: "ratings held does not know {verb}.", next: "Use list, accept ID or reject ID." },
		zh: { what: "ratings held 没有 {verb} 这个动作。", next: "用 list、accept 编号 或 reject 编号。" },
	},
	"light-id-malformed": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "{id} is not a light id.",
			next: "Copy all 12 characters from the light's label: digits and capitals without I, L, O and U.",
		},
		zh: { what: "{id} 不是顶灯编号。", next: "照标签抄全 12 个字符：数字和大写字母，不含 I、L、O、U。" },
		more: [
			{
				en: {
					what: "{id} is not a light id: its check character is {given} and should be {wanted}.",
					next: "Probably a typing error in one of its 12 characters: compare each with the light's label.",
				},
				zh: {
					what: "{id} 不是顶灯编号：校验字符是 {given}，应为 {wanted}。",
					next: "多半是 12 个字符中有一个抄错：请逐个与标签核对。",
				},
			},
			{
				en: {
					what: "{id} is not a light id: it has {count} characters in place of 12.",
					next: "Copy all 12 characters from the light's label: digits and capitals without I, L, O and U.",
				},
				zh: {
					what: "{id} 不是顶灯编号：有 {count} 个字符，应为 12 个。",
					next: "照标签抄全 12 个字符：数字和大写字母，不含 I、L、O、U。",
				},
			},
			{
				en: {
					what: "{id} is not a light id: its character {place}, {given}, is none that an id has.",
					next: "Probably a typing error: ids have digits and capitals without I, L, O and U. Compare it with the light's label.",
				},
				zh: {
					what: "{id} 不是顶灯编号：第 {place} 个字符 {given} 不会出现在编号里。",
					next: "多半是抄错：编号只有数字和大写字母，不含 I、L、O、U。请与标签核对。",
				},
			},
			{
				en: {
					what: "A light id begins with 11 characters of Crockford base32.",
					next: "Use the digits 0-9 and the capital letters without I, L, O and U.",
				},
				zh: {
					what: "顶灯编号的前 11 个字符须是 Crockford base32。",
					next: "用数字 0-9 和大写字母，不含 I、L、O、U。",
				},
			},
		],
	},
	"no-data-folder": {
		fault: "input",
		en: {
			what: "There is no depot in {path}.",
			next: "Check --data, or start a new depot there first: liangxing gateway --data {path}",
		},
		zh: { what: "{path} 里没有场站。", next: "检查 --data；要新建场站，先运行：liangxing gateway --data {path}" },
		more: [
			{
				en: {
					what: "There is no depot in {path}.",
					next: "Check --data. For a new depot there, add --new, or run first: liangxing gateway --data {path}",
				},
				zh: {
					what: "{path} 里没有场站。",
					next: "检查 --data。要在那里新建场站，加上 --new，或先运行：liangxing gateway --data {path}",
				},
			},
			{
				en: { what: "There are no keys yet in {path}.", next: "Start once: liangxing gateway --data {path}" },
				zh: { what: "{path} 里还没有密钥。", next: "先启动一次：liangxing gateway --data {path}" },
			},
		],
	},
};

const YAML_LINE = {
	en: "Mend the line named; indent with blanks and write `key: value`.",
	zh: "改正所指的那一行；用空格缩进，写成 `键: 值`。",
};

/** Settings: file, environment, flags. */
export const SETTINGS: ErrorTable = {
	"bind-not-loopback": {
		fault: "input",
		wrongUse: true,
		en: { what: "{host} would open the gateway to other machines.", next: "Set http.host to 127.0.0.1." },
		zh: { what: "{host} 会让其他机器也能连上网关。", next: "把 http.host 设为 127.0.0.1。" },
		more: [
			{
				en: {
					what: "Setting {key} = {value} would open the gateway to other machines, and there are no users, roles or TLS yet.",
					next: "Set {key} to 127.0.0.1; reach it from elsewhere through an SSH tunnel.",
				},
				zh: {
					what: "配置 {key} = {value} 会让其他机器也能连上网关，而目前还没有用户、角色与 TLS。",
					next: "把 {key} 设为 127.0.0.1；从别处访问请走 SSH 隧道。",
				},
			},
			{
				en: {
					what: "The broker would be reachable from other machines at {host}.",
					next: "Set mqtt.host to 127.0.0.1: until there are certificates, lights reach the broker on this machine only.",
				},
				zh: {
					what: "消息代理会在 {host} 上被其他机器连到。",
					next: "把 mqtt.host 设为 127.0.0.1：在有证书之前，顶灯只从本机接入。",
				},
			},
			{
				en: {
					what: "Setting mqtt.url = {value} names another machine, and there is no TLS yet.",
					next: "Run the broker on this machine, or leave mqtt.url out for the embedded one.",
				},
				zh: {
					what: "配置 mqtt.url = {value} 指向另一台机器，而目前还没有 TLS。",
					next: "在本机运行消息代理，或不写 mqtt.url，使用内置的消息代理。",
				},
			},
		],
	},
	"config-data-in-folder": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "Setting data = {value} stands in {file}, which is in a data folder itself.",
			next: "Remove it there; name the folder by --data or LIANGXING_DATA.",
		},
		zh: {
			what: "{file} 本身就在数据文件夹里，却写了 data = {value}。",
			next: "从那里删去；用 --data 或 LIANGXING_DATA 指定文件夹。",
		},
	},
	"config-file-too-large": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "The configuration file {file} is larger than 256 KiB.",
			next: "Give --config the settings file; ratings and fleets are imported, not configured.",
		},
		zh: { what: "配置文件 {file} 超过 256 KiB。", next: "--config 要给配置文件；评级和车队是导入的，不是配置。" },
	},
	"config-file-unreadable": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "The configuration file {file} cannot be read.",
			next: "Give --config an existing, readable YAML file, or leave it out.",
		},
		zh: { what: "无法读取配置文件 {file}。", next: "给 --config 一个存在且可读的 YAML 文件，或不用它。" },
	},
	"config-invalid-value": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "Setting {key} = {value} is not {wanted}.",
			next: "Write {wanted}, or remove it for the default {default}.",
		},
		zh: { what: "配置 {key} = {value} 不对，应为 {wanted}。", next: "写成 {wanted}，或删去而用默认值 {default}。" },
		more: [
			{
				en: {
					what: "Setting source.http.schedule = {value} is not a time that comes again.",
					next: 'Write a cron expression such as "*/10 * * * *" (minute, hour, day, month, weekday), or off.',
				},
				zh: {
					what: "配置 source.http.schedule = {value} 不是会再来的时间。",
					next: '写成 cron 表达式，如 "*/10 * * * *"（分、时、日、月、星期），或 off。',
				},
			},
			{
				en: {
					what: "Setting source.http.timeZone = {value} is not a time zone.",
					next: "Write a name such as Asia/Shanghai or UTC.",
				},
				zh: {
					what: "配置 source.http.timeZone = {value} 不是时区。",
					next: "写成 Asia/Shanghai 或 UTC 这样的名字。",
				},
			},
		],
	},
	"config-lease-too-short": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "Setting leaseS = {lease} is less than 3 report periods (reportS = {report}).",
			next: "Set leaseS to at least {least}, or reportS to at most {most}.",
		},
		zh: {
			what: "配置 leaseS = {lease} 不足 3 个上报周期（reportS = {report}）。",
			next: "leaseS 至少设为 {least}，或 reportS 至多设为 {most}。",
		},
	},
	"config-not-yaml": {
		fault: "input",
		wrongUse: true,
		en: { what: "{file} is not valid YAML: {reason}", next: YAML_LINE.en },
		zh: { what: "{file} 不是有效的 YAML：{reason}", next: YAML_LINE.zh },
	},
	"config-out-of-range": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "Setting {key} = {value} is not {wanted}.",
			next: "Write {wanted}, or remove it for the default {default}.",
		},
		zh: { what: "配置 {key} = {value} 超出范围，应为 {wanted}。", next: "写成 {wanted}，或删去而用默认值 {default}。" },
	},
	"config-resume-too-long": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "Setting resumeS = {resume} is more than leaseS = {lease}.",
			next: "Set resumeS to at most {most}.",
		},
		zh: { what: "配置 resumeS = {resume} 大于 leaseS = {lease}。", next: "resumeS 至多设为 {most}。" },
	},
	"config-unknown-key": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "Unknown setting {setting}.",
			next: "Remove it; `liangxing gateway --print-config` lists every setting.",
		},
		zh: { what: "没有这个配置项：{setting}。", next: "删去它；`liangxing gateway --print-config` 列出全部配置项。" },
		more: [
			{
				en: {
					what: "Unknown setting {setting}.",
					next: "Did you mean {guess}? `liangxing gateway --print-config` lists every setting.",
				},
				zh: {
					what: "没有这个配置项：{setting}。",
					next: "是否想写 {guess}？`liangxing gateway --print-config` 列出全部配置项。",
				},
			},
			{
				en: { what: "Unknown setting {setting} in the environment.", next: "Did you mean {guess}? Unset {name}." },
				zh: { what: "环境变量里没有这个配置项：{setting}。", next: "是否想写 {guess}？请取消 {name}。" },
			},
			{
				en: { what: "Unknown setting {setting} in the environment.", next: "Unset {name}." },
				zh: { what: "环境变量里没有这个配置项：{setting}。", next: "请取消 {name}。" },
			},
		],
	},
	"config-wrong-type": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "Setting {key} = {value} is not {wanted}.",
			next: "Write {wanted}, or remove it for the default {default}.",
		},
		zh: { what: "配置 {key} = {value} 类型不对，应为 {wanted}。", next: "写成 {wanted}，或删去而用默认值 {default}。" },
		more: [
			{
				en: { what: "{file} is not a list of keys.", next: "Write `key: value` lines." },
				zh: { what: "{file} 里不是一行行的键。", next: "每行写成 `键: 值`。" },
			},
		],
	},
	"policy-invalid": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "The star policy {file} cannot be used: line {line}: {reason}.",
			next: "Mend it as in gateway/config/policies/score-2021.yaml, or use a preset's name (score-2021, tianjin-2019).",
		},
		zh: {
			what: "亮星规则 {file} 不能用：第 {line} 行：{reason}。",
			next: "照 gateway/config/policies/score-2021.yaml 改正，或用预设名（score-2021、tianjin-2019）。",
		},
	},
	"policy-not-found": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "There is neither a preset nor a file named {name}.",
			next: "Set policy to {presets}, or to the path of a YAML file.",
		},
		zh: { what: "既没有名为 {name} 的预设，也没有这个文件。", next: "policy 设为 {presets}，或一个 YAML 文件的路径。" },
		more: [
			{
				en: {
					what: "There is neither a preset nor a file named {name}.",
					next: "Set policy to {one} or {other}, or to the path of a YAML file.",
				},
				zh: {
					what: "既没有名为 {name} 的预设，也没有这个文件。",
					next: "policy 设为 {one} 或 {other}，或一个 YAML 文件的路径。",
				},
			},
		],
	},
};
