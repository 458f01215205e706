import { expect, it } from "vitest";
import { MqttLink } from "../../device/drivers/mqtt-link.ts";
import { NodeClock, NodeRandom } from "../../device/drivers/node-clock.ts";
import type { Log, LogFields } from "../../protocol/ports/log.ts";
import { until } from "../support/broker.ts";
import { embedded } from "../support/embedded-broker.ts";
import { LIGHT } from "../support/light-bench.ts";
import { silentLog } from "../support/silent-log.ts";

const clock = new NodeClock();

function warnings(): { log: Log; heard: { code: string; fields: LogFields | undefined }[] } {
	const heard: { code: string; fields: LogFields | undefined }[] = [];
	const log: Log = { ...silentLog, warn: (code, fields) => heard.push({ code, fields }), child: () => log };
	return { log, heard };
}

it("two lights with one identity are named by the gateway and by a light, once, in place of endless changes", async () => {
	const gateway = warnings();
	const lights = [warnings(), warnings()];
	const { broker, url } = await embedded({ log: gateway.log });
	const links = lights.map(({ log }) => {
		const random = new NodeRandom();
		const link = new MqttLink({ broker: url, clientId: LIGHT, will: null, clock, timers: clock, random, log });
		link.open([], { up: () => undefined, down: () => undefined, message: () => undefined });
		return link;
	});
	const named = (of: typeof gateway) => of.heard.filter(({ code }) => code === "another-light-with-this-id");
	await until("the gateway names it", () => named(gateway).length > 0, 20_000);
	await until("a light says it", () => lights.some((light) => named(light).length > 0), 20_000);
	const before = broker.stats().takenOver;
	await until("more changes", () => broker.stats().takenOver > before + 1, 30_000);
	expect(named(gateway).length).toBe(1);
	for (const light of lights) expect(named(light).length).toBeLessThanOrEqual(1);
	expect(named(gateway)[0]?.fields).toMatchObject({ light: LIGHT, next: expect.stringContaining("lights add") });
	await Promise.all(links.map((link) => link.close()));
	await broker.close();
});
