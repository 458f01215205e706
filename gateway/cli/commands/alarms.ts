import type { Command } from "commander";
import { wordsOf } from "../../../protocol/schema/error-words.ts";
import { CodedError } from "../../../protocol/wire/errors.ts";
import type { HookTest } from "../../alarms/hooks.ts";
import { alarmText } from "../../alarms/texts.ts";
import { dataFolder } from "../../depot/data-folder.ts";
import type { AlarmsView } from "../../depot/ops.ts";
import { readToken } from "../../depot/token.ts";
import { type CommonOptions, type Context, common, print, say, settingsFor } from "../common.ts";
import { askRunning, findRunning } from "../running.ts";
import { formatTable } from "../table.ts";

function alarmLines(context: Context, { alarms, hooks }: AlarmsView): string {
	const to = hooks.map(({ hook, target }) => `${hook} ${target}`).join(", ");
	const lines = alarms.flatMap(({ code, severity, since, detail, over }) => {
		const { title, what, next } = alarmText(code, detail, context.lang, over);
		return [
			`${severity === "critical" ? "!!" : "! "} ${title} (${code})`,
			`   ${what}`,
			`   ${say(context, { zh: "自 ", en: "since " })}${new Date(since).toISOString()}`,
			`   ${say(context, { zh: "下一步：", en: "next: " })}${next}`,
		];
	});
	if (alarms.length === 0) lines.push(say(context, { zh: "没有告警。", en: "No alarm stands." }));
	lines.push(
		to === ""
			? say(context, {
					zh: "告警不发给任何人（见 alarms.webhook、alarms.email）。",
					en: "Alarms are sent to nobody (see alarms.webhook, alarms.email).",
				})
			: say(context, { zh: `告警发往：${to}`, en: `Alarms are sent to: ${to}` }),
	);
	return lines.join("\n");
}

async function list(context: Context, options: CommonOptions): Promise<void> {
	const { settings } = await settingsFor(context, options);
	const info = await findRunning(dataFolder(settings.data));
	if (info === null)
		throw new CodedError("gateway-not-running", `No gateway runs on ${settings.data}.`, {
			fault: "state",
			next: "Alarms are those of a running gateway; look at a stopped one with: liangxing doctor",
			context: { path: settings.data },
		});
	const view = await askRunning<AlarmsView>(info, { method: "GET", path: "/api/v1/alarms" });
	print(context, view, alarmLines(context, view));
}

/** Through the running gateway, so that it is its network and its files that are tried; from here where none runs. */
async function sendTests(context: Context, options: CommonOptions): Promise<readonly HookTest[]> {
	const { settings } = await settingsFor(context, options);
	const folder = dataFolder(settings.data);
	const info = await findRunning(folder);
	const token = info === null ? null : readToken(folder);
	if (info !== null && token !== null)
		return (await askRunning<{ hooks: HookTest[] }>(info, { method: "POST", path: "/api/v1/alarms/test", token }))
			.hooks;
	const { sendersOf, testHooks } = await import("../../alarms/hooks.ts");
	return testHooks(sendersOf(settings.alarms), settings.fleet, context.host.clock.unixMs());
}

async function test(context: Context, options: CommonOptions): Promise<void> {
	const hooks = await sendTests(context, options);
	const ok = hooks.every((hook) => hook.ok);
	context.exit = ok ? 0 : 1;
	const head = say(context, { zh: "方式,发往,结果", en: "by,to,result" }).split(",");
	const rows = hooks.map((h) => [
		h.hook,
		h.target,
		h.error === null
			? say(context, { zh: "已送达", en: "taken" })
			: `${h.error.code}: ${wordsOf(h.error, context.lang).what}`,
	]);
	const steps = hooks.flatMap(({ error }) =>
		error === null ? [] : [`${say(context, { zh: "下一步：", en: "next: " })}${wordsOf(error, context.lang).next}`],
	);
	print(context, { ok, hooks }, `${formatTable(head, rows)}${[...new Set(steps)].join("\n")}`);
}

export function alarmsCommand(program: Command, context: Context): void {
	const alarms = program
		.command("alarms")
		.description(
			say(context, { zh: "现有的告警；测试告警能否送到人", en: "alarms that stand; try whether they reach people" }),
		);
	common(alarms, context, ["liangxing alarms --data depot", "liangxing alarms test --data depot"]);
	alarms.action((options: CommonOptions) => list(context, options));
	const trial = alarms
		.command("test")
		.description(say(context, { zh: "发送一条测试消息", en: "send a test message to webhook and e-mail" }));
	common(trial, context, ["liangxing alarms test --data depot", "liangxing alarms test --data depot --json"]);
	trial.action((_options: CommonOptions, command: Command) => test(context, command.optsWithGlobals()));
}
