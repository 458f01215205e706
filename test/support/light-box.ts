import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FileMemory } from "../../device/drivers/file-memory.ts";
import { LineLog } from "../../device/drivers/line-log.ts";
import { NodeClock, NodeRandom } from "../../device/drivers/node-clock.ts";
import { NodeCrypto } from "../../device/drivers/node-crypto.ts";
import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { millis, seconds } from "../../protocol/wire/units.ts";
import { makeTaxi } from "../../simulator/fleet/taxi.ts";

const hasty = (clock: NodeClock, pauseMs: number): Clock & Timers => ({
	unixMs: () => clock.unixMs(),
	monoMs: () => clock.monoMs(),
	after: (name, delay, run) =>
		clock.after(name, name === "link-reconnect" ? millis(Math.min(delay, pauseMs)) : delay, run),
});

/**
 * A process of its own that is a few lights: the real runtime, MQTT link and two-copy file memory. Reads `PLATE.json` provisioning
 * files of a folder; prints one JSON line for each change of a glass. It is there to be killed. `pauseMs` = longest pause before the
 * next try of a connection: where it is killed hundreds of times, what comes after the pause is looked at, not the pause.
 */
export async function main([
	folder = "",
	broker = "",
	reportS = "600",
	pauseMs = "30000",
]: readonly string[]): Promise<void> {
	const clock = hasty(new NodeClock(), Number(pauseMs));
	const memory = async (light: LightId, first: Uint8Array) => {
		const at = join(folder, "memory", light);
		mkdirSync(at, { recursive: true });
		const files = new FileMemory(at);
		await files.open();
		if ((await files.read()).every((copy) => copy === null))
			for (const slot of [0, 1] as const) await files.write(slot, first);
		return files;
	};
	const host = {
		clock,
		random: new NodeRandom(),
		log: new LineLog(() => {}, clock, "error"),
		crypto: new NodeCrypto(),
		reportS: seconds(Number(reportS)),
		memory,
		onGlass: (taxi: { plate: string; glass(): number }) =>
			void process.stdout.write(`${JSON.stringify({ plate: taxi.plate, stars: taxi.glass() })}\n`),
	};
	const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
	for (const name of names) {
		const plate = decodeURIComponent(name.slice(0, -".json".length));
		const taxi = await makeTaxi(plate, readFileSync(join(folder, name), "utf8"), broker, host);
		await taxi.start();
	}
	process.stdout.write(`${JSON.stringify({ ready: names.length })}\n`);
}
