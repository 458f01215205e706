import type { ErrorTable } from "./error-entry.ts";

const TOKEN = {
	en: "Send the header `Authorization: Bearer TOKEN`; the token is in the data folder's file `token`.",
	zh: "带上请求头 `Authorization: Bearer 令牌`；令牌在数据文件夹的 `token` 文件里。",
};
const CLOCK = {
	en: {
		what: "Nothing is signed: the clock says {now}, the newest time stored is {stored}.",
		next: "Put the clock right; if it is right already, run: liangxing clock accept",
	},
	zh: {
		what: "暂停签发：时钟为 {now}，已存的最新时间为 {stored}。",
		next: "校准时钟；若时钟本来就对，运行：liangxing clock accept",
	},
};
const BLANK_WAITS = {
	en: {
		what: "The depot signs nothing while its clock does not fit the stored time; blanking comes first once it does.",
		next: "Put the clock right, or say that it is right: liangxing clock accept.",
	},
	zh: {
		what: "时钟与已存时间不符，场站暂停签发；一旦相符，先执行全体熄星。",
		next: "校准时钟，或认可它：liangxing clock accept。",
	},
};

/** What a depot refuses to do. */
export const DEPOT: ErrorTable = {
	"at-in-future": {
		fault: "input",
		en: {
			what: '"at" is more than {most} s in the future by the depot\'s clock.',
			next: 'Leave "at" out for now, or put the sender\'s clock right.',
		},
		zh: { what: "“at”比场站时钟超前 {most} 秒以上。", next: "不写“at”即为现在，或校准发送方的时钟。" },
	},
	busy: {
		fault: "state",
		en: { what: "{count} commands wait for their answer already.", next: "Repeat in a second." },
		zh: { what: "已有 {count} 条命令在等待答复。", next: "过一秒重试。" },
	},
	"broker-address-unknown": {
		fault: "state",
		en: {
			what: "The broker's port is any free one (mqtt.port 0) and no gateway runs.",
			next: "Start the gateway first, or set mqtt.port: the light must know where to connect.",
		},
		zh: {
			what: "消息代理用任意空闲端口（mqtt.port 为 0），而网关没有运行。",
			next: "先启动网关，或设定 mqtt.port：顶灯要知道连到哪里。",
		},
	},
	"clock-ahead": { fault: "environment", ...CLOCK, more: [BLANK_WAITS] },
	"clock-behind": { fault: "environment", ...CLOCK, more: [BLANK_WAITS] },
	"driver-not-assigned": {
		fault: "state",
		en: {
			what: "The fleet file does not give this driver to this vehicle.",
			next: "Correct the fleet file and import it, or set allowUnassigned in the settings.",
		},
		zh: {
			what: "车队文件没有把这名驾驶员派给这辆车。",
			next: "改正车队文件并重新导入，或在配置里打开 allowUnassigned。",
		},
	},
	"driver-unknown": {
		fault: "input",
		en: {
			what: "No driver known here has this key or certificate number.",
			next: "Check the number, or import the fleet or rating file that has it.",
		},
		zh: { what: "这里没有这个编号或从业资格证号的驾驶员。", next: "核对号码，或导入含有它的车队文件或评级文件。" },
	},
	"fleet-empty": {
		fault: "input",
		en: { what: "The fleet file has no vehicle.", next: "Check the file; nothing was changed." },
		zh: { what: "车队文件里没有车辆。", next: "检查文件；什么都没有改。" },
	},
	"light-exists": {
		fault: "state",
		en: {
			what: "Light {light} is registered with another key.",
			next: "Use another light id, or leave the id out to get a free one.",
		},
		zh: { what: "顶灯 {light} 已用另一把密钥登记。", next: "换一个编号，或不写编号而取一个空闲的。" },
	},
	"light-unknown": {
		fault: "input",
		en: {
			what: "Light {light} is not registered here.",
			next: "Register it first: liangxing lights add ID --out FILE.",
		},
		zh: { what: "顶灯 {light} 没有在这里登记。", next: "先登记：liangxing lights add 编号 --out 文件。" },
		more: [
			{
				en: { what: "No such light is registered.", next: "See the ids with: liangxing lights list" },
				zh: { what: "没有登记这盏灯。", next: "用 liangxing lights list 查看编号。" },
			},
		],
	},
	"lights-full": {
		fault: "state",
		en: { what: "This depot has {most} lights already.", next: "Set up another depot." },
		zh: { what: "这个场站已有 {most} 盏顶灯。", next: "请另设一个场站。" },
	},
	"public-key-invalid": {
		fault: "input",
		en: {
			what: "A light's public key has {wanted} bytes, not {count}.",
			next: "Make the light's keys with: liangxing lights add --out FILE.",
		},
		zh: {
			what: "顶灯公钥应为 {wanted} 字节，收到 {count}。",
			next: "用 liangxing lights add --out 文件 生成顶灯的密钥。",
		},
	},
	"policy-changed": {
		fault: "state",
		en: {
			what: "The policy, the active one or a rating is another than in the dry run.",
			next: "Make the dry run again and look at what would change.",
		},
		zh: { what: "规则、现行规则或某个评级与试运行时不同。", next: "重新试运行，看清会有什么变化。" },
	},
	"policy-unknown": {
		fault: "input",
		en: {
			what: "There is no star policy of this name here.",
			next: "Name one of {names}, or send a policy's table.",
		},
		zh: { what: "这里没有这个名称的亮星规则。", next: "写 {names} 之一，或直接给出规则表。" },
	},
	"pull-not-held": {
		fault: "input",
		en: { what: "No pull {id} is held.", next: "See which are: liangxing ratings held list." },
		zh: { what: "没有待确认的 {id}。", next: "查看有哪些：liangxing ratings held list。" },
	},
	"pull-unknown": {
		fault: "input",
		en: { what: "No such pull is kept.", next: "See the newest ones with: GET /api/v1/pulls." },
		zh: { what: "没有保存这一次评级。", next: "用 GET /api/v1/pulls 查看最近的几次。" },
	},
	"vehicle-unknown": {
		fault: "input",
		en: {
			what: "No vehicle of the fleet has this key or plate.",
			next: "Check the plate, or import the fleet file that has it: liangxing fleet import FILE.",
		},
		zh: {
			what: "车队里没有这个编号或车牌的车。",
			next: "核对车牌，或导入含有它的车队文件：liangxing fleet import 文件。",
		},
	},
};

/** What the API refuses before a command is looked at, and how commands fail to reach it. */
export const API: ErrorTable = {
	"body-invalid": {
		fault: "input",
		en: {
			what: "The body is not as expected. {reason}",
			next: "Send the keys that this call takes, with values of the form named.",
		},
		zh: { what: "请求内容不符合要求：{reason}", next: "只发送该接口接受的键，值用所指的形式。" },
	},
	"body-not-json": {
		fault: "input",
		en: { what: "The body is not JSON.", next: "Send one JSON object." },
		zh: { what: "请求内容不是 JSON。", next: "发送一个 JSON 对象。" },
		more: [
			{
				en: { what: "The body is empty.", next: "Send one JSON object." },
				zh: { what: "请求内容是空的。", next: "发送一个 JSON 对象。" },
			},
			{
				en: { what: "The body's length is not what its header says.", next: "Send the whole body." },
				zh: { what: "请求内容的长度与请求头不符。", next: "完整发送请求内容。" },
			},
			{
				en: { what: "The request cannot be read.", next: "Send one JSON object." },
				zh: { what: "无法读懂请求。", next: "发送一个 JSON 对象。" },
			},
		],
	},
	"body-too-large": {
		fault: "input",
		en: { what: "The body is larger than this route takes.", next: "Send less at once." },
		zh: { what: "请求内容超过该接口的上限。", next: "一次少发一些。" },
	},
	"gateway-answer-unreadable": {
		fault: "state",
		en: { what: "The gateway answered with status {status}.", next: "See the gateway's log." },
		zh: { what: "网关答复了状态 {status}。", next: "查看网关的日志。" },
	},
	"gateway-not-answering": {
		fault: "environment",
		en: { what: "The gateway does not answer at {address}.", next: "Start it with: liangxing gateway" },
		zh: { what: "网关在 {address} 没有应答。", next: "启动它：liangxing gateway" },
	},
	"gateway-stopping": {
		fault: "state",
		en: { what: "The gateway is stopping.", next: "Start it again, then repeat." },
		zh: { what: "网关正在停止。", next: "重新启动后再试。" },
	},
	"header-invalid": {
		fault: "input",
		en: { what: "x-file-name is not percent-encoded UTF-8.", next: "Encode the name, or leave it out." },
		zh: { what: "x-file-name 不是百分号编码的 UTF-8。", next: "把文件名编码，或不写。" },
	},
	"host-not-loopback": {
		fault: "input",
		en: {
			what: "The Host header does not name this machine.",
			next: "Use http://127.0.0.1 or http://localhost with the gateway's port.",
		},
		zh: { what: "Host 请求头指的不是本机。", next: "用 http://127.0.0.1 或 http://localhost 加网关端口。" },
	},
	"not-found": {
		fault: "input",
		en: { what: "There is no {method} of this address.", next: "See the console at / or the API's routes." },
		zh: { what: "这个地址没有 {method}。", next: "控制台在 /，或查看接口的地址。" },
	},
	"origin-foreign": {
		fault: "input",
		en: {
			what: "The request comes from a page of another origin.",
			next: "Use the console that this gateway serves, or a program without an Origin header.",
		},
		zh: { what: "请求来自别处的网页。", next: "用本网关提供的控制台，或不带 Origin 头的程序。" },
	},
	"query-invalid": {
		fault: "input",
		en: { what: "The address is not as expected. {reason}", next: "Correct the part named, or leave it out." },
		zh: { what: "地址不符合要求：{reason}", next: "改正所指的部分，或不写它。" },
	},
	"rate-limited": {
		fault: "input",
		en: { what: "Too many requests.", next: "Wait a second, then go on more slowly." },
		zh: { what: "请求过多。", next: "等一秒，然后放慢。" },
		more: [
			{
				en: { what: "Too many wrong tokens.", next: "Wait a few seconds, then repeat." },
				zh: { what: "错误令牌过多。", next: "等几秒再试。" },
			},
		],
	},
	"token-missing": {
		fault: "input",
		en: { what: "This call changes something and needs the token.", next: TOKEN.en },
		zh: { what: "该接口会改动数据，需要令牌。", next: TOKEN.zh },
	},
	"token-wrong": {
		fault: "input",
		en: { what: "The token is not this gateway's.", next: TOKEN.en },
		zh: { what: "这不是本网关的令牌。", next: TOKEN.zh },
	},
	"too-many-streams": {
		fault: "state",
		en: { what: "{count} consoles are connected already.", next: "Close one of them." },
		zh: { what: "已有 {count} 个控制台连接。", next: "关掉其中一个。" },
	},
	"unsupported-media-type": {
		fault: "input",
		en: {
			what: "The body's content type is not taken here.",
			next: "Send JSON with content-type: application/json.",
		},
		zh: { what: "这里不接受该内容类型。", next: "发送 JSON，并带 content-type: application/json。" },
	},
};
