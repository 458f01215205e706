import type { z } from "zod";
import { firstProblem } from "../../protocol/schema/problem.ts";
import { refused } from "./problems.ts";

/** The body as the schema wants it. Throws `body-invalid` naming the key, never the value (it may be personal data). */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
	const parsed = schema.safeParse(body ?? {});
	if (parsed.success) return parsed.data;
	throw refused(
		"body-invalid",
		`The body is not as expected. ${firstProblem(parsed.error).text}`,
		"Send the keys that this call takes, with values of the form named.",
	);
}

/** Path and query values. Throws `query-invalid`. */
export function parseQuery<T extends z.ZodType>(schema: T, query: unknown): z.output<T> {
	const parsed = schema.safeParse(query ?? {});
	if (parsed.success) return parsed.data;
	throw refused(
		"query-invalid",
		`The address is not as expected. ${firstProblem(parsed.error).text}`,
		"Correct the part named, or leave it out.",
	);
}

const MAX_NAME = 200;

/** A file's name from the `x-file-name` header (percent-encoded UTF-8): the last part only, printable. */
export function fileNameOf(header: string | string[] | undefined, fallback: string): string {
	const raw = Array.isArray(header) ? header[0] : header;
	if (raw === undefined || raw === "") return fallback;
	let name: string;
	try {
		name = decodeURIComponent(raw);
	} catch {
		throw refused("header-invalid", "x-file-name is not percent-encoded UTF-8.", "Encode the name, or leave it out.");
	}
	const last = name.split(/[/\\]/).pop() ?? "";
	const printable = last.replace(/\p{C}/gu, "").trim().slice(0, MAX_NAME);
	return printable === "" ? fallback : printable;
}
