import type { RatedRow } from "../../gateway/core/types.ts";
import type { LinkName } from "../../gateway/core/why/link.ts";
import type { WhyCode } from "../../gateway/core/why/words-en.ts";
import type { LampFault } from "../../protocol/wire/lamp-fault.ts";
import type { LampState } from "../../protocol/wire/messages.ts";
import { unixSeconds } from "../../protocol/wire/units.ts";
import { HONEST } from "../link/sim-broker.ts";
import type { Prng } from "../random/prng.ts";
import type { FaultWorld, Plan } from "./fault-world.ts";
import { MAX_AGE_DAYS, START_UNIX_S, type Taxi } from "./setup.ts";

const DAY_S = 86_400;
const MIN = 60;

/** By what a person may ask. */
export type AskBy = "plate" | "light" | "driver";

/** The taxi that is hit, and who drives it. */
export interface Victim {
	readonly taxi: Taxi;
	/** Certificate of the driver on duty there (or who would be). */
	driver: string;
}

/** One thing that breaks a star on its way, and the link that it breaks. */
export interface Fault {
	readonly kind: string;
	readonly link: LinkName;
	/** The word for it, where only one is right. */
	readonly code?: WhyCode;
	readonly asks: readonly AskBy[];
	/** It shows after this long, at the earliest and at the latest, seconds. */
	readonly settleS: readonly [number, number];
	/** Built into the world before its first step. */
	plan?(plan: Plan, victim: Victim, world: FaultWorld, random: Prng): void;
	/** Happens to a fleet that is lit and right. */
	strike?(world: FaultWorld, victim: Victim, random: Prng): void;
	/** Right before the question. */
	last?(world: FaultWorld, victim: Victim, random: Prng): void;
}

const ALL: readonly AskBy[] = ["plate", "light", "driver"];

const without = (rows: ReadonlyMap<string, RatedRow>, certificate: string): Map<string, RatedRow> => {
	const rest = new Map(rows);
	rest.delete(certificate);
	return rest;
};

const otherDriver = ({ taxi, driver }: Victim): string => (driver === taxi.main ? taxi.deputy : taxi.main);

/** Another driver comes on, so that another grant is due at once. */
function swap(world: FaultWorld, victim: Victim): void {
	victim.driver = otherDriver(victim);
	world.signIn(victim.taxi.plate, victim.driver);
}

const RATING: readonly Fault[] = [
	{
		kind: "rating-missing",
		link: "rating",
		code: "rating-none",
		asks: ALL,
		settleS: [1, 20 * MIN],
		plan: (plan, { driver }) => void plan.ratings.delete(driver),
	},
	{
		kind: "rating-missing-after-swap",
		link: "rating",
		code: "rating-none",
		asks: ALL,
		settleS: [1, 20 * MIN],
		plan: (plan, victim) => void plan.ratings.delete(otherDriver(victim)),
		strike: swap,
	},
	{
		kind: "rating-quarantined",
		link: "rating",
		code: "rating-quarantined",
		asks: ALL,
		settleS: [1, 20 * MIN],
		plan(plan, { driver }, _world, random) {
			plan.ratings.delete(driver);
			const reason = random.pick(["score-out-of-range", "date-in-future", "grade-unknown"]);
			plan.quarantined.push({ row: random.int(1, 119), reason, certificate: driver });
		},
	},
	{
		kind: "rating-removed-by-pull",
		link: "rating",
		code: "rating-none",
		asks: ALL,
		settleS: [2, 20 * MIN],
		strike: (world, { driver }) => world.pull(without(world.rows, driver)),
	},
	{
		kind: "rating-in-held-pull",
		link: "rating",
		code: "rating-held",
		asks: ALL,
		settleS: [2, 20 * MIN],
		plan: (plan, { driver }) => void plan.ratings.delete(driver),
		strike(world, { driver }, random) {
			const rows = new Map(world.rows);
			for (const c of random.shuffle([...rows.keys()]).slice(0, random.int(4, 30))) rows.delete(c);
			rows.set(driver, world.rated(driver, 1));
			world.pull(rows);
		},
	},
	{
		kind: "rating-no-pull",
		link: "rating",
		code: "rating-no-pull",
		asks: ALL,
		settleS: [1, 20 * MIN],
		plan: (plan) => {
			plan.pull = false;
		},
	},
];

const aged = (row: RatedRow, ageS: number): RatedRow => ({ ...row, asOf: unixSeconds(START_UNIX_S - ageS) });

const POLICY: readonly Fault[] = [
	{
		kind: "rating-too-old",
		link: "policy",
		code: "rating-too-old",
		asks: ALL,
		settleS: [1, 20 * MIN],
		plan(plan, { driver }, world, random) {
			const ageS = (MAX_AGE_DAYS + random.int(1, 300)) * DAY_S;
			plan.ratings.set(driver, aged(world.rated(driver, 1), ageS));
		},
	},
	{
		kind: "rating-grows-too-old",
		link: "policy",
		code: "rating-too-old",
		asks: ALL,
		settleS: [5, 20 * MIN],
		strike(world, { driver }, random) {
			const nowS = Math.floor(world.gateway.now().unix / 1000);
			const asOf = unixSeconds(nowS - MAX_AGE_DAYS * DAY_S + random.int(-5, 2));
			world.pull(new Map(world.rows).set(driver, { ...world.rated(driver, 1), asOf }));
		},
	},
];

const DUTY: readonly Fault[] = [
	{
		kind: "signed-out",
		link: "duty",
		asks: ALL,
		settleS: [1, 20 * MIN],
		strike: (world, { taxi }) => world.signOut(taxi.plate),
	},
	{
		kind: "never-signed-in",
		link: "duty",
		asks: ALL,
		settleS: [1, 20 * MIN],
		plan: (plan, { taxi }) => void plan.duties.delete(taxi.plate),
	},
	{
		kind: "driver-on-another-vehicle",
		link: "duty",
		asks: ["plate", "light"],
		settleS: [1, 20 * MIN],
		strike(world, { taxi, driver }, random) {
			const other = random.pick(world.taxis.filter((one) => one !== taxi));
			world.signIn(other.plate, driver);
		},
	},
	{
		kind: "light-unbound",
		link: "duty",
		asks: ALL,
		settleS: [1, 20 * MIN],
		strike: (world, { taxi }) => world.bind(taxi.light, null),
	},
	{
		kind: "light-moved-to-another-vehicle",
		link: "duty",
		asks: ["plate", "driver"],
		settleS: [1, 20 * MIN],
		strike: (world, { taxi }, random) =>
			world.bind(taxi.light, random.pick(world.taxis.filter((one) => one !== taxi)).plate),
	},
	{
		kind: "vehicle-left-fleet",
		link: "duty",
		asks: ["light", "driver"],
		settleS: [3, 20 * MIN],
		strike(world, { taxi }) {
			world.bind(taxi.light, null);
			world.fleet(world.fleetRows().filter((row) => row.plate !== taxi.plate));
		},
	},
];

const GRANT: readonly Fault[] = [
	{
		kind: "clock-behind",
		link: "grant",
		code: "clock-behind",
		asks: ALL,
		settleS: [1, 20 * MIN],
		strike(world, _victim, random) {
			world.gateway.clock.setOffset(-1000 * random.int(2 * 3600, 400 * DAY_S));
			world.gateway.tick();
		},
	},
	{
		kind: "clock-ahead",
		link: "grant",
		code: "clock-ahead",
		asks: ALL,
		settleS: [1, 20 * MIN],
		strike(world, _victim, random) {
			world.gateway.clock.setOffset(1000 * random.int(DAY_S + 3600, 200 * DAY_S));
			world.gateway.tick();
		},
	},
	{
		kind: "store-full",
		link: "grant",
		code: "store-failed",
		asks: ALL,
		settleS: [4 * MIN, 15 * MIN],
		strike: (world) => {
			world.gateway.diskFull = true;
		},
	},
	{
		kind: "signer-stuck-at-a-swap",
		link: "grant",
		code: "grant-stuck",
		asks: ALL,
		settleS: [15, 20 * MIN],
		strike(world, victim) {
			world.signerStuck = true;
			swap(world, victim);
		},
	},
	{
		kind: "signer-stuck-at-a-renewal",
		link: "grant",
		asks: ALL,
		settleS: [11 * MIN, 20 * MIN],
		strike: (world) => {
			world.signerStuck = true;
		},
	},
	{
		kind: "gateway-stopped",
		link: "grant",
		code: "no-gateway",
		asks: ALL,
		settleS: [11 * MIN, 20 * MIN],
		strike: (world) => world.gateway.kill(),
	},
];

const DELIVERY: readonly Fault[] = [
	{
		kind: "light-without-power",
		link: "delivery",
		code: "offline",
		asks: ALL,
		settleS: [50, 8 * MIN],
		strike: (world, { taxi }) => world.lightOf(taxi).powerOff(),
	},
	{
		kind: "light-without-power-nor-last-will",
		link: "delivery",
		code: "not-heard",
		asks: ALL,
		settleS: [10 * MIN, 30 * MIN],
		strike(world, { taxi }) {
			world.broker.withhold = (to, message) => to === "depot" && message.topic.endsWith("/online");
			world.lightOf(taxi).powerOff();
		},
	},
	{
		kind: "partition",
		link: "delivery",
		asks: ALL,
		settleS: [50, 30 * MIN],
		strike: (world, { taxi }) => world.broker.partition(taxi.light),
	},
	{
		kind: "partition-at-a-swap",
		link: "delivery",
		asks: ALL,
		settleS: [15, 30 * MIN],
		strike(world, victim) {
			world.broker.partition(victim.taxi.light);
			swap(world, victim);
		},
	},
	{
		kind: "grants-dropped-at-a-swap",
		link: "delivery",
		asks: ALL,
		settleS: [15, 30 * MIN],
		strike(world, victim) {
			dropGrants(world, victim.taxi);
			swap(world, victim);
		},
	},
	{
		kind: "grants-dropped-at-a-renewal",
		link: "delivery",
		asks: ALL,
		settleS: [11 * MIN, 30 * MIN],
		strike: (world, { taxi }) => dropGrants(world, taxi),
	},
	{
		kind: "light-of-another-root",
		link: "delivery",
		code: "refused",
		asks: ALL,
		settleS: [20, 30 * MIN],
		plan: (plan, { taxi }) => void plan.otherRoot.add(taxi.light),
	},
	{
		kind: "light-of-another-key",
		link: "delivery",
		code: "never-heard",
		asks: ALL,
		settleS: [1, 30 * MIN],
		plan: (plan, { taxi }) => void plan.otherKey.add(taxi.light),
	},
	{
		kind: "light-never-powered",
		link: "delivery",
		code: "never-heard",
		asks: ALL,
		settleS: [1, 30 * MIN],
		plan: (plan, { taxi }) => void plan.neverOn.add(taxi.light),
	},
	{
		kind: "slow-network-at-a-swap",
		link: "delivery",
		asks: ALL,
		settleS: [12, 25],
		strike(world, victim) {
			world.broker.faults = { ...HONEST, delayMinMs: 30_000, delayMeanMs: 40_000 };
			swap(world, victim);
		},
	},
];

function dropGrants(world: FaultWorld, { light }: Taxi): void {
	world.broker.withhold = (to, message) => to === light && message.topic.endsWith("/grant");
}

const lamp = (state: LampFault): Fault => ({
	kind: `lamp-${state}`,
	link: "glass",
	code: `lamp-${state}`,
	asks: ALL,
	settleS: [1, 20 * MIN],
	strike(world, { taxi }, random) {
		const light = world.lightOf(taxi);
		light.lamp.setFault(random.int(0, 4), state);
		light.sense();
	},
});

const GLASS: readonly Fault[] = [
	lamp("open"),
	lamp("short"),
	lamp("stuck-on"),
	lamp("stuck-off"),
	{
		kind: "lamp-count-wrong",
		link: "glass",
		code: "lamp-count",
		asks: ALL,
		settleS: [4 * MIN, 20 * MIN],
		strike(world, { taxi }, random) {
			const light = world.lightOf(taxi);
			const count = random.pick([3, 4, 6, 7]);
			light.lamp.sensed = () => new Array<LampState>(count).fill("ok");
			light.sense();
		},
	},
	{
		kind: "put-out-by-a-terminal",
		link: "glass",
		asks: ALL,
		settleS: [1, 3 * MIN],
		strike(world, { taxi }, random) {
			// A meter or terminal on the light's line that commands 0 stars over and over.
			const every = random.int(150, 400);
			const again = (): void => {
				world.lightOf(taxi).unsignedZero();
				world.clock.after("0011 0", every, again);
			};
			again();
		},
		// Between two commands it is lit for an instant; a person asks because of a dark light.
		last(world, { taxi }) {
			const dark = () => world.gateway.view()?.light(taxi.light, world.gateway.now())?.observed === 0;
			for (let ms = 0; ms < 5000 && !dark(); ms += 10) world.advance(10);
		},
	},
	{
		kind: "light-cannot-write",
		link: "glass",
		code: "fault-pattern",
		asks: ALL,
		settleS: [30, 20 * MIN],
		strike(world, victim) {
			world.lightOf(victim.taxi).writesFail = true;
			swap(world, victim);
		},
	},
];

/** Every kind, by the link that it breaks. */
export const FAULTS: readonly Fault[] = [...RATING, ...POLICY, ...DUTY, ...GRANT, ...DELIVERY, ...GLASS];

/** What may have happened before, and leaves everybody lit. */
export const HISTORIES: readonly ((world: FaultWorld, victim: Victim, random: Prng) => void)[] = [
	(world, _victim, random) => world.advance(random.int(10, 900) * 1000),
	(world, _victim, random) => world.advance(random.int(600, 1300) * 1000),
	(world) => world.restart(),
	(world, victim) => {
		if (world.plan.ratings.has(otherDriver(victim))) swap(world, victim);
	},
	(world, { taxi, driver }, random) => {
		world.signOut(taxi.plate);
		world.advance(random.int(1, 400) * 1000);
		world.signIn(taxi.plate, driver);
	},
	(world, { taxi }, random) => {
		world.lightOf(taxi).powerOff();
		world.advance(random.int(1, 700) * 1000);
		world.lightOf(taxi).powerOn();
	},
	(world, _victim, random) => {
		const light = world.lightOf(random.pick(world.taxis));
		light.powerOff();
		world.advance(random.int(1, 60) * 1000);
		light.powerOn();
	},
	(world, { taxi }) => {
		world.bind(taxi.light, null);
		world.advance(3000);
		world.bind(taxi.light, taxi.plate);
	},
	(world) => world.tell({ what: "blank-fleet" }),
	(world, { taxi }, random) => {
		world.broker.partition(taxi.light);
		world.advance(random.int(1, 700) * 1000);
		world.broker.heal(taxi.light);
	},
	(world, { taxi }) => world.lightOf(taxi).unsignedZero(),
];
