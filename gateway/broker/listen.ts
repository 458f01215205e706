import type { Server } from "node:net";
import { CodedError } from "../../protocol/wire/errors.ts";
import { isLoopback } from "../config/loopback.ts";

/** Connections that may wait to be taken: a whole fleet comes back at once after a power cut. */
const BACKLOG = 4_096;

/** Opens the port and gives its address. Throws `bind-not-loopback`, `port-taken`, `port-not-allowed`. */
export async function listenOn(server: Server, host: string, port: number): Promise<string> {
	if (!isLoopback(host))
		throw new CodedError("bind-not-loopback", `The broker would be reachable from other machines at ${host}.`, {
			fault: "input",
			next: "Set mqtt.host to 127.0.0.1: until there are certificates, lights reach the broker on this machine only.",
			context: { host, port },
		});
	await new Promise<void>((resolve, reject) => {
		const failed = (e: NodeJS.ErrnoException) => reject(cannotListen(e, host, port));
		server.once("error", failed);
		server.listen({ host, port, backlog: BACKLOG }, () => {
			server.off("error", failed);
			resolve();
		});
	});
	const address = server.address();
	const actual = typeof address === "object" && address !== null ? address.port : port;
	return `mqtt://${host.includes(":") ? `[${host.replace(/^\[|\]$/g, "")}]` : host}:${actual}`;
}

function cannotListen(e: NodeJS.ErrnoException, host: string, port: number): CodedError {
	const taken = e.code === "EADDRINUSE";
	return new CodedError(
		taken ? "port-taken" : "port-not-allowed",
		taken
			? `Port ${port} of ${host} is taken by another program.`
			: `Port ${port} of ${host} cannot be opened (${e.code ?? "unknown"}).`,
		{
			fault: "environment",
			next: taken
				? "Stop that program, or set mqtt.port to another port (0 takes a free one)."
				: "Set mqtt.port to a free port above 1023 (0 takes a free one).",
			context: { host, port, reason: e.code ?? "unknown" },
			cause: e,
		},
	);
}
