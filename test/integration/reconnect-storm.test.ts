import { expect, it } from "vitest";
import { topicOf } from "../../protocol/wire/topics.ts";
import { FLEET, lightId } from "../support/depot-records.ts";
import { embedded } from "../support/embedded-broker.ts";
import { ownProcess, type Start } from "../support/own-process.ts";

const LIGHTS = 1_000;
/** Far above what it takes (1-3 s on two busy cores): it only has to notice a lookup whose time grows with the fleet's square. */
const BOUND_MS = 30_000;

function crowd(start: Start, url: string, lights: number): Promise<{ readonly served: number; readonly ms: number }> {
	return new Promise((resolve, reject) => {
		const child = start([url, String(lights)]);
		let out = "";
		child.stdout?.on("data", (chunk: Buffer) => {
			out += String(chunk);
		});
		child.on("error", reject);
		child.on("close", (code) =>
			code === 0 ? resolve(JSON.parse(out)) : reject(new Error(`the crowd ended with ${code}`)),
		);
	});
}

it(`gives ${LIGHTS} lights that come at once their grants`, async () => {
	const start = await ownProcess("test/support/light-crowd.ts");
	const { broker, url } = await embedded();
	for (let n = 0; n < LIGHTS; n++) {
		await broker.publish(topicOf.grant(FLEET, lightId(n)), new Uint8Array(180), true);
		await broker.publish(topicOf.state(FLEET, lightId(n)), new Uint8Array(300), true);
	}
	const cpu = process.cpuUsage();
	const { served, ms } = await crowd(start, url, LIGHTS);
	const used = process.cpuUsage(cpu);
	const cpuMs = (used.user + used.system) / 1000;
	process.stdout.write(
		`${LIGHTS} lights served in ${ms} ms, ${(cpuMs / LIGHTS).toFixed(2)} ms CPU of the broker each\n`,
	);
	expect(served).toBe(LIGHTS);
	expect(ms).toBeLessThan(BOUND_MS);
	await broker.close();
});
