import { existsSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LightView } from "../../gateway/core/types.ts";
import { lightsAnswer } from "../../protocol/schema/api.ts";
import { until } from "../support/broker.ts";
import { addLight, http, post, type RunningDepot, startTestDepot } from "../support/depot.ts";
import { certificateOf, fleetCsv, plateOf, ratingsCsv, tempFolder, yesterday } from "../support/depot-files.ts";
import { HandLight } from "../support/hand-light.ts";

const folder = tempFolder("depot");
let depot: RunningDepot;

beforeAll(async () => {
	depot = await startTestDepot(folder.path);
});
afterAll(async () => {
	await depot.stop();
	folder.remove();
});

const ask = (n: number) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, n);
const rowOf = (plate: string): LightView | undefined => depot.lights().find((l) => l.plate === plate);

async function rows(): Promise<LightView[]> {
	const answer = await http(depot.http, "GET", "/api/v1/lights");
	expect(lightsAnswer.safeParse(answer.json).error).toBeUndefined();
	return answer.json["lights"] as LightView[];
}

describe("a depot from its first start", () => {
	it("has made keys, token and store, readable by the owner only, and tells commands where it is", () => {
		expect(depot.firstStart).toBe(true);
		for (const path of [depot.folder.rootKey, depot.folder.signingKey, depot.folder.token, depot.folder.runtime])
			expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(existsSync(depot.folder.db)).toBe(true);
	});

	it("takes a fleet and ratings, and says what it took", async () => {
		const fleet = await post(depot, "/api/v1/fleet", fleetCsv(3));
		expect([fleet.status, fleet.json]).toMatchObject([200, { added: 3 }]);
		const ratings = await post(depot, "/api/v1/ratings", ratingsCsv([20, 12, 7], yesterday()));
		expect(ratings.status).toBe(200);
		expect(JSON.stringify(ratings.json)).toContain('"accepted":3');
	});

	it("carries a star from the sign-in to the glass and back to the list", async () => {
		const light = new HandLight(await addLight(depot, plateOf(1)));
		await light.connect();
		await light.say(ask(1), 0);
		await until("the light is heard", () => rowOf(plateOf(1))?.observed === 0);
		const blank = await light.grantWhere((g) => g.stars === 0);
		await light.say(ask(2), 0, { epoch: blank.epoch, seq: blank.seq });
		const signedIn = await post(depot, "/api/v1/duty/sign-in", { plate: plateOf(1), certificate: certificateOf(1) });
		expect([signedIn.status, signedIn.json]).toMatchObject([200, {}]);
		const grant = await light.grantWhere((g) => g.stars === 5);
		expect(grant.ask).toEqual(ask(2));
		expect((await rows()).find((l) => l.plate === plateOf(1))).toMatchObject({ desired: 5, observed: 0 });
		await light.say(ask(3), 5, { epoch: grant.epoch, seq: grant.seq, leaseLeftS: 3599, asOf: grant.asOf });
		await until("the star is observed", () => rowOf(plateOf(1))?.observed === 5);
		const row = (await rows()).find((l) => l.plate === plateOf(1));
		expect(row).toMatchObject({ light: light.id, desired: 5, acked: 5, observed: 5, status: "right" });
		expect(row?.ageS).toBeGreaterThan(0);
		const out = await post(depot, "/api/v1/duty/sign-out", { plate: plateOf(1), certificate: certificateOf(1) });
		expect(out.status).toBe(200);
		const dark = await light.grantWhere((g) => g.stars === 0 && g.seq > grant.seq);
		expect(dark.ask).toEqual(ask(3));
		await light.close();
	});

	it("ignores a state that another key signed", async () => {
		const light = new HandLight(await addLight(depot, plateOf(2)));
		const liar = new HandLight((await addLight(depot, plateOf(3))).replace(/"light": "\w+"/, `"light": "${light.id}"`));
		await light.connect();
		await light.say(ask(1), 0);
		await until("the light is heard", () => rowOf(plateOf(2))?.observed === 0);
		await liar.connect();
		await liar.say(ask(9), 5);
		await until("the forgery is counted", () =>
			Object.values({ ...depot.view().dropped, ...depot.view().refusals }).some((n) => n > 0),
		);
		expect(rowOf(plateOf(2))?.observed).toBe(0);
		await light.close();
		await liar.close();
	});

	it("refuses sign-ins with a code and the next step", async () => {
		const cases = [
			[{ plate: "豫DX0000", certificate: certificateOf(1) }, 404, "vehicle-unknown"],
			[{ plate: plateOf(1), certificate: "NOBODY1" }, 404, "driver-unknown"],
			[{ plate: plateOf(1), certificate: certificateOf(2) }, 409, "driver-not-assigned"],
			[{ plate: plateOf(1) }, 400, "body-invalid"],
			[{ plate: plateOf(1), certificate: certificateOf(1), at: "2100-01-01T00:00:00Z" }, 400, "at-in-future"],
		] as const;
		for (const [body, status, code] of cases) {
			const answer = await post(depot, "/api/v1/duty/sign-in", body);
			expect([answer.status, answer.json["error"]]).toEqual([
				status,
				{ code, message: expect.any(String), next: expect.stringMatching(/\w/) },
			]);
			expect(answer.text).not.toContain("NOBODY1");
		}
	});

	it("holds a pull that removes too many, and applies it once a person accepts", async () => {
		const held = await post(depot, "/api/v1/ratings", ratingsCsv([20], yesterday()));
		expect(held.status).toBe(200);
		const list = await http(depot.http, "GET", "/api/v1/ratings/held");
		const pulls = list.json["held"] as { id: string; removed: number; status: string }[];
		expect(pulls).toMatchObject([{ removed: 2, status: "held" }]);
		expect(list.text).not.toContain(certificateOf(2));
		expect((await post(depot, `/api/v1/ratings/held/${pulls[0]?.id}/accept`)).status).toBe(200);
		expect((await post(depot, `/api/v1/ratings/held/${pulls[0]?.id}/accept`)).status).toBeGreaterThanOrEqual(404);
		expect((await http(depot.http, "GET", "/api/v1/ratings/held")).json["held"]).toEqual([]);
	});

	it("has logged no certificate number and no token", () => {
		expect(depot.lines.length).toBeGreaterThan(0);
		for (const secret of [certificateOf(1), certificateOf(2), "NOBODY1", depot.token, "PRIVATE KEY"])
			expect(depot.lines.filter((l) => l.includes(secret))).toEqual([]);
	});
});

const known = () =>
	depot
		.lights()
		.map((l) => `${l.light} ${l.plate} ${l.desired}`)
		.sort();

describe("a depot started again", () => {
	it("knows everything that it answered for, and its light", async () => {
		await post(depot, "/api/v1/ratings", ratingsCsv([20, 12, 7], yesterday()));
		const before = known();
		await depot.stop();
		expect(existsSync(depot.folder.runtime)).toBe(false);
		depot = await startTestDepot(folder.path);
		expect(depot.firstStart).toBe(false);
		expect(known()).toEqual(before);
	});

	it("refuses a second one in the same folder, which closes nothing of the first", async () => {
		await expect(startTestDepot(folder.path)).rejects.toMatchObject({ code: "store-locked" });
		expect((await http(depot.http, "GET", "/healthz")).json["ok"]).toBe(true);
	});

	it("says that a port is taken, and leaves the folder free", async () => {
		const other = tempFolder("depot-port");
		const port = new URL(depot.http).port;
		await expect(startTestDepot(other.path, { "http.port": port })).rejects.toMatchObject({ code: "port-taken" });
		const mqttPort = new URL(depot.mqtt.replace("mqtt:", "http:")).port;
		await expect(startTestDepot(other.path, { "mqtt.port": mqttPort })).rejects.toMatchObject({ code: "port-taken" });
		const freed = await startTestDepot(other.path);
		await freed.stop();
		other.remove();
	});
});
