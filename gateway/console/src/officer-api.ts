import { signal } from "@preact/signals";
import { NO_ANSWER, type Problem } from "./fetched.ts";

/** Where in a text that was sent something is wrong; lines and columns from 1. */
export interface Place {
	readonly line: number;
	readonly column: number;
	readonly key: string;
}

export interface PlacedProblem extends Problem {
	readonly place?: Place;
}

export type Said<T> = { readonly data: T } | { readonly problem: PlacedProblem };

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

/** Asks for a change, once. A token that the gateway does not take is forgotten at once. */
export async function change<T>(path: string, body: unknown): Promise<Said<T>> {
	const held = token.value ?? "";
	const wrong: PlacedProblem = {
		code: "token-wrong",
		message: "The token is not this gateway's.",
		next: "Send the header `Authorization: Bearer TOKEN`; the token is in the data folder's file `token`.",
	};
	if (!SHAPE.test(held)) {
		forgetToken();
		return { problem: wrong };
	}
	try {
		const answer = await fetch(path, {
			method: "POST",
			headers: { "content-type": "application/json", authorization: `Bearer ${held}` },
			body: JSON.stringify(body),
		});
		const said = (await answer.json()) as { readonly error?: Partial<Problem>; readonly place?: Place };
		if (answer.ok) return { data: said as T };
		const { code = `http-${answer.status}`, message = "", next = "" } = said.error ?? {};
		const problem = { code, message, next, ...(said.place === undefined ? {} : { place: said.place }) };
		if (isTokenProblem(problem)) forgetToken();
		return { problem };
	} catch {
		return { problem: NO_ANSWER };
	}
}
