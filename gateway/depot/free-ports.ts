import { createServer } from "node:net";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { Settings } from "../config/schema.ts";

/**
 * Looks before a first start whether both ports can be had: a start that fails on a port would leave a folder with fresh keys behind
 * that nobody asked for. Throws `port-taken`; what else may be wrong with a port is said when it is opened.
 */
export async function requireFreePorts(settings: Pick<Settings, "http" | "mqtt">): Promise<void> {
	for (const name of settings.mqtt.url === "" ? (["mqtt", "http"] as const) : (["http"] as const)) {
		const { host, port } = settings[name];
		if (port !== 0 && (await isTaken(host, port))) throw portTaken(name, host, port);
	}
}

function isTaken(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", (e: NodeJS.ErrnoException) => resolve(e.code === "EADDRINUSE"));
		server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)));
	});
}

function portTaken(name: "mqtt" | "http", host: string, port: number): CodedError {
	const more = { fault: "environment", context: { host, port } } as const;
	return name === "http"
		? new CodedError("port-taken", `Port ${port} on ${host} is taken by another program.`, {
				...more,
				next: "Stop that program, or choose another port with --http-port (0 = any free one).",
			})
		: new CodedError("port-taken", `Port ${port} of ${host} is taken by another program.`, {
				...more,
				next: "Stop that program, or set mqtt.port to another port (0 takes a free one).",
			});
}
