import { readFileSync } from "node:fs";
import { join } from "node:path";
import iconv from "iconv-lite";
import { expect, it } from "vitest";
import { ROOT } from "../../support/source-tree.ts";
import { readText } from "./support.ts";

const folder = join(ROOT, "test", "vectors", "ratings");
const bytes = readFileSync(join(folder, "list-2025.csv"));
const expected = JSON.parse(readFileSync(join(folder, "list-2025.expected.json"), "utf8")) as {
	totals: { rows: number; accepted: number; grades: Record<string, number> };
	quarantined: [number, string][];
	notes: [number, string][];
	accepted: Record<string, [string, number | null]>;
};

it("reads a bureau's real-looking list to the last row: who is accepted with what, who is quarantined why, what is noted", async () => {
	const file = await readText(bytes);
	expect(file.encoding).toBe("gb18030");
	expect(file.rows).toBe(expected.totals.rows);
	expect(Object.fromEntries(file.accepted.map((r) => [r.certificate, [r.grade, r.score]]))).toEqual(expected.accepted);
	expect(file.accepted.length).toBe(expected.totals.accepted);
	expect(file.quarantined.map((q) => [q.row, q.reason]).sort()).toEqual([...expected.quarantined].sort());
	expect(file.notes.map((n) => [n.row, n.note]).sort()).toEqual([...expected.notes].sort());
});

it("reads the same list in UTF-8, with BOM and with bare line feeds, to the same rows", async () => {
	const text = iconv.decode(bytes, "gb18030");
	const first = await readText(bytes);
	for (const variant of [text, `\ufeff${text}`, text.replaceAll("\r\n", "\n")]) {
		const file = await readText(variant);
		expect(file.encoding).toBe("utf-8");
		expect(file.accepted).toEqual(first.accepted);
		expect(file.quarantined).toEqual(first.quarantined);
	}
});

it("comes to the same drivers whatever the order of the rows", async () => {
	const lines = iconv.decode(bytes, "gb18030").split("\r\n");
	const [title = "", header = "", ...rows] = lines;
	const turned = [title, header, ...rows.reverse()].join("\r\n");
	const pick = (file: Awaited<ReturnType<typeof readText>>) =>
		file.accepted.map((r) => `${r.certificate} ${r.grade} ${r.score} ${r.asOf}`).sort();
	expect(pick(await readText(turned))).toEqual(pick(await readText(bytes)));
});
