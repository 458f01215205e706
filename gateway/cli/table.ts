/** Ranges of characters that a terminal draws two cells wide (East Asian Wide and Fullwidth, the blocks that we print). */
const WIDE: readonly (readonly [number, number])[] = [
	[0x1100, 0x115f],
	[0x2e80, 0x303e],
	[0x3041, 0xa4cf],
	[0xac00, 0xd7a3],
	[0xf900, 0xfaff],
	[0xfe30, 0xfe6f],
	[0xff00, 0xff60],
	[0xffe0, 0xffe6],
	[0x20000, 0x3fffd],
];

/** Cells that a text takes in a terminal. */
export function cellWidth(text: string): number {
	let cells = 0;
	for (const character of text) {
		const point = character.codePointAt(0) ?? 0;
		cells += WIDE.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
	}
	return cells;
}

const padTo = (text: string, cells: number): string => text + " ".repeat(Math.max(0, cells - cellWidth(text)));

/** Columns aligned by cells, two blanks between, no blanks at the ends of lines. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const widths = head.map((title, i) => Math.max(cellWidth(title), ...rows.map((r) => cellWidth(r[i] ?? ""))));
	const line = (cells: readonly string[]) =>
		cells
			.map((cell, i) => padTo(cell, widths[i] ?? 0))
			.join("  ")
			.trimEnd();
	return `${[head, ...rows].map(line).join("\n")}\n`;
}
