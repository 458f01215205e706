import { useRef } from "preact/hooks";
import { type Ask, type Asked, useFetched } from "./fetched.ts";

/**
 * As `useFetched`, but while a longer list of the same thing (`of`) is on its way the shorter one stays in sight: a press for more must
 * not empty the page.
 */
export function useKept<T>(of: string, ask: Ask, version: unknown = null): Asked<T> {
	const asked = useFetched<T>(ask, version);
	const kept = useRef<{ readonly of: string; readonly asked: Asked<T> } | null>(null);
	if (asked.state === "data") kept.current = { of, asked };
	if (asked.state === "loading" && kept.current?.of === of) return { ...kept.current.asked, again: asked.again };
	return asked;
}
