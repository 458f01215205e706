import type { Command } from "commander";
import type { PullAt, Value } from "../../depot/access.ts";
import { withDepot } from "../access.ts";
import { type CommonOptions, type Context, common, print, say, settingsFor } from "../common.ts";

interface PullOptions extends CommonOptions {
	readonly url?: string;
}

/** One line for each change, on standard error: standard output holds the result only. */
function teller(context: Context): (at: PullAt) => void {
	let before = "";
	return ({ rows, total, waitsFor }) => {
		const line =
			waitsFor !== null
				? say(context, { zh: `稍候重试（${waitsFor}）`, en: `waiting before the next try (${waitsFor})` })
				: say(context, { zh: `已取 ${rows} / ${total} 行`, en: `${rows} of ${total} rows` });
		if (line === before || (waitsFor === null && total === 0)) return;
		before = line;
		context.host.err(`${line}\n`);
	};
}

async function pull(
	context: Context,
	options: PullOptions,
	textOf: (context: Context, pull: Value) => string,
): Promise<void> {
	// Given as a flag, the address is checked like the setting.
	const flags: Record<string, string> = options.url === undefined ? {} : { "source.http.url": options.url };
	await settingsFor(context, options, flags);
	const loaded = await settingsFor(context, options);
	const value = await withDepot(context.host, loaded, (depot) =>
		depot.pullRatings(options.url ?? null, teller(context)),
	);
	print(context, value, textOf(context, value));
}

/** `liangxing ratings pull`. */
export function pullCommand(
	ratings: Command,
	context: Context,
	textOf: (context: Context, pull: Value) => string,
): void {
	const command = ratings
		.command("pull")
		.description(
			say(context, {
				zh: "从信用平台取评级（经运行中的网关，或在没有网关时直接写存储）",
				en: "pull ratings from the credit platform (through the running gateway, or on the store where none runs)",
			}),
		)
		.option(
			"--url <url>",
			say(context, {
				zh: "这一次取自这个地址（默认配置 source.http.url；令牌只发给配置的平台）",
				en: "pull from this address this once (default source.http.url; the token goes only to the platform configured)",
			}),
		);
	common(command, context, [
		"liangxing ratings pull --data depot",
		"liangxing ratings pull --data depot --url http://127.0.0.1:8795/ratings --json",
	]);
	command.action((options: PullOptions) => pull(context, options, textOf));
}
