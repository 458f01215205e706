import type { Pull } from "../core/model.ts";
import { type Finding, fine, found } from "./finding.ts";

/** What is known of pulls, from a running gateway or from the store. */
export interface PullsSeen {
	readonly newest: { readonly at: number; readonly status: Pull["status"] } | null;
	/** When the newest one came whose ratings hold. */
	readonly appliedAt: number | null;
	readonly held: number;
}

const HOUR_MS = 3_600_000;
const hours = (from: number, to: number): string => (Math.max(0, to - from) / HOUR_MS).toFixed(1);

const IMPORT = { zh: "导入评级：liangxing ratings import 文件", en: "Import ratings: liangxing ratings import FILE" };

/** Time since the last pull that holds, and whether one waits for a person. `limitHours` 0 = no limit. */
export function checkPull({ newest, appliedAt, held }: PullsSeen, now: number, limitHours: number): Finding {
	if (newest === null) return found("pull", { zh: "还没有导入过评级", en: "no ratings were ever imported" }, IMPORT);
	if (held > 0)
		return found(
			"pull",
			{ zh: `${held} 批评级等待人工确认`, en: `${held} pulls wait for a person` },
			{ zh: "查看并决定：liangxing ratings held list", en: "Look and decide: liangxing ratings held list" },
		);
	const last = {
		zh: `最近一次在 ${hours(newest.at, now)} 小时前（${newest.status}）`,
		en: `the newest was ${hours(newest.at, now)} h ago (${newest.status})`,
	};
	const late = appliedAt === null || (limitHours > 0 && now - appliedAt > limitHours * HOUR_MS);
	if (!late) return fine("pull", last.zh, last.en);
	const applied = appliedAt === null ? "-" : hours(appliedAt, now);
	return found(
		"pull",
		{
			zh: `${last.zh}；生效的在 ${applied} 小时前，界限 ${limitHours} 小时`,
			en: `${last.en}; the newest that holds was ${applied} h ago, the limit is ${limitHours} h`,
		},
		IMPORT,
	);
}
