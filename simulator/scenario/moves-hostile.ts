import { decodePayload, encodePayload } from "../../protocol/wire/codec.ts";
import { assemble, disassemble } from "../../protocol/wire/cose.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import type { Stars } from "../../protocol/wire/units.ts";
import type { Held } from "../link/sim-broker.ts";
import type { Prng } from "../random/prng.ts";
import type { LightHost } from "./light-host.ts";
import { litLights, type Move, poweredLights } from "./moves.ts";
import { cut } from "./moves-light.ts";
import { pastLeaseMs, untilRightMs } from "./moves-network.ts";
import { FLEET } from "./setup.ts";
import type { World } from "./world.ts";

/** Lights that get a forged grant, or another's, in one move. */
const FORGED_AT_ONCE = 4;
/** Lights of which old states come again in one move. */
const STATES_AT_ONCE = 3;

const grantTopic = (light: LightHost): string => topicOf.grant(FLEET, light.taxi.light);
const stateTopic = (light: LightHost): string => topicOf.state(FLEET, light.taxi.light);

/** Hands bytes to a light (or the depot) as if they had been published just now. */
function inject(world: World, to: string, topic: string, payload: Uint8Array): void {
	world.broker.inject(to, { topic, payload, retain: false });
}

const injectGrant = (world: World, light: LightHost, payload: Uint8Array): void =>
	inject(world, light.taxi.light, grantTopic(light), payload);

const starsIn = (bytes: Uint8Array): number => {
	const payload = disassemble(bytes)?.payload;
	return payload === undefined ? 0 : (decodePayload("grant", payload)?.stars ?? 0);
};

/** Grants of a light that were seen, oldest first, with stars other than those it shows. */
const otherGrants = (world: World, light: LightHost): readonly Uint8Array[] =>
	world.broker.seen(grantTopic(light)).filter((b) => starsIn(b) > 0 && starsIn(b) !== light.lamp.toldStars());

/** States of a light that were seen, of a time when it showed something else. */
const otherStates = (world: World, light: LightHost): readonly Uint8Array[] =>
	world.broker.seen(stateTopic(light)).filter((bytes) => {
		const payload = disassemble(bytes)?.payload;
		const report = payload === undefined ? null : decodePayload("state", payload);
		return report !== null && report.shown !== light.lamp.toldStars();
	});

/** Those that the broker can reach: what is given to another is lost, and tests nothing. */
const reached = (world: World, lights: readonly LightHost[]): readonly LightHost[] =>
	lights.filter((light) => world.broker.connected(light.taxi.light));

const lightsWithOtherGrants = (world: World): readonly LightHost[] =>
	reached(world, poweredLights(world)).filter((light) => otherGrants(world, light).length > 0);

function releaseHoard(world: World, random: Prng, held: readonly Held[]): void {
	const free = held.filter(({ to }) => (world.starved.get(to) ?? 0) <= world.clock.now());
	for (const { to, message } of random.shuffle([...free, ...free.slice(0, 4)])) world.broker.inject(to, message);
}

/** A state (or grant) with another count under the old signature. */
function forge<K extends "grant" | "state">(
	kind: K,
	bytes: Uint8Array,
	change: (
		message: NonNullable<ReturnType<typeof decodePayload<K>>>,
	) => NonNullable<ReturnType<typeof decodePayload<K>>>,
): Uint8Array | null {
	const parts = disassemble(bytes);
	const message = parts === null ? null : decodePayload(kind, parts.payload);
	if (parts === null || message === null) return null;
	return assemble(parts.kid, encodePayload(kind, change(message)), parts.signature);
}

const otherStars = (random: Prng, now: number): Stars => (((now + random.int(1, 4)) % 5) + 1) as Stars;

/** A count that nobody signed, for the light's newest ask, under the signature of its newest grant. */
function forgeGrant(world: World, random: Prng, light: LightHost): boolean {
	const state = world.broker.seen(stateTopic(light)).at(-1);
	const newest = world.broker.seen(grantTopic(light)).at(-1);
	const said = state && decodePayload("state", disassemble(state)?.payload ?? new Uint8Array());
	if (!newest || !said || starsIn(newest) === 0) return false;
	const stars = otherStars(random, light.lamp.toldStars());
	if (stars === light.lamp.toldStars()) return false;
	const forged = forge("grant", newest, (grant) => ({ ...grant, stars, seq: grant.seq + 1, ask: said.ask }));
	if (forged !== null) injectGrant(world, light, forged);
	return forged !== null;
}

function starve(world: World, random: Prng): boolean {
	const lit = litLights(world);
	if (lit.length < 10) return false;
	const light = random.pick(lit);
	const id = light.taxi.light;
	const newest = world.broker.seen(grantTopic(light)).at(-1);
	if (newest === undefined || starsIn(newest) !== light.lamp.toldStars()) return false;
	world.excluded.set(id, world.clock.now() + untilRightMs(world));
	world.starved.set(id, world.clock.now() + pastLeaseMs(world));
	for (let at = 60_000; at < pastLeaseMs(world); at += 90_000) {
		world.clock.after("replay to a starved light", at, () => injectGrant(world, light, newest));
	}
	return true;
}

function replayAcrossCut(world: World, random: Prng): boolean {
	const lit = litLights(world);
	if (lit.length === 0) return false;
	const light = random.pick(lit);
	const old = world.broker.seen(grantTopic(light)).filter((b) => starsIn(b) > 0);
	cut(world, light, random.int(500, 5000));
	for (const at of [8000, 9000]) {
		world.clock.after("replay after a cut", at, () => {
			for (const bytes of random.shuffle(old).slice(0, 4)) injectGrant(world, light, bytes);
		});
	}
	return true;
}

/** What a broker may do that never signs anything: keep, drop, repeat, redirect, corrupt. */
export const HOSTILE_MOVES: readonly Move[] = [
	{
		kind: "withhold",
		deals: 2,
		run(world, random) {
			for (const light of random.shuffle(poweredLights(world)).slice(0, 4)) {
				world.withheld.set(light.taxi.light, world.clock.now() + random.int(5, 40) * 1000);
			}
			return true;
		},
	},
	{
		kind: "hoard-and-release",
		deals: 2,
		run(world, random) {
			for (const light of random.shuffle(poweredLights(world)).slice(0, 8)) {
				world.withheld.set(light.taxi.light, world.clock.now() + 20_000);
			}
			world.clock.after("release the hoard", random.int(12, 25) * 1000, () => {
				releaseHoard(world, random, world.broker.takeHoard());
			});
			return true;
		},
	},
	{ kind: "starve-and-replay", deals: 2, run: starve },
	{
		kind: "replay-grant",
		deals: 5,
		run(world, random) {
			const lights = lightsWithOtherGrants(world);
			if (lights.length === 0) return false;
			const light = random.pick(lights);
			for (const bytes of random.shuffle(otherGrants(world, light)).slice(0, 3)) injectGrant(world, light, bytes);
			return true;
		},
	},
	{ kind: "replay-across-cut", deals: 3, run: replayAcrossCut },
	{
		kind: "replay-state",
		deals: 4,
		run(world, random) {
			const fitting = poweredLights(world).filter((light) => otherStates(world, light).length > 0);
			if (!world.broker.connected("depot")) return false;
			for (const light of random.shuffle(fitting).slice(0, STATES_AT_ONCE)) {
				const old = random.shuffle(otherStates(world, light)).slice(0, 2);
				for (const bytes of old) inject(world, "depot", stateTopic(light), bytes);
			}
			return fitting.length > 0;
		},
	},
	{
		kind: "replay-notice",
		deals: 1,
		run(world, random) {
			const seen = world.broker.seen(topicOf.notice(FLEET));
			if (seen.length === 0) return false;
			for (const light of random.shuffle(poweredLights(world)).slice(0, 6)) {
				inject(world, light.taxi.light, topicOf.notice(FLEET), random.pick(seen));
			}
			return true;
		},
	},
	{
		kind: "replay-keys",
		deals: 1,
		run(world, random) {
			const seen = world.broker.seen(topicOf.keys(FLEET));
			if (seen.length === 0) return false;
			for (const light of random.shuffle(poweredLights(world)).slice(0, 6)) {
				inject(world, light.taxi.light, topicOf.keys(FLEET), random.pick(seen));
			}
			return true;
		},
	},
	{
		kind: "anothers-grant",
		deals: 3,
		run(world, random) {
			const [other, ...lights] = random.shuffle(reached(world, litLights(world))).slice(0, FORGED_AT_ONCE + 1);
			const bytes = other === undefined ? undefined : world.broker.seen(grantTopic(other)).at(-1);
			if (bytes === undefined || starsIn(bytes) === 0) return false;
			const others = lights.filter((light) => light.lamp.toldStars() !== starsIn(bytes));
			for (const light of others) injectGrant(world, light, bytes);
			return others.length > 0;
		},
	},
	{
		kind: "corrupt",
		deals: 2,
		run(world, random) {
			const fitting = reached(world, poweredLights(world));
			const light = fitting.length === 0 ? undefined : random.pick(fitting);
			const bytes = light === undefined ? undefined : world.broker.seen(grantTopic(light)).at(-1)?.slice();
			if (light === undefined || bytes === undefined) return false;
			const at = random.int(0, bytes.length - 1);
			bytes[at] = (bytes[at] as number) ^ (1 << random.int(0, 7));
			injectGrant(world, light, bytes);
			return true;
		},
	},
	{
		kind: "forge-grant",
		deals: 3,
		run(world, random) {
			const lit = random.shuffle(reached(world, litLights(world))).slice(0, FORGED_AT_ONCE);
			return lit.filter((light) => forgeGrant(world, random, light)).length > 0;
		},
	},
	{
		kind: "forge-state",
		deals: 3,
		run(world, random) {
			const light = random.pick(poweredLights(world));
			const newest = world.broker.seen(stateTopic(light)).at(-1);
			if (newest === undefined || !world.broker.connected("depot")) return false;
			const shown = otherStars(random, light.lamp.toldStars());
			const forged = forge("state", newest, (state) => ({
				...state,
				shown,
				pattern: "stars",
				counter: state.counter + 1,
			}));
			if (forged !== null) inject(world, "depot", stateTopic(light), forged);
			return forged !== null;
		},
	},
	{
		kind: "reflect",
		deals: 1,
		run(world, random) {
			const light = random.pick(poweredLights(world));
			const state = world.broker.seen(stateTopic(light)).at(-1);
			const grant = world.broker.seen(grantTopic(light)).at(-1);
			if (state === undefined || grant === undefined) return false;
			injectGrant(world, light, state);
			inject(world, light.taxi.light, topicOf.notice(FLEET), grant);
			inject(world, "depot", stateTopic(light), grant);
			return true;
		},
	},
	{
		kind: "retained-rolled-back",
		deals: 2,
		run(world, random) {
			const lights = lightsWithOtherGrants(world);
			if (lights.length === 0) return false;
			const light = random.pick(lights);
			world.broker.overwriteRetained(grantTopic(light), random.pick(otherGrants(world, light)));
			world.broker.drop(light.taxi.light, "broker restart");
			return true;
		},
	},
];
