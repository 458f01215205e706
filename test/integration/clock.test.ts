import { afterAll, describe, expect, it } from "vitest";
import type { Settings } from "../../gateway/config/schema.ts";
import { type Depot, startDepot } from "../../gateway/depot/depot.ts";
import { NodeClock } from "../../gateway/depot/node-clock.ts";
import { type UnixMs, unixMs } from "../../protocol/wire/units.ts";
import { until } from "../support/broker.ts";
import { addLight, http, post, settingsIn } from "../support/depot.ts";
import { certificateOf, fleetCsv, plateOf, ratingsCsv, tempFolder, yesterday } from "../support/depot-files.ts";
import { HandLight } from "../support/hand-light.ts";
import { silentLog } from "../support/silent-log.ts";

/** The real clock, put off by an operator, a flat battery or a wrong time server. */
class WrongClock extends NodeClock {
	offMs = 0;
	override unixMs(): UnixMs {
		return unixMs(super.unixMs() + this.offMs);
	}
}

const folder = tempFolder("clock");
afterAll(() => folder.remove());
const DAY_MS = 86_400_000;

const start = (settings: Settings, clock: WrongClock): Promise<Depot> =>
	startDepot(settings, { clock, timers: clock, soon: (run) => setImmediate(run), log: silentLog });

describe("a clock set back a day", () => {
	it("stops signing, is said by /readyz with its command, and signing goes on after a person accepts", async () => {
		const clock = new WrongClock();
		const settings = settingsIn(folder.path);
		let depot = await start(settings, clock);
		await post(depot, "/api/v1/fleet", fleetCsv(1));
		await post(depot, "/api/v1/ratings", ratingsCsv([20], yesterday()));
		const file = await addLight(depot, plateOf(1));
		await depot.stop();

		clock.offMs = -DAY_MS;
		depot = await start({ ...settings, mqtt: { ...settings.mqtt, port: Number(/:(\d+)"/.exec(file)?.[1]) } }, clock);
		expect(depot.clock).toBe("clock-behind");
		const ready = await http(depot.http, "GET", "/readyz");
		expect([ready.status, ready.json["error"]]).toMatchObject([503, { code: "clock-behind" }]);
		expect(ready.text).toContain("liangxing clock accept");
		expect((await http(depot.http, "GET", "/healthz")).status).toBe(200);

		const light = new HandLight(file);
		await light.connect();
		await light.say(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1), 0);
		await until("the light is heard", () => depot.lights()[0]?.observed === 0);
		expect(
			(await post(depot, "/api/v1/duty/sign-in", { plate: plateOf(1), certificate: certificateOf(1) })).status,
		).toBe(200);
		expect(light.grants).toEqual([]);

		clock.offMs = 0;
		await until("a clock put right is trusted again", () => depot.view().clock === null, 15_000);
		expect((await light.grantWhere((g) => g.stars === 5)).issuedAt).toBeGreaterThan(0);

		clock.offMs = 3 * DAY_MS;
		await until("a clock far ahead is doubted", () => depot.view().clock?.code === "clock-ahead");
		const accepted = await post(depot, "/api/v1/clock/accept");
		expect(accepted.status).toBe(200);
		expect((await http(depot.http, "GET", "/readyz")).json).toMatchObject({ ready: true });
		await light.close();
		await depot.stop();
	});
});
