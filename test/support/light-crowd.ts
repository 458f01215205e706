import { topicOf } from "../../protocol/wire/topics.ts";
import { FLEET, lightId } from "./depot-records.ts";
import { type MiniClient, miniConnect } from "./mini-client.ts";

/** Connections under way at once: a whole fleet does come back together, but one process cannot open them all in one turn. */
const AT_ONCE = 200;

/**
 * A process of its own that is many lights: each connects, subscribes and waits for its retained grant. Prints one JSON line:
 * how many have it, and how long it took from the first connection.
 */
export async function main([url = "", count = "0"]: readonly string[]): Promise<void> {
	const began = performance.now();
	const clients: MiniClient[] = [];
	let next = 0;
	let served = 0;
	const worker = async (): Promise<void> => {
		for (let n = next++; n < Number(count); n = next++) {
			const light = lightId(n);
			const client = await miniConnect(url, light);
			clients.push(client);
			await client.subscribe([
				topicOf.keys(FLEET),
				topicOf.notice(FLEET),
				topicOf.grant(FLEET, light),
				topicOf.job(FLEET, light),
			]);
			while (!client.arrived.some((m) => m.topic === topicOf.grant(FLEET, light)) && !client.isEnded)
				await new Promise((resolve) => setTimeout(resolve, 1));
			if (!client.isEnded) served += 1;
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	process.stdout.write(`${JSON.stringify({ served, ms: Math.round(performance.now() - began) })}\n`);
	for (const client of clients) client.cut();
}
