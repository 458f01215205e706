import type { ErrorTable } from "./error-entry.ts";

const MAKE = {
	en: "Make a new file with: liangxing lights add ID --out FILE",
	zh: "用 `liangxing lights add 灯号 --out 文件` 重新生成。",
};

/** A light's own program. */
export const LIGHT: ErrorTable = {
	"broker-invalid": {
		fault: "input",
		wrongUse: true,
		en: {
			what: 'The broker address "{address}" cannot be used.',
			next: "Use an address such as mqtt://127.0.0.1:1883 or mqtts://depot.example:8883.",
		},
		zh: {
			what: "消息服务器地址“{address}”无效。",
			next: "使用如 mqtt://127.0.0.1:1883 或 mqtts://depot.example:8883 的地址。",
		},
	},
	"identity-lost": {
		fault: "state",
		en: {
			what: "Neither copy of the record of {light} can be read in {folder}: its identity is lost.",
			next: "Enrol it again: liangxing lights add ID --out FILE. If its record is elsewhere, pass that folder with --memory.",
		},
		zh: {
			what: "{folder} 里 {light} 的两份记录都无法读取，身份已丢失。",
			next: "重新开通：liangxing lights add 灯号 --out 文件；若记录在别处，用 --memory 指定。",
		},
		more: [
			{
				en: {
					what: "Neither copy of the record of {light} can be read.",
					next: "Enrol this light again: liangxing lights add ID --out FILE",
				},
				zh: {
					what: "{light} 的两份记录都无法读取，身份已丢失。",
					next: "重新开通：liangxing lights add 灯号 --out 文件",
				},
			},
		],
	},
	"keys-refused": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "The signing keys cannot be taken: {reason}.",
			next: "Make a new provisioning file with `liangxing lights add`.",
		},
		zh: { what: "开通文件中的签名公钥不可信：{reason}。", next: "用 `liangxing lights add` 重新生成开通文件。" },
	},
	"memory-in-use": {
		fault: "state",
		en: {
			what: "The light's memory {folder} is in use by another liangxing-light (process {pid}).",
			next: "Stop that one first, or give this light its own folder with --memory (and its own provisioning file).",
		},
		zh: {
			what: "存储文件夹 {folder} 正被另一个 liangxing-light 使用（进程 {pid}）。",
			next: "先停掉那一个，或用 --memory 给本灯单独的文件夹（以及单独的开通文件）。",
		},
	},
	"memory-of-another-light": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "The memory {folder} holds the record of light {light}.",
			next: "Pass this light's own folder with --memory.",
		},
		zh: { what: "存储文件夹 {folder} 属于另一盏灯 {light}。", next: "用 --memory 指定本灯自己的文件夹。" },
	},
	"memory-unwritable": {
		fault: "environment",
		en: {
			what: "The light's memory {folder} cannot be written ({reason}).",
			next: "Check that the folder exists, has free space and belongs to the user that runs the light, or pass another with --memory.",
		},
		zh: {
			what: "本灯的存储文件夹 {folder} 不可写（{reason}）。",
			next: "检查文件夹是否存在、有空间、属于运行本灯的用户，或用 --memory 另指一个。",
		},
	},
	"provision-invalid": {
		fault: "input",
		wrongUse: true,
		en: { what: "The provisioning file is not valid. {reason}", next: MAKE.en },
		zh: { what: "开通文件无效：{reason}", next: MAKE.zh },
		more: [
			{
				en: { what: "The provisioning file is not JSON.", next: MAKE.en },
				zh: { what: "开通文件不是 JSON。", next: MAKE.zh },
			},
		],
	},
	"provision-key-mismatch": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "The provisioning file's public key is not that of its private key.",
			next: "Make it with: liangxing lights add ID --out FILE",
		},
		zh: { what: "开通文件中的公钥与私钥不是一对。", next: MAKE.zh },
	},
	"provision-missing": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "There is no provisioning file {file}.",
			next: "Make it with: liangxing lights add ID --out FILE",
		},
		zh: { what: "找不到开通文件 {file}。", next: "用 `liangxing lights add 灯号 --out 文件` 生成。" },
	},
	"provision-unreadable": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "The provisioning file {file} cannot be read ({reason}).",
			next: "Check that it is a file and belongs to the user that runs the light.",
		},
		zh: { what: "无法读取开通文件 {file}（{reason}）。", next: "检查它是文件，并属于运行本灯的用户。" },
	},
};
