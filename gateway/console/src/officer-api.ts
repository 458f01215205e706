import { signal } from "@preact/signals";
import { askApi, type Said } from "./fetched.ts";
import type { Problem } from "./problem.ts";

/**
 * The operator's token, in this page's memory and nowhere else: not in an address, not in a storage, not in a log. It is gone with the
 * page, or when the operator asks for it.
 */
export const token = signal<string | null>(null);
export const forgetToken = (): void => {
	token.value = null;
};

/** The token is as it may stand in a header; anything else is no token of a gateway. */
const SHAPE = /^[\x21-\x7e]{1,200}$/;

/** Codes that say that the token is not the gateway's. */
export const isTokenProblem = ({ code }: Problem): boolean => code === "token-wrong" || code === "token-missing";

/** In the gateway's own words. */
const WRONG: Problem = {
	code: "token-wrong",
	message: "The token is not this gateway's.",
	next: "Send the header `Authorization: Bearer TOKEN`; the token is in the data folder's file `token`.",
};

/** Asks for a change, once. A token that the gateway does not take is forgotten at once. */
export async function change<T>(path: string, body: unknown): Promise<Said<T>> {
	const held = token.value ?? "";
	if (!SHAPE.test(held)) {
		forgetToken();
		return { problem: WRONG };
	}
	const headers = { authorization: `Bearer ${held}` };
	const said = await askApi<T>({ method: "POST", path, body }, new AbortController().signal, headers);
	if ("problem" in said && isTokenProblem(said.problem)) forgetToken();
	return said;
}
