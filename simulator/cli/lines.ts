import { StringDecoder } from "node:string_decoder";

/** One line of input; `tooLong` = it had more than the limit and `text` holds its beginning only. */
export interface Line {
	readonly text: string;
	readonly tooLong: boolean;
}

/** Lines of a stream without ever holding more than `limit` characters of one: a line of 1 GB costs no memory. */
export async function* boundedLines(chunks: AsyncIterable<Uint8Array | string>, limit: number): AsyncGenerator<Line> {
	const decoder = new StringDecoder("utf8");
	let text = "";
	let tooLong = false;
	const add = (part: string) => {
		tooLong ||= text.length + part.length > limit;
		if (text.length < limit) text += part.slice(0, limit - text.length);
	};
	for await (const chunk of chunks) {
		const parts = (typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk))).split("\n");
		for (const [index, part] of parts.entries()) {
			if (index > 0) {
				yield { text, tooLong };
				text = "";
				tooLong = false;
			}
			add(part);
		}
	}
	add(decoder.end());
	if (text !== "") yield { text, tooLong };
}
