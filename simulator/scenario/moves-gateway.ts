import { afterRestore } from "../../gateway/core/restored.ts";
import type { Signer } from "../../protocol/ports/crypto.ts";
import type { Prng } from "../random/prng.ts";
import { accept } from "./clock-care.ts";
import { litLights, type Move } from "./moves.ts";
import { signIn } from "./moves-duty.ts";
import type { Taxi } from "./setup.ts";
import type { World } from "./world.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Lights that are lit when the fleet is blanked. */
const LIT_FOR_NOTICE = 10;
/** When drivers whose duties a restored store does not know sign in anew, milliseconds after: from, to. */
const SIGN_IN_ANEW_MS = [5000, 35_000] as const;

/** Starts the process again after a while, as a service manager does. */
function restartLater(world: World, random: Prng): void {
	world.gateway.onDeath = () => {
		world.gateway.onDeath = null;
		world.clock.after("restart", random.int(200, 2500), () => {
			if (!world.gateway.running()) world.gateway.start();
		});
	};
}

function kill(world: World, random: Prng): boolean {
	if (!world.gateway.running()) return false;
	restartLater(world, random);
	world.gateway.kill();
	return true;
}

/** The next set of keys: a new key joins, signs, and the old one leaves; or all at once, as when a key was stolen. */
function rotateKeys(world: World, random: Prng): boolean {
	const { gateway, keys, setup } = world;
	if (!gateway.running()) return false;
	const next = setup.signing[(setup.signing.indexOf(gateway.signer) + 1) % setup.signing.length] as Signer;
	let signer = gateway.signer;
	let trusted: readonly Signer[] = keys.trusted;
	if (random.chance(0.35)) {
		signer = next;
		trusted = [next];
	} else if (keys.trusted.length === 1) trusted = [gateway.signer, next];
	else if (gateway.signer === keys.trusted[0]) signer = keys.trusted[1] as Signer;
	else trusted = [gateway.signer];
	gateway.kill();
	gateway.signer = signer;
	if (trusted !== keys.trusted) gateway.keysMessage = world.makeKeys(trusted);
	world.clock.after("start with new keys", random.int(200, 1500), () => {
		if (!gateway.running()) gateway.start();
	});
	return true;
}

/** An operator puts back an older copy of the store; the gateway blanks the fleet first, and drivers sign in anew. Not while the clock is or was wrong. */
function restore(world: World, random: Prng): boolean {
	const { gateway, truth } = world;
	const copy = world.backups.length === 0 ? undefined : random.pick(world.backups);
	if (copy === undefined || truth.anyOpen() || world.caller.waiting() > 0) return false;
	if (world.clockWasAhead || gateway.clock.offset() !== 0 || !gateway.running()) return false;
	const atWork = world.setup.taxis.filter((taxi) => truth.driverOn(taxi.plate) !== null);
	gateway.kill();
	gateway.store.restore(copy.snapshot);
	gateway.store.commit(afterRestore(copy.snapshot, false, null));
	truth.restore({ ...copy.truth, duty: new Map([...copy.truth.duty.keys()].map((plate) => [plate, null])) });
	world.gatewayChecker.restored(copy.newestTime);
	world.clock.after("start restored", random.int(300, 1500), () => {
		if (!gateway.running()) gateway.start();
	});
	for (const taxi of atWork)
		world.clock.after("sign in anew", random.int(...SIGN_IN_ANEW_MS), () => signInAnew(world, taxi));
	return true;
}

/** A driver who is told at the depot that his star is gone. */
function signInAnew(world: World, taxi: Taxi): void {
	if (world.truth.driverOn(taxi.plate) === null) signIn(world, taxi, taxi.main);
}

/** What happens to the depot: process, disk, store, keys, clock. */
export const GATEWAY_MOVES: readonly Move[] = [
	{ kind: "gateway-kill", deals: 1, costly: true, run: kill },
	{
		kind: "gateway-kill-between-effects",
		deals: 2,
		costly: true,
		run(world, random) {
			restartLater(world, random);
			world.gateway.killAfterEffects = random.int(0, 12);
			return true;
		},
	},
	{
		kind: "gateway-kill-at-answer",
		deals: 2,
		costly: true,
		run(world, random) {
			world.caller.onAnswer = () => {
				world.caller.onAnswer = null;
				kill(world, random);
			};
			return true;
		},
	},
	{
		kind: "disk-full",
		deals: 1,
		costly: true,
		run(world, random) {
			world.gateway.diskFull = true;
			world.clock.after("disk has room", random.int(300, 3000), () => {
				world.gateway.diskFull = false;
			});
			return true;
		},
	},
	{
		kind: "disk-slow",
		deals: 2,
		run(world, random) {
			world.gateway.diskMs = [200, 1500];
			world.clock.after("disk fast again", random.int(5, 20) * 1000, () => {
				world.gateway.diskMs = [1, 30];
			});
			return true;
		},
	},
	{ kind: "store-restored", deals: 1, costly: true, run: restore },
	{ kind: "key-rotation", deals: 2, costly: true, run: rotateKeys },
	{
		kind: "notice",
		deals: 2,
		costly: true,
		run(world) {
			// With a clock that is not trusted it would be refused; with nothing lit nobody would see it.
			if (isFarOff(world) || !world.gateway.running() || litLights(world).length < LIT_FOR_NOTICE) return false;
			world.caller.call({ what: "blank-fleet" }, () => {});
			return true;
		},
	},
	{
		kind: "clock-back",
		deals: 2,
		run(world, random) {
			if (isFarOff(world)) return false;
			stepClock(world, random, -random.pick([DAY_MS, HOUR_MS, 60_000]));
			if (random.chance(0.3)) world.clock.after("clock accepted", 15_000, () => accept(world));
			return true;
		},
	},
	{
		kind: "clock-ahead",
		deals: 1,
		run(world, random) {
			if (isFarOff(world) || !world.mayRunAhead) return false;
			stepClock(world, random, random.pick([2 * DAY_MS, 30 * HOUR_MS, HOUR_MS]));
			if (random.chance(0.3)) world.clock.after("clock accepted", 15_000, () => accept(world));
			return true;
		},
	},
	{
		kind: "clock-back-a-little",
		deals: 1,
		run(world, random) {
			if (world.gateway.clock.offset() !== 0) return false;
			stepClock(world, random, -random.int(1000, 4000));
			return true;
		},
	},
];

/** The clock is wrong already, by more than a little; or a store was put back, which is not combined with a wrong clock. */
const isFarOff = (world: World): boolean =>
	Math.abs(world.gateway.clock.offset()) > 10_000 || world.gateway.store.view().meta.blankDue;

function stepClock(world: World, random: Prng, offsetMs: number): void {
	world.gateway.clock.setOffset(offsetMs);
	world.clockWasAhead ||= offsetMs > 0;
	world.gateway.tick();
	// Drivers do not know of it: what their shifts owe must wait, or rest on the right time.
	for (const at of [500, 2000, 4000]) {
		world.clock.after("shift", at, () => {
			const taxi = random.pick(world.setup.taxis);
			const driver = world.truth.driverOn(taxi.plate);
			if (driver !== undefined) signIn(world, taxi, driver === taxi.main ? taxi.deputy : taxi.main);
		});
	}
}
