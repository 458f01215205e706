import type { DeviceEffect, DeviceEnv, DeviceInput, Face } from "../../device/core/types.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import type { LightBrain } from "./parts.ts";
import { type Bug, grantIn, jobIn, refusedFor, withBug } from "./plant-overlay.ts";

/** A bug in a light's core: `memory` outlives cuts of the power. */
export interface LightPlant {
	readonly name: string;
	readonly description: string;
	light(inner: LightBrain, env: DeviceEnv, id: LightId, memory: Map<LightId, Face>): LightBrain;
}

const starsFace = (stars: Face["stars"]): Face => ({ pattern: "stars", stars });

/** Shows a grant that the real core refused for one of these reasons, until the real face changes. */
function showsRefused(codes: readonly string[]): Bug {
	let override: Face | null = null;
	let before: Face | null = null;
	// A light that writes takes a message later than it comes.
	const recent = new Map<string, Face["stars"]>();
	return {
		face(real, _shown, input, effects) {
			if (before !== null && (real.pattern !== before.pattern || real.stars !== before.stars)) override = null;
			before = real;
			const grant = grantIn(input);
			if (grant !== null) recent.set(`${grant.epoch}/${grant.seq}`, grant.stars);
			const stars = recent.get(refusedFor(effects, codes) ?? "") ?? 0;
			if (stars > 0) override = starsFace(stars);
			return override ?? real;
		},
	};
}

/** Stays lit when time alone makes the real core dark, if `may` agrees. */
function staysLit(may: () => boolean, see: (input: DeviceInput) => void): Bug {
	let held: Face | null = null;
	return {
		face(real, shown, input) {
			see(input);
			if (real.pattern !== "neutral" || input.type === "boot" || input.type === "unsigned-zero") held = null;
			else if (input.type === "tick" && shown.pattern === "stars" && may()) held = shown;
			return held ?? real;
		},
	};
}

const deaf = (drops: (input: DeviceInput) => boolean): Bug => ({
	before: (input) => (drops(input) ? null : input),
	face: (real) => real,
});

function lightsBeforeWrite(): Bug {
	let override: Face | null = null;
	return {
		face(real, _shown, input, effects) {
			if (input.type === "written" || input.type === "boot") override = null;
			const grant = grantIn(input);
			if (grant !== null && grant.stars > 0 && effects.some((e) => e.type === "write"))
				override = starsFace(grant.stars);
			return override ?? real;
		},
	};
}

function keepsLeaseOnReplay(): Bug {
	let newest = "";
	let repeated = false;
	return staysLit(
		() => repeated,
		(input) => {
			if (input.type !== "message" || input.kind !== "grant") return;
			const bytes = input.bytes.join(",");
			repeated = bytes === newest;
			newest = bytes;
		},
	);
}

/** How long the planted pattern stays: as long as that of a job that was taken. */
const PATTERN_MS = { identify: 60_000, "self-test": 2_500 } as const;

/** Does a job that the real core refused because its ask is not live. */
function takesJobAgain(): Bug {
	let override: Face | null = null;
	let until = 0;
	let last: keyof typeof PATTERN_MS | null = null;
	return {
		face(real, _shown, input, effects, now) {
			const job = jobIn(input);
			if (job !== null) last = job.what === "identify" || job.what === "self-test" ? job.what : null;
			if (now >= until) override = null;
			const refused = effects.some(
				(e) => e.type === "log" && e.fields["refusal"] === "not-fresh" && e.fields["kind"] === "job",
			);
			if (refused && last !== null) {
				override = { pattern: last, stars: 0 };
				until = now + PATTERN_MS[last];
			}
			return override ?? real;
		},
	};
}

function revivesEnded(id: LightId, memory: Map<LightId, Face>): Bug {
	let revived: Face | null = null;
	return {
		face(real, _shown, input) {
			if (input.type === "boot") revived = memory.get(id) ?? null;
			if (real.pattern === "stars") {
				revived = null;
				memory.set(id, real);
			}
			return revived ?? real;
		},
	};
}

/** The second of the two copies is never written; the core is told that it was. */
function writesOneCopy(inner: LightBrain): LightBrain {
	const done = new Set<number>();
	const pass = (effects: readonly DeviceEffect[], now: Parameters<LightBrain["step"]>[1]): readonly DeviceEffect[] =>
		effects.flatMap((effect) => {
			if (effect.type !== "write") return [effect];
			if (!done.has(effect.generation)) {
				done.add(effect.generation);
				return [effect];
			}
			const { slot, generation } = effect;
			return pass(inner.step({ type: "written", slot, generation }, now), now);
		});
	return { step: (input, now) => pass(inner.step(input, now), now) };
}

const plant = (
	name: string,
	description: string,
	bug: (id: LightId, memory: Map<LightId, Face>) => Bug,
): LightPlant => ({
	name,
	description,
	light: (inner, env, id, memory) => withBug(inner, env, bug(id, memory)),
});

export const LIGHT_PLANTS: readonly LightPlant[] = [
	plant("light-skips-ask-check", "a grant is shown although its ask is not live", () =>
		showsRefused(["stale", "conflict", "not-fresh", "void", "expired"]),
	),
	plant("light-takes-job-again", "a job that was done before is done again when it comes again", takesJobAgain),
	plant("light-takes-others-grant", "a grant for another light is shown", () => showsRefused(["wrong-light"])),
	plant("light-trusts-any-signature", "a grant with a wrong signature is shown", () => showsRefused(["bad-signature"])),
	plant("light-ignores-lease", "a star stays lit when its lease is over", () =>
		staysLit(
			() => true,
			() => {},
		),
	),
	plant("light-keeps-lease-on-replay", "the stored grant, sent again, lengthens its lease", keepsLeaseOnReplay),
	plant(
		"light-lights-before-write",
		"a star is lit before both copies of the record hold its grant",
		lightsBeforeWrite,
	),
	plant("light-ignores-notice", "a notice that blanks the fleet is not heard", () =>
		deaf((input) => input.type === "message" && input.kind === "notice"),
	),
	plant("light-ignores-unsigned-zero", "the unsigned 0 stars on the serial line is not obeyed", () =>
		deaf((input) => input.type === "unsigned-zero"),
	),
	plant("light-miscounts-broken-lamp", "a broken lamp is not noticed, and n stars look like another count", () =>
		deaf((input) => input.type === "lamps"),
	),
	plant(
		"light-revives-ended-grant",
		"after a loss of power the last star is shown again whatever has ended",
		revivesEnded,
	),
	{
		name: "light-writes-one-copy",
		description: "only one of the two copies of the record is written",
		light: (inner) => writesOneCopy(inner),
	},
];
