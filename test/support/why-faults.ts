import type { Explanation } from "../../gateway/core/why/link.ts";
import type { WhyQuery } from "../../gateway/core/why/subject.ts";
import { detailOf, nextOf } from "../../gateway/core/why/words.ts";
import { whyAnswer } from "../../gateway/depot/why-answer.ts";
import { simCrypto } from "../../simulator/cli/node-crypto.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { FaultWorld } from "../../simulator/scenario/fault-world.ts";
import { type AskBy, FAULTS, type Fault, HISTORIES, type Victim } from "../../simulator/scenario/faults.ts";

/** One seed: what was planted, who asked how, and what was named. */
export interface FaultRun {
	readonly seed: number;
	readonly kind: string;
	readonly by: AskBy;
	readonly planted: string;
	readonly named: string | null;
	/** Code and facts of the named link, for looking. */
	readonly why: string;
	/** Lit and right before the fault, and still called broken. */
	readonly falseAlarms: readonly string[];
	/** Answers with a certificate number or an unfilled place in them. */
	readonly unfit: readonly string[];
	readonly right: boolean;
}

const crypto = simCrypto();

function ask(world: FaultWorld, { taxi, driver }: Victim, by: AskBy): Explanation | null {
	const key = world.driverKey(driver);
	const query: WhyQuery =
		by === "plate" ? { plate: taxi.plate } : by === "light" ? { light: taxi.light } : { driver: key ?? "D000000" };
	return world.why(query);
}

/** Taxis whose lamps show what is owed: `why` must find nothing there. */
function falseAlarms(world: FaultWorld): string[] {
	return world.taxis.flatMap(({ plate, light }) => {
		const why = world.why({ plate });
		const lamps = world.lights.get(light)?.lamp.toldStars() ?? 0;
		if (why === null || why.desired === 0 || lamps !== why.desired || why.broken === null) return [];
		return [`${plate} lit ${lamps}: ${nameOf(why)}`];
	});
}

const brokenOf = (why: Explanation | null) => why?.chain.find((one) => one.link === why.broken);

const nameOf = (why: Explanation | null): string => {
	const link = brokenOf(why);
	return why === null
		? "unknown"
		: link === undefined
			? "nothing"
			: `${link.link} ${link.code} ${JSON.stringify(link.facts)}`;
};

/** Said to be as owed, of a glass of which nobody has heard lately. */
function unseen({ chain }: Explanation): string[] {
	const delivery = chain.find((one) => one.link === "delivery")?.code;
	const glass = chain.find((one) => one.link === "glass");
	const isSilent = delivery === "not-heard" || delivery === "offline" || delivery === "never-heard";
	return isSilent && glass?.ok === true ? [`${glass.code} although ${delivery}`] : [];
}

/** What must not stand in an answer, in either language. */
function unfit(world: FaultWorld, why: Explanation | null): string[] {
	if (why === null) return ["no answer"];
	const told = (["zh", "en"] as const).flatMap((lang) => {
		const answer = whyAnswer(why, lang, world.gateway.now());
		const text = JSON.stringify(answer);
		const words = [...why.chain.map((link) => detailOf(link, lang)), nextOf(why, lang)];
		const bad = words.filter((word) => word === "" || /[{}]|undefined|NaN/.test(word));
		return [...bad, ...world.setup.certificates.filter((certificate) => text.includes(certificate))];
	});
	return [...told, ...unseen(why)];
}

/** What happened before: shifts, cuts, restarts, renewals; everybody is lit again after it. */
function live(world: FaultWorld, victim: Victim, random: Prng): void {
	for (let i = random.int(0, 4); i > 0; i--) {
		random.pick(HISTORIES)(world, victim, random);
		world.advance(15_000);
	}
	// Whoever was cut off has reported since.
	world.advance(230_000);
}

function victimOf(world: FaultWorld, random: Prng): Victim {
	const taxi = random.pick(world.taxis);
	return { taxi, driver: world.plan.duties.get(taxi.plate) ?? taxi.main };
}

/** Plants one fault into one small fleet, lets it settle, and asks. */
export function runFault(seed: number, fault: Fault = FAULTS[seed % FAULTS.length] as Fault): FaultRun {
	const world = new FaultWorld(seed, crypto);
	const random = new Prng(seed).split("fault");
	const victim = victimOf(world, random);
	fault.plan?.(world.plan, victim, world, random);
	world.begin();
	const alarms: string[] = [];
	if (fault.strike !== undefined) {
		live(world, victim, random);
		alarms.push(...falseAlarms(world));
		const before = fault.plan === undefined ? ask(world, victim, "plate") : null;
		if (before !== null && before.broken !== null) alarms.push(`broken before the fault: ${nameOf(before)}`);
		fault.strike(world, victim, random);
	}
	const [from, to] = fault.settleS;
	world.advance(random.int(from * 1000, to * 1000));
	fault.last?.(world, victim, random);
	const by = random.pick(fault.asks);
	const why = ask(world, victim, by);
	const named = why?.broken ?? null;
	return {
		seed,
		kind: fault.kind,
		by,
		planted: fault.link,
		named,
		why: nameOf(why),
		falseAlarms: alarms,
		unfit: unfit(world, why),
		right: named === fault.link && (fault.code === undefined || fault.code === brokenOf(why)?.code),
	};
}

/** A fleet to which nothing happens but shifts, cuts and restarts: what is called broken although the lamps show what is owed. */
export function runCalm(seed: number): string[] {
	const world = new FaultWorld(seed, crypto);
	const random = new Prng(seed).split("fault");
	const victim = victimOf(world, random);
	world.begin();
	const alarms: string[] = [];
	for (let round = 0; round < 3; round++) {
		live(world, victim, random);
		for (let look = 0; look < 60; look++) {
			world.advance(random.int(100, 9000));
			alarms.push(...falseAlarms(world));
		}
		const dark = world.taxis.filter(({ light }) => (world.lights.get(light)?.lamp.toldStars() ?? 0) === 0);
		alarms.push(...dark.filter(({ plate }) => world.why({ plate })?.desired !== 0).map(({ plate }) => `${plate} dark`));
	}
	return alarms;
}

/** Kinds with how often each was planted, and how often its link was named. */
export function tableOf(runs: readonly FaultRun[]): string {
	const kinds = [...new Set(runs.map(({ kind }) => kind))];
	const rows = kinds.map((kind) => {
		const of = runs.filter((run) => run.kind === kind);
		const named = of.filter((run) => run.named !== null);
		const right = of.filter((run) => run.right);
		const link = of[0]?.planted ?? "";
		return `${kind.padEnd(38)} ${link.padEnd(9)} ${[of, named, right].map(({ length }) => String(length).padStart(7)).join("")}`;
	});
	const total = `${"all".padEnd(48)} ${String(runs.length).padStart(7)}${String(runs.filter((r) => r.named !== null).length).padStart(7)}${String(runs.filter((r) => r.right).length).padStart(7)}`;
	return [`${"fault".padEnd(38)} ${"link".padEnd(9)} planted  named  right`, ...rows, total].join("\n");
}

/** The runs that named another link, with how to see them again. */
export const missesOf = (runs: readonly FaultRun[]): string[] =>
	runs
		.filter((run) => !run.right)
		.map((run) => `seed ${run.seed} ${run.kind} by ${run.by}: planted ${run.planted}, named ${run.why}`);

/** Everything that holds of all runs, whatever was planted. */
export const flawsOf = (runs: readonly FaultRun[]): string[] =>
	runs.flatMap(({ seed, falseAlarms: alarms, unfit: words }) =>
		[...alarms, ...words].map((flaw) => `seed ${seed}: ${flaw}`),
	);
