import type { Command } from "commander";
import { EXIT } from "../../../protocol/schema/failure.ts";
import { CONFIG_KEYS } from "../../config/keys.ts";
import type { Settings } from "../../config/schema.ts";
import { dataFolder } from "../../depot/data-folder.ts";
import type { Depot } from "../../depot/depot.ts";
import { withLockNamed } from "../access.ts";
import { type CommonOptions, type Context, common, print, say, settingsFor } from "../common.ts";

interface GatewayOptions extends CommonOptions {
	readonly printConfig?: boolean;
	readonly [flag: string]: unknown;
}

/** commander's name of a flag: `--http-port` -> `httpPort`. */
const camel = (flag: string) => flag.slice(2).replace(/-(\w)/g, (_m, c: string) => c.toUpperCase());

function flagsOf(options: GatewayOptions): Record<string, string> {
	const flags: Record<string, string> = {};
	for (const { key, flag } of CONFIG_KEYS) {
		const value = options[camel(flag)];
		if (typeof value === "string") flags[key] = value;
	}
	return flags;
}

function greeting(context: Context, depot: Depot, settings: Settings): string {
	const lines = [
		say(context, { zh: `亮星网关，车队 ${settings.fleet}`, en: `Liangxing gateway, fleet ${settings.fleet}` }),
		`${say(context, { zh: "控制台", en: "console" })}  ${depot.http}/`,
		`${say(context, { zh: "顶灯接入", en: "lights" })}  ${depot.mqtt}  ${say(context, { zh: "（仅本机，明文）", en: "(this machine only, plain)" })}`,
		`${say(context, { zh: "令牌", en: "token" })}  ${depot.folder.token}`,
		`${say(context, { zh: "数据", en: "data" })}  ${depot.folder.path}`,
	];
	if (depot.firstStart)
		lines.push(
			say(context, {
				zh: `首次启动：根密钥在 ${depot.folder.rootKey}。请另存一份到别处；丢了它就要重新登记每一盏顶灯。`,
				en: `First start: the root key is ${depot.folder.rootKey}. Keep a copy elsewhere; without it every light must be enrolled again.`,
			}),
		);
	if (depot.clock !== null)
		lines.push(
			say(context, {
				zh: `时钟可疑（${depot.clock}），暂停签发。核对时间后运行：liangxing clock accept`,
				en: `The clock is in doubt (${depot.clock}): nothing is signed. Check it, then run: liangxing clock accept`,
			}),
		);
	lines.push(say(context, { zh: "按 Ctrl-C 停止。", en: "Ctrl-C stops it." }));
	return `${lines.join("\n")}\n`;
}

async function run(context: Context, options: GatewayOptions): Promise<void> {
	const loaded = await settingsFor(context, options, flagsOf(options));
	if (options.printConfig === true) {
		const { printSettings } = await import("../../config/describe.ts");
		const { boundOf } = await import("../../config/bounds.ts");
		print(context, { ...loaded, bound: boundOf(loaded.settings) }, printSettings(loaded));
		return;
	}
	const { host } = context;
	// From before the start: a stop that comes as soon as it is greeted, or while it still starts, is a clean one too.
	const stopRequested = host.stopRequested();
	const [{ openLog }, { startDepot }] = await Promise.all([
		import("../../log/pino-log.ts"),
		import("../../depot/depot.ts"),
	]);
	const opened = openLog(loaded.settings.log.level, host.clock);
	try {
		const ports = { clock: host.clock, timers: host.clock, soon: host.soon, log: opened.log };
		const depot = await withLockNamed(dataFolder(loaded.settings.data), () => startDepot(loaded.settings, ports));
		print(
			context,
			{
				console: `${depot.http}/`,
				http: depot.http,
				mqtt: depot.mqtt,
				token: depot.folder.token,
				data: depot.folder.path,
			},
			greeting(context, depot, loaded.settings),
		);
		const signal = await stopRequested;
		opened.log.info("gateway-stopping", { signal });
		await depot.stop();
		context.exit = EXIT.done;
	} finally {
		await opened.flush();
	}
}

export function gatewayCommand(program: Command, context: Context): void {
	const command = program.command("gateway").description(
		say(context, {
			zh: "运行网关：签发凭证、内置消息代理、存储、接口与控制台",
			en: "run the gateway: signing, embedded broker, store, API and console",
		}),
	);
	common(command, context, [
		"liangxing gateway --data depot",
		"liangxing gateway --data depot --http-port 0 --mqtt-port 0",
		"liangxing gateway --print-config",
	]);
	command.option(
		"--print-config",
		say(context, {
			zh: "打印生效的配置、来源与两个时限后退出",
			en: "print the settings in force, their sources and the two bounds, then exit",
		}),
	);
	for (const { key, flag, description: en, descriptionZh: zh, defaultValue } of CONFIG_KEYS)
		if (key !== "data") command.option(`${flag} <value>`, `${say(context, { en, zh })} (${String(defaultValue)})`);
	command.action((options: GatewayOptions) => run(context, options));
}
