import type { Command } from "commander";
import { withDepot } from "../access.ts";
import { type CommonOptions, type Context, common, group, print, say, settingsFor } from "../common.ts";

async function accept(context: Context, options: CommonOptions): Promise<void> {
	const loaded = await settingsFor(context, options);
	const value = await withDepot(context.host, loaded, (depot) => depot.acceptClock());
	const now = new Date(context.host.clock.unixMs()).toISOString();
	print(
		context,
		value,
		say(context, {
			zh: `已认可现在的时间 ${now}，恢复签发。`,
			en: `The present time ${now} is accepted; signing goes on.`,
		}),
	);
}

export function clockCommand(program: Command, context: Context): void {
	const clock = group(program, context, "clock", { zh: "时钟", en: "the clock" }, [
		"liangxing clock accept --data depot",
	]);
	const take = clock.command("accept").description(
		say(context, {
			zh: "核对后认可本机时间（时钟倒退超过 5 秒或超前 24 小时之后）",
			en: "accept this machine's time after checking it (it went back over 5 s or ahead over 24 h)",
		}),
	);
	common(take, context, ["liangxing clock accept --data depot"]);
	take.action((options: CommonOptions) => accept(context, options));
}
