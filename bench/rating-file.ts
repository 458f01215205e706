import { Prng } from "../simulator/random/prng.ts";

const HEADER = "序号,姓名,从业资格证号,所属企业,车牌号,考核周期,加分,扣分,得分,考核等级,考核日期,备注";
const SCORES = [20, 20, 20, 20, 22, 25, 30, 19, 17, 15, 12, 10, 8, 6, 4, 2, 0];
const gradeOf = (score: number): string => (score >= 20 ? "AAA" : score >= 11 ? "AA" : score >= 4 ? "A" : "B");

/** A rating list of invented drivers, as a bureau would export it (12 columns, UTF-8, CRLF). */
export class RatingList {
	private readonly scores: number[];
	private readonly prng: Prng;
	private readonly date: string;

	/** @param date as-of day of every row, `2026-01-15` */
	constructor(rows: number, seed: number, date: string) {
		this.prng = new Prng(seed);
		this.date = date;
		this.scores = Array.from({ length: rows }, () => this.draw());
	}

	private draw(): number {
		return SCORES[this.prng.int(0, SCORES.length - 1)] ?? 20;
	}

	/** Gives this share of drivers another score than the one they have. */
	change(share: number): void {
		const count = Math.round(this.scores.length * share);
		const first = this.prng.int(0, this.scores.length - 1);
		for (let n = 0; n < count; n++) {
			// Spread over the list by a stride that is coprime to its length: no driver is changed twice.
			const at = (first + n * 7919) % this.scores.length;
			const before = this.scores[at] ?? 20;
			this.scores[at] = before === 30 ? 29 : before + 1;
		}
	}

	bytes(): Uint8Array {
		const lines = this.scores.map((score, i) => {
			const n = String(i + 1).padStart(6, "0");
			return `${i + 1},驾驶员${n},4104000011024${n},示例出租汽车有限公司,豫DT${n.slice(2)},2025年度,0,${Math.max(0, 20 - score)},${score},${gradeOf(score)},${this.date},`;
		});
		return new TextEncoder().encode(`${HEADER}\r\n${lines.join("\r\n")}\r\n`);
	}
}
