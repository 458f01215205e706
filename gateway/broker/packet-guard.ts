import type { Client } from "aedes";
import { CodedError } from "../../protocol/wire/errors.ts";

/** The part of the packet parser inside aedes' client that is watched. */
interface Parser {
	parse(chunk: Uint8Array): number;
	/** The packet being read; `length` is what its header announces, -1 before that. */
	readonly packet: { readonly length: number };
}

/**
 * Ends a connection as soon as a packet announces more than `mostBytes`: the parser would collect up to 256 MiB first. aedes has
 * no setting for it, so the parser is watched in place; a version of aedes that hides it is refused at the first connection.
 */
export function guardPackets(client: Client, mostBytes: number, tooLarge: () => void): void {
	const parser = (client as Client & { readonly _parser?: Parser })._parser;
	if (typeof parser?.parse !== "function" || typeof parser.packet?.length !== "number")
		throw new CodedError("broker-unguarded", "This version of aedes does not let its packet sizes be watched.", {
			fault: "internal",
			next: "Install the version that package-lock.json names (npm ci).",
		});
	const parse = parser.parse.bind(parser);
	parser.parse = (chunk) => {
		const left = parse(chunk);
		if (parser.packet.length > mostBytes) tooLarge();
		return left;
	};
}
