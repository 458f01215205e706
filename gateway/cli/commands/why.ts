import type { Command } from "commander";
import type { WhyAnswer } from "../../../protocol/schema/api-why.ts";
import { LINK_NAMES } from "../../core/why/names.ts";
import { withDepot } from "../access.ts";
import { type CommonOptions, type Context, common, print, say, settingsFor } from "../common.ts";

type LinkRow = WhyAnswer["chain"][number];

const UNITS: readonly (readonly [number, string, string])[] = [
	[86_400, "天", "d"],
	[3600, "小时", "h"],
	[60, "分", "min"],
	[1, "秒", "s"],
];

function ageOf(context: Context, seconds: number | null): string {
	if (seconds === null) return "";
	const [size, zh, en] = UNITS.find(([unit]) => seconds >= unit) ?? ([1, "秒", "s"] as const);
	const n = Math.floor(seconds / size);
	return say(context, { zh: `${n}${zh}前`, en: `${n} ${en} ago` });
}

/** One line a link: mark, name, what is so, since when, id. */
function table(context: Context, chain: readonly LinkRow[], broken: string | null): string[] {
	const mark = (row: LinkRow) => (row.link === broken ? "✗" : row.ok ? "✓" : "·");
	const width = context.lang === "zh" ? 2 : 8;
	return chain.map((row) => {
		const name = LINK_NAMES[context.lang][row.link];
		const pad = context.lang === "zh" ? "　".repeat(width - name.length) : " ".repeat(width - name.length);
		const tail = [ageOf(context, row.ageS), row.id ?? ""].filter((part) => part !== "").join(", ");
		return `${mark(row)} ${name}${pad}  ${row.detail}${tail === "" ? "" : ` (${tail})`}`;
	});
}

/** What scripts rely on; the API's answer has ids, codes and the newest change beside it. */
const promised = (value: WhyAnswer) => ({
	plate: value.plate,
	light: value.light,
	chain: value.chain.map(({ link, ok, at, ageS, detail }) => ({ link, ok, at, ageS, detail })),
	broken: value.broken,
	next: value.next,
});

/** Facts that were stored are not what is now. */
const atRestNote = (context: Context, data: string): string =>
	say(context, {
		zh: `网关没有运行：以上是上次存下的情况，不是现在的。启动：liangxing gateway --data ${data}`,
		en: `No gateway runs: this is what was stored last, not what is now. Start it: liangxing gateway --data ${data}`,
	});

async function why(context: Context, subject: string, options: CommonOptions): Promise<void> {
	const { readSubject } = await import("../../depot/why-answer.ts");
	const settings = await settingsFor(context, options);
	const [answer, by] = await withDepot(
		context.host,
		settings,
		async (depot) => [await depot.why(readSubject(subject), context.lang), depot.by] as const,
	);
	const { plate, light, chain, broken, next } = answer;
	const head = [plate, light].filter((part) => part !== null).join("  ");
	const step = say(context, { zh: "下一步：", en: "next: " });
	const lines = [head, ...table(context, chain, broken), `${step}${next}`];
	if (by === "store") lines.push(atRestNote(context, settings.settings.data));
	print(context, promised(answer), lines.join("\n"));
}

export function whyCommand(program: Command, context: Context): void {
	const command = program
		.command("why")
		.argument(
			"<of>",
			say(context, { zh: "车牌、顶灯号或驾驶员内部键", en: "a plate, a light id, or a driver's internal key" }),
		)
		.description(
			say(context, {
				zh: "说明一盏顶灯为什么这样显示，断在哪一环",
				en: "say why a light shows what it shows, and which link broke first",
			}),
		);
	common(command, context, [
		"liangxing why 豫DT0001 --data depot",
		"liangxing why PDS00000001H",
		"liangxing why D000123 --json",
	]);
	command.action((of: string, options: CommonOptions) => why(context, of, options));
}
