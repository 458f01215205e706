import type { ErrorTable, Wording } from "./error-entry.ts";

/** One wrong setting of the alarms: what it is, and the mend. */
const setting = (en: readonly [string, string], zh: readonly [string, string]): Wording => ({
	en: { what: `Setting {key} = {value} ${en[0]}.`, next: en[1] },
	zh: { what: `配置 {key} = {value} ${zh[0]}。`, next: zh[1] },
});

/** Telling people, and looking at a depot as a whole. */
export const ALARMS: ErrorTable = {
	"alarm-no-hook": {
		fault: "state",
		en: {
			what: "No webhook and no e-mail is set: alarms reach nobody.",
			next: "Set alarms.webhook.url, or alarms.email.host, from and to, in the settings, then start the gateway again.",
		},
		zh: {
			what: "没有设定 webhook，也没有设定邮箱：告警送不到任何人。",
			next: "在配置里设定 alarms.webhook.url，或 alarms.email.host、from、to，然后重启网关。",
		},
	},
	"alarm-not-sent": {
		fault: "environment",
		en: {
			what: "The alarm could not be sent by {hook}: {reason}.",
			next: "Check the alarms' settings and the other side, then try: liangxing alarms test",
		},
		zh: { what: "告警未能经 {hook} 送出：{reason}。", next: "检查告警的配置与对方，然后再试：liangxing alarms test" },
	},
	"alarm-secret-missing": {
		fault: "input",
		en: {
			what: "{key} names {path}, which holds no secret.",
			next: "Write the secret into it as one line and run: chmod 600 {path}",
		},
		zh: { what: "{key} 所指的 {path} 里没有密钥。", next: "把密钥写成一行存入，并运行：chmod 600 {path}" },
	},
	"broker-port-closed": {
		fault: "environment",
		en: {
			what: "The lights' port is closed: no light can connect.",
			next: "Start the gateway again; if it stays, see its log and run: liangxing doctor",
		},
		zh: { what: "顶灯接入端口已关闭：顶灯连不上。", next: "重启网关；若仍如此，查看日志并运行：liangxing doctor" },
	},
	"config-alarms-invalid": {
		fault: "input",
		wrongUse: true,
		en: { what: "Setting {key} = {value} {what}.", next: "Correct the setting." },
		zh: { what: "配置 {key} = {value} 有误：{what}。", next: "改正这项配置。" },
		more: [
			setting(
				["is empty, but alarms.webhook.secretFile is set", "Set the address, or remove the secret file."],
				["为空，却设定了 alarms.webhook.secretFile", "设定地址，或去掉密钥文件。"],
			),
			setting(
				["is no address", "Write a whole address, e.g. https://hooks.example.org/liangxing."],
				["不是地址", "写完整的地址，例如 https://hooks.example.org/liangxing。"],
			),
			setting(
				["holds a user name", "Remove it; the signature header proves who sends."],
				["里有用户名", "去掉它；签名请求头已能证明是谁发的。"],
			),
			setting(
				["would go out in the clear", "Use https; http is for this machine (127.0.0.1, localhost) only."],
				["会以明文发出", "改用 https；http 只用于本机（127.0.0.1、localhost）。"],
			),
			setting(
				["is empty, but alarms.email.{name} is set", "Set the SMTP server."],
				["为空，却设定了 alarms.email.{name}", "设定 SMTP 服务器。"],
			),
			setting(
				["is no address", "Write one, e.g. depot@example.org."],
				["不是邮箱地址", "写一个，例如 depot@example.org。"],
			),
			setting(
				["is no address", "Write one or several, with commas between."],
				["不是邮箱地址", "写一个或几个，用逗号隔开。"],
			),
			setting(
				["is empty, but there is a user", "Name the file that holds the password."],
				["为空，却设定了用户", "写出存放密码的文件。"],
			),
		],
	},
	"gateway-not-running": {
		fault: "state",
		en: {
			what: "No gateway runs on {path}.",
			next: "Alarms are those of a running gateway; look at a stopped one with: liangxing doctor",
		},
		zh: { what: "{path} 上没有网关在运行。", next: "告警属于运行中的网关；检查停止的网关请用：liangxing doctor" },
	},
};
