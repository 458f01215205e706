import { CodedError } from "../../protocol/wire/errors.ts";

/** What a benchmark stumbled over: never a figure, always the end of the run. */
export const benchFailed = (
	message: string,
	next = "Run it again on a quiet machine; if it stays, it is a bug.",
): CodedError => new CodedError("bench-failed", message, { fault: "environment", next });

/** Waits at most this long: a benchmark ends in bounded time, whatever hangs. */
export async function within<T>(what: string, ms: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(benchFailed(`${what} took more than ${Math.round(ms / 1000)} s.`)), ms);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
