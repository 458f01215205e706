import type { Command } from "commander";
import { isCoded } from "../../../protocol/wire/errors.ts";
import type { LoadedSettings } from "../../config/load.ts";
import { dataFolder } from "../../depot/data-folder.ts";
import { coded, type Finding } from "../../doctor/finding.ts";
import { type CommonOptions, type Context, common, print, say, settingsFor } from "../common.ts";
import { httpCall } from "../http-client.ts";
import { findRunning } from "../running.ts";
import { formatTable } from "../table.ts";

/** Settings that are wrong are what this command is for: a finding, not its end. */
async function settingsOrFinding(context: Context, options: CommonOptions): Promise<LoadedSettings | Finding> {
	try {
		return await settingsFor(context, options);
	} catch (e) {
		if (!isCoded(e)) throw e;
		return coded("config", e);
	}
}

async function findings(context: Context, options: CommonOptions): Promise<readonly Finding[]> {
	const loaded = await settingsOrFinding(context, options);
	if ("check" in loaded) return [loaded];
	const { examine, requireStore } = await import("../../doctor/doctor.ts");
	const folder = dataFolder(loaded.settings.data);
	requireStore(folder);
	const running = await findRunning(folder);
	return examine(loaded.settings, {
		clock: context.host.clock,
		nodeVersion: process.version,
		running,
		ask: async <T>(path: string) => (await httpCall(running?.http ?? "", { method: "GET", path })).body as T,
		configFile: loaded.file,
	});
}

function text(context: Context, all: readonly Finding[]): string {
	const rows = all.map(({ check, ok, detail }) => [ok ? "ok" : "!!", check, say(context, detail)]);
	const head = say(context, { zh: "结果,检查,所见", en: "result,check,found" }).split(",");
	const steps = all
		.filter(({ next }) => next.en !== "")
		.map(({ check, ok, next }) => {
			const word = ok ? say(context, { zh: "建议", en: "advice" }) : say(context, { zh: "下一步", en: "next" });
			return `${word} (${check}): ${say(context, next)}`;
		});
	const bad = all.filter((f) => !f.ok).length;
	const end =
		bad === 0
			? say(context, { zh: "一切正常。", en: "All is well." })
			: say(context, { zh: `有 ${bad} 项需要处理。`, en: `${bad} to be mended.` });
	return `${formatTable(head, rows)}${[...steps, end].join("\n")}`;
}

async function run(context: Context, options: CommonOptions): Promise<void> {
	const all = await findings(context, options);
	const ok = all.every((f) => f.ok);
	context.exit = ok ? 0 : 1;
	const rows = all.map(({ check, ok, detail, next }) => ({
		check,
		ok,
		detail: say(context, detail),
		next: say(context, next),
	}));
	print(context, { ok, findings: rows }, text(context, all));
}

export function doctorCommand(program: Command, context: Context): void {
	const doctor = program.command("doctor").description(
		say(context, {
			zh: "检查时钟、磁盘、端口、密钥、存储、消息代理与评级，并说明怎样修复；退出码 0 全部正常，1 有问题",
			en: "check clock, disk, ports, keys, store, broker and ratings, each with its mend; exit 0 all well, 1 something found",
		}),
	);
	common(doctor, context, ["liangxing doctor --data depot", "liangxing doctor --data depot --json"]);
	doctor.action((options: CommonOptions) => run(context, options));
}
