import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterRestore } from "../../gateway/core/restored.ts";
import { simCrypto } from "../../simulator/cli/node-crypto.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { judgeCalm } from "../../simulator/scenario/calm.ts";
import { accept, mendClock } from "../../simulator/scenario/clock-care.ts";
import { signIn, signOut } from "../../simulator/scenario/moves-duty.ts";
import { pull } from "../../simulator/scenario/moves-ratings.ts";
import type { Parts } from "../../simulator/scenario/parts.ts";
import { REAL_PARTS } from "../../simulator/scenario/real-parts.ts";
import { World } from "../../simulator/scenario/world.ts";
import { SEED } from "../support/seed.ts";

const DAY_MS = 86_400_000;
const SETTLED_MS = 20_000;

/** Real cores of a gateway and 50 lights, in virtual time: stars stand, then everything is off for `awayMs`. */
class City {
	readonly world: World;
	readonly random: Prng;
	/** What a light showed that it must not. */
	readonly wrong: string[] = [];
	/** Stars that stood when the copy came back: they may stand until the light hears of it. */
	private stood: ReadonlyMap<string, number> | null = null;

	constructor(seed: number, parts: Parts) {
		this.world = new World(seed, simCrypto(), parts, { line: () => {} });
		this.random = new Prng(seed);
	}

	/** First contents of the store, first drivers, lights on; no faults but this test's. */
	begin(): void {
		const { world, random } = this;
		const { caller, setup } = world;
		world.gateway.start();
		caller.call({ what: "fleet-import", rows: setup.fleetRows, dryRun: false }, () => {});
		pull(world, random, new Map(setup.ratings.map((row) => [row.certificate, row])));
		for (const taxi of setup.taxis) {
			caller.call({ what: "light-add", light: taxi.light, publicKey: taxi.signer.publicKey }, () => {});
			caller.call({ what: "light-bind", light: taxi.light, plate: taxi.plate }, () => {});
			signIn(world, taxi, taxi.main);
		}
		for (const light of world.lights) world.clock.after("power", random.int(100, 8000), () => light.powerOn());
		this.run(SETTLED_MS);
	}

	run(ms: number): void {
		const { world } = this;
		const until = world.clock.now() + ms;
		let reached = false;
		world.clock.at("until", until, () => {
			reached = true;
		});
		while (!reached && world.clock.step()) this.look();
	}

	/** A light shows what is owed now, or still the star of before the restore that it has not heard of yet. */
	private look(): void {
		if (this.stood === null) return;
		const { world } = this;
		const now = world.depotS();
		for (const { lamp, taxi } of world.lights) {
			const shown = lamp.toldStars();
			if (shown === 0 || world.truth.owed(taxi.plate, now - 10, now + 1).has(shown as 0)) continue;
			if (this.stood.get(taxi.plate) !== shown) this.wrong.push(`${taxi.plate} shows ${shown} at ${world.clock.now()}`);
		}
	}

	/** Most drivers are swapped, some sign off. */
	shifts(): void {
		for (const taxi of this.world.setup.taxis) {
			const driver = this.world.truth.driverOn(taxi.plate);
			if (driver != null && this.random.chance(0.2)) signOut(this.world, taxi);
			else signIn(this.world, taxi, driver === taxi.main ? taxi.deputy : taxi.main);
		}
	}

	away(ms: number): void {
		const { world } = this;
		for (const light of world.lights) light.powerOff();
		world.gateway.kill();
		this.run(ms);
		world.gateway.start();
		for (const light of world.lights) light.powerOn();
		this.run(1000);
		if (world.gateway.view()?.depot(world.gateway.now()).clock != null) accept(world);
		this.run(5000);
	}

	/** An operator puts the oldest copy back; the new start is killed a few times at any point. */
	putBack(): void {
		const { world } = this;
		const copy = world.backups[0];
		if (copy === undefined) throw new Error("no copy");
		this.stood = new Map(world.lights.map((light) => [light.taxi.plate, light.lamp.toldStars()]));
		world.gateway.kill();
		world.gateway.store.restore(copy.snapshot);
		world.gateway.store.commit(afterRestore(copy.snapshot, false, null));
		world.truth.restore({ ...copy.truth, duty: new Map([...copy.truth.duty.keys()].map((plate) => [plate, null])) });
		world.gatewayChecker.restored(copy.newestTime);
		for (let kills = this.random.int(0, 4); kills > 0; kills--) {
			world.gateway.start();
			world.gateway.killAfterEffects = this.random.int(0, 25);
			this.run(this.random.int(1, 300));
			mendClock(world);
			this.run(this.random.int(1, 3000));
			world.gateway.kill();
		}
		world.gateway.start();
	}
}

/** A city that was lit, had shifts for `awayMs`, holds newer grants, and gets the old store back. */
function restoredCity(seed: number, awayMs: number, parts = REAL_PARTS): City {
	const city = new City(seed, parts);
	const { world } = city;
	city.begin();
	world.backUp();
	city.shifts();
	city.run(800);
	city.away(awayMs);
	city.shifts();
	world.caller.call({ what: "blank-fleet" }, () => {});
	city.run(12_000);
	city.putBack();
	return city;
}

/** A gateway to which a restored store is as good as any. */
const FORGETFUL: Parts = {
	...REAL_PARTS,
	gateway: (config, env, stored, now) =>
		REAL_PARTS.gateway(config, env, { ...stored, meta: { ...stored.meta, blankDue: false } }, now),
};

const looks = (city: City): void => {
	for (const ms of [500, 4000, 20_000, city.world.setup.config.reportS * 1000 + 60_000]) {
		city.run(ms);
		mendClock(city.world);
	}
};

describe("a store of a day ago, put back while real lights hold newer grants", () => {
	it("lights no star that is not owed now, and in the end each light is right", () => {
		const ages = fc.constantFrom(600_000, 20 * 3_600_000, DAY_MS, DAY_MS + 60_000, 3 * DAY_MS);
		const property = fc.property(fc.integer({ min: 1, max: 1_000_000 }), ages, (seed, age) => {
			const city = restoredCity(seed, age);
			looks(city);
			const lit = () => city.world.lights.filter((light) => light.lamp.toldStars() > 0).length;
			expect(lit()).toBe(0);
			judgeCalm(city.world);
			city.shifts();
			city.run(15_000);
			expect(lit()).toBeGreaterThan(25);
			judgeCalm(city.world);
			expect([city.wrong, city.world.violations]).toEqual([[], []]);
		});
		fc.assert(property, { seed: SEED, numRuns: 4 });
	}, 60_000);

	it("is noticed by these looks: a gateway that forgets to blank is found", () => {
		const city = restoredCity(1, DAY_MS, FORGETFUL);
		looks(city);
		judgeCalm(city.world);
		expect(city.world.violations.map((v) => v.rule)).toContain("R7-restore-epoch");
	});
});
