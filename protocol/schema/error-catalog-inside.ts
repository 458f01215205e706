import type { ErrorTable } from "./error-entry.ts";

/** The simulator. */
export const SIMULATOR: ErrorTable = {
	"ask-malformed": {
		fault: "input",
		wrongUse: true,
		en: { what: "{ask} is not an ask.", next: "Give 16 hexadecimal digits (8 bytes), as the light's state has them." },
		zh: { what: "{ask} 不是顶灯抽出的随机数（ask）。", next: "给 16 个十六进制数字（8 字节），与顶灯状态里的一样。" },
	},
	"input-empty": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "Standard input held no grant.",
			next: "Pass grants in hex, one a line, as liangxing-sim grant prints them.",
		},
		zh: { what: "标准输入里没有凭证。", next: "每行给一张十六进制凭证，即 liangxing-sim grant 的输出。" },
	},
	"change-unknown": {
		fault: "internal",
		en: {
			what: 'The store has no place for a change of type "{type}".',
			next: "Teach the simulated store what the real one was taught.",
		},
		zh: { what: "模拟存储不认识改动类型“{type}”。", next: "真存储学会的，模拟存储也要学会。" },
	},
	"depot-not-built": {
		fault: "environment",
		en: { what: "The gateway program is not built.", next: "Run: npm run build" },
		zh: { what: "网关程序还没有构建。", next: "运行：npm run build" },
	},
	"depot-not-started": {
		fault: "environment",
		en: {
			what: "The depot gateway did not start ({how}). {last}",
			next: "Mend what its last lines name, then start again.",
		},
		zh: { what: "场站网关没有启动（{how}）。{last}", next: "按最后几行所指修好，再启动。" },
	},
	"depot-refused": {
		fault: "state",
		en: { what: "The depot answered {status}.", next: "See the gateway's log." },
		zh: { what: "场站答复了状态 {status}。", next: "查看网关的日志。" },
	},
	"depot-unreachable": {
		fault: "environment",
		en: { what: "The depot does not answer.", next: "See whether the gateway still runs, then try again." },
		zh: { what: "场站没有应答。", next: "看看网关是否还在运行，再试。" },
	},
	"emulator-changed": {
		fault: "internal",
		en: {
			what: "The chip emulator's timers are not as expected ({what}).",
			next: "Take avr8js 0.21.1, or hold the lazy timers equal to the new one by their test.",
		},
		zh: {
			what: "芯片仿真器的定时器与预期不同（{what}）。",
			next: "用 avr8js 0.21.1，或用测试证明惰性定时器与新版一致。",
		},
	},
	"fault-unknown": {
		fault: "input",
		wrongUse: true,
		en: { what: 'There is no fault "{name}".', next: "Take some of: {names}." },
		zh: { what: "没有差错“{name}”。", next: "可选：{names}。" },
	},
	"image-changed": {
		fault: "environment",
		en: {
			what: 'The firmware image "{name}" is not the one that was tested: its sha256 is {found}.',
			next: "Install the package anew: npm install --no-save {package}",
		},
		zh: {
			what: "固件映像“{name}”不是测试过的那个：其 sha256 为 {found}。",
			next: "重新安装该软件包：npm install --no-save {package}",
		},
	},
	"image-erased": {
		fault: "input",
		en: {
			what: "{file} holds no program: the chip would be erased.",
			next: "Give an image with a program for the ATmega328P.",
		},
		zh: { what: "{file} 里没有程序：芯片会是空白的。", next: "给一个含有 ATmega328P 程序的映像。" },
	},
	"image-malformed": {
		fault: "input",
		en: {
			what: "{file}, line {line}: {how}.",
			next: "Give the Intel HEX file that the compiler wrote, whole and unchanged.",
		},
		zh: { what: "{file} 第 {line} 行有误（{how}）。", next: "给编译器写出的 Intel HEX 文件，完整且未改动。" },
	},
	"image-missing": {
		fault: "environment",
		en: {
			what: 'The firmware image "{name}" comes with the package {package}, which is not here.',
			next: "Install it with: npm install --no-save {package}",
		},
		zh: {
			what: "固件映像“{name}”随软件包 {package} 提供，而它没有安装。",
			next: "安装：npm install --no-save {package}",
		},
	},
	"platform-state-unreadable": {
		fault: "input",
		en: {
			what: "{path} is not what a stand-in platform keeps.",
			next: "Name another file, or remove this one: the platform then begins anew.",
		},
		zh: {
			what: "{path} 不是模拟平台存下的文件。",
			next: "请换一个文件，或删除它：平台会从头开始。",
		},
	},
	"plant-unknown": {
		fault: "input",
		wrongUse: true,
		en: { what: 'There is no planted bug "{name}".', next: "Take one of: {names}." },
		zh: { what: "没有可植入的缺陷“{name}”。", next: "可选：{names}。" },
	},
	"simulation-ran-away": {
		fault: "internal",
		en: {
			what: 'More than {most} events wait; the newest is "{name}".',
			next: "Look for a part that plans two events for each one taken.",
		},
		zh: { what: "等待的事件超过 {most} 个，最新的是“{name}”。", next: "找出每处理一个就排两个的那部分。" },
		more: [
			{
				en: {
					what: 'The gateway\'s core set off more than {most} events; the last is "{name}".',
					next: "Look for an effect whose answer asks for the same effect again.",
				},
				zh: { what: "网关核心引出的事件超过 {most} 个，最后一个是“{name}”。", next: "找出答复又引出自身的那个效果。" },
			},
		],
	},
	"trace-unwritable": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "The trace file {file} cannot be written.",
			next: "Give a path in a folder that you may write to.",
		},
		zh: { what: "无法写入轨迹文件 {file}。", next: "给一个可写文件夹里的路径。" },
	},
};

/** Mistakes of ours: what should never be seen. */
export const INSIDE: ErrorTable = {
	"cbor-unsupported": {
		fault: "internal",
		en: {
			what: "A message may not hold {what}.",
			next: "Use safe integers, well-formed text, booleans, null, bytes, arrays and maps with integer or text keys.",
		},
		zh: {
			what: "消息里不能有 {what}。",
			next: "只用安全整数、合法文本、布尔、空值、字节、数组，以及键为整数或文本的映射。",
		},
	},
	"internal-error": {
		fault: "internal",
		en: { what: "A mistake in the program: {reason}", next: "Report it with the command and the lines below." },
		zh: { what: "程序出错：{reason}", next: "请连同命令和下面各行一起报告。" },
		more: [
			{
				en: { what: "The gateway failed to work on this.", next: "Repeat; if it stays, report the log's lines." },
				zh: { what: "网关处理时出错。", next: "重试；若仍如此，请报告日志。" },
			},
			{
				en: {
					what: "The depot failed to work on this; nothing was changed.",
					next: "Repeat; if it stays, report the log's lines.",
				},
				zh: { what: "场站处理时出错；什么都没有改。", next: "重试；若仍如此，请报告日志。" },
			},
		],
	},
	"key-id-length": {
		fault: "internal",
		en: { what: "A key id has {wanted} bytes, not {count}.", next: "Make key ids with keyId()." },
		zh: { what: "密钥编号应为 {wanted} 字节，收到 {count}。", next: "用 keyId() 生成。" },
	},
	"message-out-of-bounds": {
		fault: "internal",
		en: {
			what: "The {kind} cannot be written: field {field} is out of bounds.",
			next: "Compare the field with the protocol's table of this kind.",
		},
		zh: { what: "无法写出 {kind}：字段 {field} 超出范围。", next: "与协议中该类消息的表核对。" },
	},
	"message-too-large": {
		fault: "internal",
		en: {
			what: "A {kind} has at most {most} bytes, this one {count}.",
			next: "Shorten its texts or leave out what may be left out.",
		},
		zh: { what: "{kind} 至多 {most} 字节，这一条有 {count}。", next: "缩短文本，或去掉可省的部分。" },
	},
	"signature-length": {
		fault: "internal",
		en: {
			what: "An Ed25519 signature has 64 bytes, not {count}.",
			next: "Sign with Ed25519 over the bytes of toBeSigned().",
		},
		zh: { what: "Ed25519 签名应为 64 字节，收到 {count}。", next: "用 Ed25519 对 toBeSigned() 的字节签名。" },
	},
};
