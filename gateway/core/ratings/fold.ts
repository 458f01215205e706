/** Blanks that stand around values: ASCII, no-break, the widths of U+2000.., ideographic, zero-width and the byte order mark. */
const OUTER_BLANKS = /^[\s\u00a0\u200b-\u200d\u2060\ufeff\u3000]+|[\s\u00a0\u200b-\u200d\u2060\ufeff\u3000]+$/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
/** From a full-width form to its ASCII twin (Unicode block "Halfwidth and Fullwidth Forms"). */
const FULL_WIDTH_OFFSET = 0xfee0;
const PLAIN = /^[\x21-\x7e]*$/;

/** A cell as it is compared and read: blanks around it gone (full-width ones too), full-width letters, digits and signs as ASCII. */
export function fold(cell: string): string {
	if (PLAIN.test(cell)) return cell;
	return cell
		.replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - FULL_WIDTH_OFFSET))
		.replace(OUTER_BLANKS, "");
}

/** A certificate number: folded, letters in upper case. Opaque otherwise. */
export const foldCertificate = (cell: string): string => fold(cell).toUpperCase();

/** A column's title: folded, and without blanks inside (`考 核 等 级`). */
export const foldTitle = (cell: string): string => fold(cell).replace(/[\s\u3000]+/g, "");
