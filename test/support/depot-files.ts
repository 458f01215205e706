import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder of one test file. */
export function tempFolder(name: string): {
	readonly path: string;
	file(name: string, text: string): string;
	remove(): void;
} {
	const path = mkdtempSync(join(tmpdir(), `lx-${name}-`));
	return {
		path,
		file: (fileName, text) => {
			const full = join(path, fileName);
			writeFileSync(full, text);
			return full;
		},
		remove: () => rmSync(path, { recursive: true, force: true }),
	};
}

/** Certificate numbers of made-up drivers: opaque, not of 18 characters, so no check digit. */
export const certificateOf = (n: number): string => `TEST${String(n).padStart(6, "0")}`;
export const plateOf = (n: number): string => `豫DT${String(n).padStart(4, "0")}`;

/** A fleet file: vehicle n has driver n as its main one. */
export function fleetCsv(vehicles: number): string {
	const rows = Array.from(
		{ length: vehicles },
		(_, i) => `${plateOf(i + 1)},1,平顶山市甲一出租汽车有限公司,,${certificateOf(i + 1)},`,
	);
	return `车牌号,车牌颜色,所属企业,终端号,主班从业资格证号,副班从业资格证号\n${rows.join("\n")}\n`;
}

/** A rating file by scores, dated `date` (YYYY-MM-DD). */
export function ratingsCsv(scores: readonly (number | null)[], date: string): string {
	const grade = (s: number) => (s >= 20 ? "AAA" : s >= 11 ? "AA" : s >= 4 ? "A" : "B");
	const rows = scores.map((s, i) =>
		[i + 1, `驾驶员${i + 1}`, certificateOf(i + 1), "2025年度", s ?? "", s === null ? "未评定" : grade(s), date].join(
			",",
		),
	);
	return `序号,姓名,从业资格证号,考核周期,得分,考核等级,考核日期\n${rows.join("\n")}\n`;
}

/** The day before the present one in Asia/Shanghai, as a rating file writes it. */
export const yesterday = (): string => new Date(Date.now() - 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
