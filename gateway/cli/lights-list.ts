import type { Value } from "../depot/access.ts";
import { withDepot } from "./access.ts";
import { type CommonOptions, type Context, print, say, settingsFor } from "./common.ts";
import type { Text } from "./host.ts";
import { formatTable } from "./table.ts";

/** What the words of a light's status are in a table: now, and where no gateway runs, when it last knew. */
const STATUS: Readonly<Record<string, { readonly now: Text; readonly last: Text }>> = {
	right: { now: { zh: "一致", en: "right" }, last: { zh: "曾一致", en: "was right" } },
	acked: { now: { zh: "已应答", en: "acked" }, last: { zh: "曾应答", en: "had acked" } },
	moving: { now: { zh: "送达中", en: "moving" }, last: { zh: "曾在送达", en: "was moving" } },
	differs: { now: { zh: "不一致", en: "differs" }, last: { zh: "曾不一致", en: "differed" } },
	refused: { now: { zh: "拒收", en: "refused" }, last: { zh: "曾拒收", en: "had refused" } },
	silent: { now: { zh: "失联", en: "silent" }, last: { zh: "失联", en: "silent" } },
	fault: { now: { zh: "故障", en: "fault" }, last: { zh: "曾有故障", en: "had a fault" } },
};

/** What a list says that was read from the store, since no gateway runs. */
interface AtRest {
	readonly running: false;
	/** Seconds since the newest report of any light; null = none was ever stored. */
	readonly newestReportAgeS: number | null;
}

function atRest(lights: readonly Value[], nowMs: number): AtRest {
	const heard = lights.map((l) => l["heardAt"]).filter((at) => typeof at === "number");
	const newest = heard.reduce<number | null>((max, at) => (max === null || at > max ? at : max), null);
	return {
		running: false,
		newestReportAgeS: newest === null ? null : Math.max(0, Math.floor((nowMs - newest) / 1000)),
	};
}

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** An age in the largest unit of which there are two or more. */
export function ageText(context: Context, s: number): string {
	if (s < 2 * MINUTE_S) return say(context, { zh: `${s} 秒`, en: `${s} s` });
	if (s < 2 * HOUR_S)
		return say(context, { zh: `${Math.floor(s / MINUTE_S)} 分钟`, en: `${Math.floor(s / MINUTE_S)} min` });
	if (s < 2 * DAY_S) return say(context, { zh: `${Math.floor(s / HOUR_S)} 小时`, en: `${Math.floor(s / HOUR_S)} h` });
	return say(context, { zh: `${Math.floor(s / DAY_S)} 天`, en: `${Math.floor(s / DAY_S)} days` });
}

function restLine(context: Context, { newestReportAgeS: age }: AtRest, data: string): string {
	if (age === null)
		return say(context, {
			zh: `网关没有运行，也没有存下任何顶灯上报：下面是应亮，不是实亮。\n下一步：liangxing gateway --data ${data}`,
			en: `No gateway runs, and no report of a light is stored: this is what is owed, not what is lit.\nnext: liangxing gateway --data ${data}`,
		});
	const old = ageText(context, age);
	return say(context, {
		zh: `网关没有运行：下面是上次存下的情况，不是现在的；最新的上报在 ${old}前。\n下一步：liangxing gateway --data ${data}`,
		en: `No gateway runs: this is what was stored last, not what is now; the newest report is ${old} old.\nnext: liangxing gateway --data ${data}`,
	});
}

function lightsTable(context: Context, lights: readonly Value[], rest: AtRest | null, data: string): string {
	if (lights.length === 0)
		return say(context, {
			zh: "还没有顶灯。下一步：liangxing lights add --out light.json",
			en: "No light yet.\nnext: liangxing lights add --out light.json",
		});
	const columns = {
		zh: "顶灯,车牌,应亮,已应答,实亮,状态,原因",
		en: "light,plate,desired,acked,observed,status,reason",
	};
	const lastHead = {
		zh: "顶灯,车牌,应亮,已应答,上次实亮,上次状态,原因",
		en: "light,plate,desired,acked,last observed,last status,reason",
	};
	const head = say(context, rest === null ? columns : lastHead).split(",");
	const cell = (value: unknown) => (value === null || value === undefined ? "-" : String(value));
	const status = (value: unknown) => {
		const words = STATUS[String(value)];
		return words === undefined ? cell(value) : say(context, rest === null ? words.now : words.last);
	};
	const table = formatTable(
		head,
		lights.map((l) => [
			...["light", "plate", "desired", "acked", "observed"].map((key) => cell(l[key])),
			status(l["status"]),
			cell(l["reason"]),
		]),
	);
	return rest === null ? table : `${table}${restLine(context, rest, data)}`;
}

/** Without a gateway nobody knows how a light stands now: no row has a status then. */
function withoutStatus(row: Value): Value {
	const { status: _status, ...rest } = row;
	return rest;
}

/** `liangxing lights`: from the running gateway, or from the store, which says so. */
export async function listLights(context: Context, options: CommonOptions): Promise<void> {
	const loaded = await settingsFor(context, options);
	const [lights, by] = await withDepot(
		context.host,
		loaded,
		async (depot) => [await depot.lights(), depot.by] as const,
	);
	const rest = by === "store" ? atRest(lights, context.host.clock.unixMs()) : null;
	const value = rest === null ? { lights } : { lights: lights.map(withoutStatus), gateway: rest };
	print(context, value, lightsTable(context, lights, rest, loaded.settings.data));
}
