import { writeFileSync } from "node:fs";
import { Prng } from "../simulator/random/prng.ts";

/**
 * Makes `examples/`: an invented city's fleet and rating list. No person, company or plate is real: certificate numbers count up,
 * plates count up. Run: `node dist/bench/examples.js` from the package's folder; the same seed gives the same files.
 */
const SEED = 905;
const VEHICLES = 120;
const COMPANIES = ["晨光出租", "长河出租", "青山出租", "星桥出租", "安平出租"];
/** Scores as a good fleet has them: most without a deduction, a few low. */
const SCORES = [20, 20, 20, 20, 22, 24, 26, 30, 19, 18, 17, 15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 1, 0];

const prng = new Prng(SEED);
const pad = (n: number, width: number): string => String(n).padStart(width, "0");
/** Area, profession, grade, change, year, serial: 19 digits, so no identity number. */
const certificate = (n: number): string => `4104000011024${pad(n, 6)}`;
const plate = (n: number): string => (n % 4 === 3 ? `豫DD${pad(10_000 + n, 5)}` : `豫DT${pad(n + 1, 4)}`);
const gradeOf = (score: number): string => (score >= 20 ? "AAA" : score >= 11 ? "AA" : score >= 4 ? "A" : "B");

interface Row {
	readonly driver: number;
	readonly score: string;
	readonly grade: string;
	readonly date: string;
	readonly note: string;
}

/** A row as the list has it; a few are as dirty as real ones. */
function ratingOf(driver: number): Row {
	const score = SCORES[prng.int(0, SCORES.length - 1)] ?? 20;
	const row = { driver, score: String(score), grade: gradeOf(score), date: "{{today-30}}", note: "" };
	if (driver === 17) return { ...row, score: "", grade: "未评定", note: "新注册" };
	if (driver === 33) return { ...row, score: "二十", note: "手工填写" };
	if (driver === 57) return { ...row, date: "{{today+200}}" };
	if (driver === 91) return { ...row, grade: row.grade === "B" ? "AAA" : "B" };
	if (driver === 120) return { ...row, grade: "" };
	if (driver === 140) return { ...row, date: "{{today-600}}", note: "上一周期" };
	return row;
}

const fleet = ["车牌号,车牌颜色,所属企业,终端号,主班从业资格证号,副班从业资格证号"];
const ratings = [
	"巡游出租汽车驾驶员服务质量信誉考核结果表（示例）,,,,,,,,,",
	"序号,姓名,从业资格证号,所属企业,车牌号,考核周期,得分,考核等级,考核日期,备注",
];
let driver = 0;
let number = 0;
for (let n = 0; n < VEHICLES; n++) {
	const company = COMPANIES[n % COMPANIES.length] ?? "";
	const main = ++driver;
	const deputy = n % 3 === 2 ? null : ++driver;
	fleet.push(
		`${plate(n)},${n % 4 === 3 ? 5 : 1},${company},,${certificate(main)},${deputy === null ? "" : certificate(deputy)}`,
	);
	for (const who of [main, deputy]) {
		if (who === null || who === 75) continue;
		const r = ratingOf(who);
		ratings.push(
			`${++number},示例${pad(who, 3)},${certificate(who)},${company},${plate(n)},{{year}}年度,${r.score},${r.grade},${r.date},${r.note}`,
		);
	}
}
ratings.push(`合计,${number}人,,,,,,,,`);
writeFileSync("examples/fleet.csv", `${fleet.join("\r\n")}\r\n`);
writeFileSync("examples/ratings.template.csv", `${ratings.join("\r\n")}\r\n`);
