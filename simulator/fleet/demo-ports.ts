import { createServer } from "node:net";
import { CodedError } from "../../protocol/wire/errors.ts";

/** A port of the demo. */
export interface PortWish {
	/** 0 = any free one. */
	readonly port: number;
	/** A person named it: another one in its place would not be what was asked for. */
	readonly explicit: boolean;
}

export interface DemoPorts {
	readonly http: PortWish;
	readonly mqtt: PortWish;
}

const HOST = "127.0.0.1";

/**
 * The ports to start with. A taken port that nobody asked for is told to `say`, and any free one used, since a demo that does not
 * start shows nothing. Throws `port-taken` for one that was asked for.
 */
export async function pickPorts(
	wishes: DemoPorts,
	say: (http: number, mqtt: number) => void,
): Promise<{ http: number; mqtt: number }> {
	const picked = { http: wishes.http.port, mqtt: wishes.mqtt.port };
	for (const name of ["http", "mqtt"] as const) {
		const { port, explicit } = wishes[name];
		if (port === 0 || !(await isTaken(port))) continue;
		if (explicit) throw portTaken(name, port);
		picked[name] = 0;
	}
	if (picked.http !== wishes.http.port || picked.mqtt !== wishes.mqtt.port) say(wishes.http.port, wishes.mqtt.port);
	return picked;
}

function isTaken(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", (e: NodeJS.ErrnoException) => resolve(e.code === "EADDRINUSE"));
		server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => resolve(false)));
	});
}

function portTaken(name: "http" | "mqtt", port: number): CodedError {
	const more = { fault: "environment", context: { host: HOST, port } } as const;
	return name === "http"
		? new CodedError("port-taken", `Port ${port} on ${HOST} is taken by another program.`, {
				...more,
				next: "Stop that program, or choose another port with --http-port (0 = any free one).",
			})
		: new CodedError("port-taken", `Port ${port} on ${HOST} is taken by another program.`, {
				...more,
				next: "Stop that program, or choose another port with --mqtt-port (0 = any free one).",
			});
}
