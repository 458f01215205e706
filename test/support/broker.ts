import { createServer, type Socket } from "node:net";
import { Aedes } from "aedes";

/** A plain broker on a free port of this machine, for tests of the real link. */
export interface TestBroker {
	readonly url: string;
	/** Breaks the connections of this client, without a word. */
	cut(clientId: string): void;
	/** What is retained for a topic. */
	end(): Promise<void>;
}

export async function startBroker(port = 0): Promise<TestBroker> {
	const broker = await Aedes.createBroker();
	const server = createServer({ noDelay: true }, broker.handle);
	const sockets = new Set<Socket>();
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	const clients = new Map<string, { destroy(): void }>();
	broker.on("client", (client) => clients.set(client.id, client.conn));
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("the broker has no port");
	return {
		url: `mqtt://127.0.0.1:${address.port}`,
		cut: (clientId) => clients.get(clientId)?.destroy(),
		end: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => broker.close(() => server.close(() => resolve())));
		},
	};
}

/** Waits in real time until `done` says so; for tests of things that run in real time. */
export async function until(what: string, done: () => boolean, withinMs = 10_000): Promise<void> {
	const end = performance.now() + withinMs;
	while (!done()) {
		if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
