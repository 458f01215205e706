import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { NodeClock } from "../../device/drivers/node-clock.ts";
import { ExternalBroker } from "../../gateway/broker/external-broker.ts";
import { brokerSuite, type Came } from "../conformance/broker-suite.ts";
import { until } from "../support/broker.ts";
import { FLEET } from "../support/depot-records.ts";
import { miniConnect } from "../support/mini-client.ts";
import { findMosquitto, freePort, Mosquitto, NO_MOSQUITTO } from "../support/mosquitto.ts";
import { silentLog } from "../support/silent-log.ts";

const program = findMosquitto();
if (program === null) process.stderr.write(`skipped: ${NO_MOSQUITTO}\n`);

describe.skipIf(program === null)("with Mosquitto", () => {
	brokerSuite("a broker that runs by itself", async () => {
		const folder = mkdtempSync(join(tmpdir(), "liangxing-mosquitto-"));
		const mosquitto = new Mosquitto(program ?? "", folder, await freePort());
		await mosquitto.start();
		let up = false;
		const published: Promise<void>[] = [];
		const heard: (Came & { readonly publisher: string | null })[] = [];
		const onUp = () => {
			up = true;
		};
		const depot = new ExternalBroker({
			fleet: FLEET,
			url: mosquitto.url,
			timers: new NodeClock(),
			log: silentLog,
			onUp,
		});
		depot.onMessage((message) => heard.push(message));
		await depot.listen();
		await until("the depot is connected", () => up);
		return {
			connect: async (light, topics) => {
				// What was published before is with the broker: a light that comes later finds it.
				await Promise.all(published);
				const client = await miniConnect(mosquitto.url, light);
				if (topics.length > 0) await client.subscribe(topics);
				return {
					received: client.arrived,
					publish: (topic, payload, retain) => void client.publish(topic, payload, { retain }),
					close: () => client.close(),
					cut: () => client.cut(),
					isDown: () => client.isEnded,
				};
			},
			depot: {
				received: heard,
				publish: (topic, payload, retain) => void published.push(depot.publish(topic, payload, retain)),
			},
			until,
			close: async () => {
				await depot.close();
				await mosquitto.kill();
				rmSync(folder, { recursive: true, force: true });
			},
		};
	});
});
