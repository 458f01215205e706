import { Command, CommanderError } from "commander";
import { asksJson, EXIT, reportFailure, wrongUseIsCoded } from "../../protocol/schema/failure.ts";
import { helpStyle } from "../../protocol/schema/help-style.ts";
import { languageOf } from "../../protocol/schema/language.ts";
import { type Context, say, withHelp } from "./common.ts";
import type { Host } from "./host.ts";
import { dataNamed, pasteable } from "./paste.ts";

/** Only the command that is asked for is loaded: `liangxing keys show` needs no broker, `--help` nothing at all. */
const COMMANDS = {
	gateway: async () => (await import("./commands/gateway.ts")).gatewayCommand,
	ratings: async () => (await import("./commands/ratings.ts")).ratingsCommand,
	fleet: async () => (await import("./commands/fleet.ts")).fleetCommand,
	lights: async () => (await import("./commands/lights.ts")).lightsCommand,
	clock: async () => (await import("./commands/clock.ts")).clockCommand,
	why: async () => (await import("./commands/why.ts")).whyCommand,
	backup: async () => (await import("./commands/backup.ts")).backupCommand,
	restore: async () => (await import("./commands/restore.ts")).restoreCommand,
	policy: async () => (await import("./commands/policy.ts")).policyCommand,
	keys: async () => (await import("./commands/keys.ts")).keysCommand,
	alarms: async () => (await import("./commands/alarms.ts")).alarmsCommand,
	doctor: async () => (await import("./commands/doctor.ts")).doctorCommand,
} as const;

const EXAMPLES = [
	"liangxing gateway --data depot",
	"liangxing fleet import fleet.csv --data depot",
	"liangxing ratings import ratings.csv --data depot",
	"liangxing lights add --out light.json --data depot",
];

function makeProgram(context: Context, version: string): Command {
	const program = new Command("liangxing");
	withHelp(program, context, EXAMPLES);
	program
		.description(
			say(context, {
				zh: "亮星网关：把驾驶员信用评级变成顶灯上的星",
				en: "Liangxing gateway: drivers' credit ratings as stars on roof lights",
			}),
		)
		.version(version, "-V, --version", say(context, { zh: "显示版本", en: "show the version" }))
		.helpCommand("help [command]", say(context, { zh: "显示某个命令的帮助", en: "show the help of a command" }))
		.addHelpText(
			"after",
			`\n${say(context, {
				zh: "退出码：0 完成，1 检查未通过或失败，2 调用有误。",
				en: "Exit: 0 done, 1 checked and failed, 2 called wrongly.",
			})}`,
		)
		.configureHelp(helpStyle(context.lang))
		// A wrong option is then said by the command behind which it stands.
		.enablePositionalOptions()
		.configureOutput({
			writeOut: (text) => context.host.out(text),
			writeErr: (text) => context.host.err(text),
			// What went wrong is said once, by the printer of all failures.
			outputError: () => undefined,
		});
	return program;
}

/** Settings that subcommands inherit only when they are made by `command()`: so the root is configured first. */
async function addCommands(program: Command, context: Context): Promise<void> {
	const wanted = context.host.args.find((a) => !a.startsWith("-"));
	const one = wanted === undefined ? undefined : (COMMANDS as Record<string, (typeof COMMANDS)["gateway"]>)[wanted];
	const loaders = one === undefined ? Object.values(COMMANDS) : [one];
	for (const load of loaders) (await load())(program, context);
}

/** Runs one command and returns the process's exit code. Never throws. */
export async function runCli(host: Host, version: string): Promise<number> {
	const context: Context = {
		host,
		lang: languageOf(host.args, host.env),
		data: dataNamed(host.args, host.env, host.cwd),
		exit: EXIT.done,
		json: asksJson(host.args),
	};
	try {
		const program = makeProgram(context, version);
		await addCommands(program, context);
		wrongUseIsCoded(program);
		await program.parseAsync(host.args, { from: "user" });
		return context.exit;
	} catch (e) {
		// Help or the version was asked for and is shown.
		if (e instanceof CommanderError) return EXIT.done;
		const step = (next: string) => pasteable(next, context.data);
		return reportFailure(e, { lang: context.lang, json: context.json, out: host.out, err: host.err, step });
	}
}
