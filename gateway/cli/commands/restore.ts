import { resolve } from "node:path";
import type { Command } from "commander";
import { CodedError } from "../../../protocol/wire/errors.ts";
import type { Restored } from "../../depot/restore.ts";
import { type CommonOptions, type Context, common, print, say, settingsFor } from "../common.ts";
import { findRunning } from "../running.ts";

interface RestoreOptions extends CommonOptions {
	readonly yes?: boolean;
	/** commander's name of `--no-manifest`. */
	readonly manifest?: boolean;
	readonly keepDuties?: boolean;
}

async function restore(context: Context, file: string, options: RestoreOptions): Promise<void> {
	const { settings } = await settingsFor(context, options);
	const [{ restoreStore }, { dataFolder }] = await Promise.all([
		import("../../depot/restore.ts"),
		import("../../depot/data-folder.ts"),
	]);
	const runs = await findRunning(dataFolder(settings.data));
	if (runs !== null)
		throw new CodedError(
			"restore-while-running",
			`A gateway runs on ${settings.data} (process ${runs.pid}, ${runs.http}).`,
			{ fault: "state", next: "Stop it (Ctrl-C, or its service), then repeat." },
		);
	const restored = await restoreStore({
		file: resolve(context.host.cwd, file),
		data: settings.data,
		fleet: settings.fleet,
		noManifest: options.manifest === false,
		keepDuties: options.keepDuties === true,
		replace: options.yes === true,
		now: context.host.clock.unixMs(),
	});
	const next = nextSteps(context, restored, options.data);
	print(context, { ...restored, next: next.map((step) => step.code) }, summary(context, restored, next));
}

interface NextStep {
	readonly code: string;
	readonly words: string;
}

/** What is left to the operator, in order. */
function nextSteps(context: Context, restored: Restored, data: string | undefined): readonly NextStep[] {
	const at = data === undefined ? "" : ` --data ${data}`;
	const steps: NextStep[] = [];
	const step = (code: string, zh: string, en: string) => steps.push({ code, words: say(context, { zh, en }) });
	if (restored.keys === "missing")
		step(
			"keys",
			"数据文件夹里没有密钥：放回 signing.key.pem、keys.cose、root.pub.pem；或者把 root.key.pem 放进去，再恢复一次。",
			"The data folder has no keys: put back signing.key.pem, keys.cose and root.pub.pem; or put root.key.pem there and restore again.",
		);
	step("start", `启动网关：liangxing gateway${at}`, `Start the gateway: liangxing gateway${at}`);
	step(
		"ratings",
		`导入最新的评级文件：liangxing ratings import 文件${at}`,
		`Import the newest rating file: liangxing ratings import FILE${at}`,
	);
	if (restored.clock !== null)
		step(
			"clock-accept",
			`备份里最新的时间是 ${restored.newest}，与本机相差太大，网关暂不签发。核对本机时间后运行：liangxing clock accept${at}`,
			`The newest time in the backup is ${restored.newest}, too far from this machine's: nothing is signed. Check the time, then run: liangxing clock accept${at}`,
		);
	if (restored.dutiesEnded > 0)
		step(
			"sign-in",
			`原有 ${restored.dutiesEnded} 个当班已结束：请驾驶员重新签到，之后才亮星。`,
			`${restored.dutiesEnded} duties have ended: drivers sign in again, then their stars are lit.`,
		);
	return steps;
}

function summary(context: Context, restored: Restored, next: readonly NextStep[]): string {
	const { from, to } = restored.schema;
	const lines = [
		say(context, {
			zh: `已恢复 ${restored.file}${restored.at === null ? "" : `（备份于 ${restored.at}）`}，数据结构 ${from} → ${to}`,
			en: `restored ${restored.file}${restored.at === null ? "" : ` (of ${restored.at})`}, schema ${from} -> ${to}`,
		}),
	];
	if (restored.kept !== null)
		lines.push(
			say(context, { zh: `原来的存储留在 ${restored.kept}`, en: `the store of before is kept as ${restored.kept}` }),
		);
	if (restored.keys === "made-from-root")
		lines.push(
			say(context, {
				zh: "已用根密钥签发新的签名密钥。请把 root.key.pem 从数据文件夹移走。",
				en: "A new signing key was made and signed by the root key. Remove root.key.pem from the data folder.",
			}),
		);
	lines.push(
		say(context, {
			zh: "网关下次启动时先让全车队熄星，再重新签发。",
			en: "The next start of the gateway blanks the whole fleet first, then decides anew.",
		}),
		say(context, { zh: "下一步：", en: "Next:" }),
		...next.map(({ words }, i) => `  ${i + 1}. ${words}`),
	);
	return lines.join("\n");
}

export function restoreCommand(program: Command, context: Context): void {
	const command = program
		.command("restore")
		.argument("<file>", say(context, { zh: "备份文件（.db）", en: "the backup (.db)" }))
		.description(
			say(context, {
				zh: "用备份替换存储（网关须已停止）；原来的存储会留着",
				en: "put a backup in the store's place (the gateway is stopped); the present store is kept",
			}),
		)
		.option("--yes", say(context, { zh: "已有存储时也恢复", en: "also where there is a store already" }))
		.option(
			"--keep-duties",
			say(context, {
				zh: "保留当班（仅当备份之后无人签到签退，如换机器）",
				en: "keep who is on duty (only if nobody signed in or out since, as when moving)",
			}),
		)
		.option(
			"--no-manifest",
			say(context, {
				zh: "没有 .json 清单也恢复（升级或恢复时留下的存储）",
				en: "take a store without its .json (one kept by an upgrade or a restore)",
			}),
		);
	common(command, context, [
		"liangxing restore /mnt/usb/liangxing-demo-20260301T021500000Z.db --data depot --yes",
		"liangxing restore moved.db --data depot --keep-duties",
	]);
	command.action((file: string, options: RestoreOptions) => restore(context, file, options));
}
