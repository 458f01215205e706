import { CodedError } from "../../../protocol/wire/errors.ts";
import { isLoopback } from "../../config/loopback.ts";

const MAX_ADDRESS = 2000;

/** Where a platform's list is asked for. */
export interface Endpoint {
	readonly url: URL;
	/** Without the query, which may hold a key: for people, logs and the API. */
	readonly shown: string;
}

const refused = (message: string, next: string): CodedError =>
	new CodedError("source-url-refused", message, { fault: "input", next, context: { key: "source.http.url" } });

/**
 * Checks a platform's address. Throws `source-url-refused`: not http or https, with a user or a password in it, with a fragment, or
 * plain http to another machine where that is not allowed.
 */
export function parseEndpoint(address: string, allowPlain: boolean): Endpoint {
	const example = "Give an address such as https://credit.example.cn/api/ratings.";
	const url = address.length > MAX_ADDRESS ? null : parse(address);
	if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
		throw refused("The platform's address (source.http.url) is not an http or https address.", example);
	if (url.username !== "" || url.password !== "")
		throw refused(
			"The platform's address (source.http.url) has a user or a password in it.",
			"Put the platform's token into a file of mode 0600 and name it by source.http.tokenFile.",
		);
	if (url.hash !== "" || url.searchParams.has("cursor") || url.searchParams.has("limit"))
		throw refused(
			"The platform's address (source.http.url) has a fragment, a cursor or a limit in it.",
			"Leave that part away.",
		);
	if (url.protocol === "http:" && !isLoopback(url.hostname) && !allowPlain)
		throw refused(
			`The platform's address (source.http.url) is plain http to ${url.host}: whoever is on the way could change ratings and read the token.`,
			"Use https, or set source.http.allowPlain to true where the way is safe (a tunnel, a closed network).",
		);
	return { url, shown: `${url.origin}${url.pathname}` };
}

function parse(address: string): URL | null {
	return URL.canParse(address) ? new URL(address) : null;
}

/** The address of one page. */
export function pageUrl({ url }: Endpoint, cursor: string | null, limit: number): URL {
	const page = new URL(url);
	page.searchParams.set("limit", String(limit));
	if (cursor !== null) page.searchParams.set("cursor", cursor);
	return page;
}
