import { HONEST } from "../link/sim-broker.ts";
import type { Prng } from "../random/prng.ts";
import { judgeCalm } from "./calm.ts";
import { mendClock } from "./clock-care.ts";
import { Deck } from "./deck.ts";
import { signIn, signOut } from "./moves-duty.ts";
import { pull } from "./moves-ratings.ts";
import type { World } from "./world.ts";

/** A storm's length and its number of moves. */
const STORM_MS = 90_000;
const MOVES_A_STORM = 44;
/** Lights are powered on within this time, one after the other. */
const BOOT_MS = 8000;
/**
 * After a report period (for a light whose last word was lost) and so long without faults everything has to be right: a minute for
 * the depot's epochs (at most one a minute), 10 s for an answer that never comes, and some to travel.
 */
const CALM_MS = 60_000 + 10_000 + 10_000;
/**
 * The first calm goes on until leases as young as the calm itself are half over, are told so in a report, and are renewed, whatever
 * the storms to come do to them.
 */
const RENEWED_MS = 35_000;
/** The operator looks after the clock more than once: a store's time of a day ago fits at first and a second later does not. */
const CLOCK_LOOKS_MS = [500, 5000, 30_000];
/** Shifts go on in the calm, and their stars have to follow within this time. */
const SHIFT_BOUND_MS = 12_000;
const SHIFTS_IN_CALM = 4;
/** Tries of a move that cannot happen just now, a storm. */
const MAX_TRIES = 40;

/** Plans what happens: storms of moves, and calms at whose end everything is judged. */
export class Director {
	private readonly world: World;
	private readonly random: Prng;
	private readonly deck: Deck;
	private calms = 0;

	constructor(world: World) {
		this.world = world;
		this.random = world.random.split("director");
		this.deck = new Deck(world.random.split("deck"));
	}

	/** First contents of the store, lights on, first drivers signed in; then storms and calms for ever. */
	begin(): void {
		const { world, random } = this;
		const { setup, caller, gateway } = world;
		gateway.start();
		caller.call({ what: "fleet-import", rows: setup.fleetRows, dryRun: false }, () => {});
		pull(world, random, new Map(setup.ratings.map((row) => [row.certificate, row])));
		for (const taxi of setup.taxis) {
			caller.call({ what: "light-add", light: taxi.light, publicKey: taxi.signer.publicKey }, () => {});
			caller.call({ what: "light-bind", light: taxi.light, plate: taxi.plate }, () => {});
			if (!random.chance(0.12)) signIn(world, taxi, random.chance(0.8) ? taxi.main : taxi.deputy);
		}
		for (const light of world.lights) {
			world.clock.after(`power ${light.taxi.light}`, random.int(100, BOOT_MS), () => light.powerOn());
		}
		world.clock.after("storm", BOOT_MS + 6000, () => this.storm());
	}

	private storm(): void {
		const { world, random } = this;
		world.backUp();
		let at = 0;
		for (let i = 0; i < MOVES_A_STORM; i++) {
			at += random.int(0, (2 * STORM_MS) / MOVES_A_STORM);
			world.clock.after("move", at, () => this.move());
		}
		world.clock.after("calm", Math.max(at, STORM_MS) + 500, () => this.calm());
	}

	/** The next move that can happen now. */
	private move(): void {
		for (let tries = 0; tries < MAX_TRIES; tries++) {
			const move = this.deck.next();
			if (move.run(this.world, this.random)) {
				this.world.fault(move.kind);
				return;
			}
			this.deck.later(move);
		}
	}

	/** Everything that can be mended is, but for the lights that are kept out for longer. */
	private calm(): void {
		const { world, random } = this;
		const { broker, gateway, lights } = world;
		broker.faults = HONEST;
		world.withheld.clear();
		broker.takeHoard();
		gateway.killAfterEffects = null;
		gateway.diskFull = false;
		gateway.diskMs = [1, 30];
		world.caller.onAnswer = null;
		for (const light of lights) {
			light.writesFail = false;
			light.cutAtNextWrite = false;
			if (!world.islands.has(light.taxi.light)) broker.heal(light.taxi.light);
			if (light.powered) continue;
			world.clock.after(`power ${light.taxi.light}`, random.int(0, 1500), () => light.powerOn());
		}
		if (!gateway.running()) gateway.start();
		for (const at of CLOCK_LOOKS_MS) world.clock.after("clock mended", at, () => mendClock(world));
		const lasts = this.calmMs();
		world.clock.after("shifts in the calm", lasts - SHIFT_BOUND_MS, () => this.shifts());
		world.clock.after("judge", lasts, () => {
			judgeCalm(world);
			this.storm();
		});
	}

	private calmMs(): number {
		const { leaseS, reportS } = this.world.setup.config;
		const usual = reportS * 1000 + CALM_MS;
		return this.calms++ === 0 ? Math.max(usual, (leaseS / 2 + reportS) * 1000 + RENEWED_MS) : usual;
	}

	private shifts(): void {
		const { world, random } = this;
		for (const taxi of random.shuffle(world.setup.taxis).slice(0, SHIFTS_IN_CALM)) {
			const driver = world.truth.driverOn(taxi.plate);
			if (driver === undefined) continue;
			if (driver !== null && random.chance(0.5)) signOut(world, taxi);
			else signIn(world, taxi, driver === taxi.main ? taxi.deputy : taxi.main);
		}
	}
}
