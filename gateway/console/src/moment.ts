const two = (n: number): string => String(n).padStart(2, "0");

/** An instant (Unix milliseconds) in the browser's own time: `2026-11-24 18:42`. */
export function dayAndTime(ms: number): string {
	const at = new Date(ms);
	return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `18:42:07`. */
export function timeOfDay(ms: number): string {
	const at = new Date(ms);
	return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
