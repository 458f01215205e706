import type { Command } from "../../gateway/core/types.ts";
import type { Prng } from "../random/prng.ts";
import type { Move } from "./moves.ts";
import type { Taxi } from "./setup.ts";
import type { DutyPicture } from "./truth.ts";
import type { World } from "./world.ts";

/** Hands a duty call to the gateway and to the truth: until the answer, both before and after are right. */
function callDuty(world: World, command: Command, change: DutyPicture): void {
	const { truth, gatewayChecker } = world;
	const id = truth.openDuty(change);
	world.caller.call(command, (answer) => {
		// A repeated sign-out may find that nobody is on duty any more: that is what was wanted.
		const applied = answer.ok && (answer.value.applied !== false || answer.value.code === "not-on-duty");
		truth.settleDuty(id, applied);
		if (applied) for (const [plate, driver] of change) gatewayChecker.dutyAnswered(plate, driver);
	});
}

/** Signs a driver in; the duty before, of the vehicle and of the driver elsewhere, ends. False while either is undecided. */
export function signIn(world: World, taxi: Taxi, certificate: string): boolean {
	const { truth } = world;
	const elsewhere = truth.plateOf(certificate);
	if (truth.isOpen(taxi.plate) || (elsewhere !== null && truth.isOpen(elsewhere)) || isMoving(world, certificate))
		return false;
	const change = new Map<string, string | null>([[taxi.plate, certificate]]);
	if (elsewhere !== null && elsewhere !== taxi.plate) change.set(elsewhere, null);
	const command: Command = { what: "sign-in", vehicle: { plate: taxi.plate }, driver: { certificate }, at: null };
	callDuty(world, command, change);
	return true;
}

export function signOut(world: World, taxi: Taxi): boolean {
	if (world.truth.isOpen(taxi.plate)) return false;
	const command: Command = { what: "sign-out", vehicle: { plate: taxi.plate }, driver: null, at: null };
	callDuty(world, command, new Map([[taxi.plate, null]]));
	return true;
}

/** Whether a call that is on its way is about this driver. */
const isMoving = (world: World, certificate: string): boolean =>
	world.setup.taxis.some((t) => world.truth.openDrivers(t.plate).has(certificate));

const taxiWith = (world: World, random: Prng, onDuty: boolean): Taxi | null => {
	const fitting = world.setup.taxis.filter((t) => (world.truth.driverOn(t.plate) != null) === onDuty);
	const settled = fitting.filter((t) => world.truth.driverOn(t.plate) !== undefined);
	return settled.length === 0 ? null : random.pick(settled);
};

/** Shifts: not faults, but what everything else happens to. */
export const DUTY_MOVES: readonly Move[] = [
	{
		kind: "sign-in",
		deals: 4,
		run(world, random) {
			const taxi = taxiWith(world, random, false);
			return taxi !== null && signIn(world, taxi, random.chance(0.7) ? taxi.main : taxi.deputy);
		},
	},
	{
		kind: "sign-out",
		deals: 4,
		run(world, random) {
			const taxi = taxiWith(world, random, true);
			return taxi !== null && signOut(world, taxi);
		},
	},
	{
		kind: "swap",
		deals: 4,
		run(world, random) {
			const taxi = taxiWith(world, random, true);
			if (taxi === null) return false;
			const now = world.truth.driverOn(taxi.plate);
			return signIn(world, taxi, now === taxi.main ? taxi.deputy : taxi.main);
		},
	},
	{
		kind: "sign-in-elsewhere",
		deals: 1,
		run(world, random) {
			const [from, to] = [taxiWith(world, random, true), random.pick(world.setup.taxis)];
			if (from === null || from === to || world.truth.isOpen(to.plate)) return false;
			const driver = world.truth.driverOn(from.plate);
			if (driver === null || driver === undefined) return false;
			return world.setup.config.allowUnassigned ? signIn(world, to, driver) : refusedSignIn(world, to, driver);
		},
	},
	{
		kind: "out-and-in",
		deals: 2,
		run(world, random) {
			const taxi = taxiWith(world, random, true);
			if (taxi === null || !signOut(world, taxi)) return false;
			world.clock.after("sign in again", random.int(50, 4000), () => signIn(world, taxi, taxi.main));
			return true;
		},
	},
];

/** A driver whom the fleet file does not give to the vehicle: refused, and nothing changes. */
function refusedSignIn(world: World, taxi: Taxi, certificate: string): boolean {
	if (certificate === taxi.main || certificate === taxi.deputy) return false;
	const command: Command = { what: "sign-in", vehicle: { plate: taxi.plate }, driver: { certificate }, at: null };
	world.caller.call(command, (answer) => {
		if (answer.ok) world.report("R2-unassigned-accepted", taxi.light, "a driver of another vehicle was signed in");
	});
	return true;
}
