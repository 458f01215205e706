import type { DeviceEffect, DeviceEnv, DeviceInput, Face } from "../../device/core/types.ts";
import { decodePayload } from "../../protocol/wire/codec.ts";
import { disassemble } from "../../protocol/wire/cose.ts";
import type { Grant, Job } from "../../protocol/wire/messages.ts";
import { seal } from "../../protocol/wire/seal.ts";
import type { MonoMs } from "../../protocol/wire/units.ts";
import type { LightBrain } from "./parts.ts";

/** What a planted bug changes of a light. */
export interface Bug {
	/** The input that the real core gets; null = it never hears of it. */
	before?(input: DeviceInput): DeviceInput | null;
	/** The face to show in place of `real`; `shown` is what the lamps show now. */
	face(real: Face, shown: Face, input: DeviceInput, effects: readonly DeviceEffect[], now: MonoMs): Face;
}

const NEUTRAL: Face = { pattern: "neutral", stars: 0 };
const same = (a: Face, b: Face): boolean => a.pattern === b.pattern && a.stars === b.stars;

/**
 * A real light's core with a bug in front of its lamps. What it says of itself agrees with what it shows, as with a real bug:
 * otherwise the judge would find each by the report alone.
 */
export function withBug(inner: LightBrain, env: DeviceEnv, bug: Bug): LightBrain {
	let real = NEUTRAL;
	let shown = NEUTRAL;
	return {
		step(input, now) {
			const taken = bug.before === undefined ? input : bug.before(input);
			const effects = taken === null ? [] : inner.step(taken, now);
			const showing = effects.some((e) => e.type === "show");
			for (const effect of effects) if (effect.type === "show") real = effect.face;
			const face = bug.face(real, shown, input, effects, now);
			const out: DeviceEffect[] = showing || !same(face, shown) ? [{ type: "show", face }] : [];
			shown = face;
			for (const effect of effects) {
				if (effect.type === "publish")
					out.push(same(face, real) ? effect : { ...effect, bytes: asShown(effect, face, env) });
				else if (effect.type !== "show") out.push(effect);
			}
			return out;
		},
	};
}

function asShown(effect: DeviceEffect & { type: "publish" }, face: Face, env: DeviceEnv): Uint8Array {
	const payload = disassemble(effect.bytes)?.payload;
	const report = payload === undefined || effect.kind !== "state" ? null : decodePayload("state", payload);
	if (report === null) return effect.bytes;
	return seal("state", { ...report, shown: face.stars, pattern: face.pattern }, env.signer, env.crypto);
}

/** The grant in an input, whoever signed it. */
export function grantIn(input: DeviceInput): Grant | null {
	if (input.type !== "message" || input.kind !== "grant") return null;
	const payload = disassemble(input.bytes)?.payload;
	return payload === undefined ? null : decodePayload("grant", payload);
}

/** The job in an input, whoever signed it. */
export function jobIn(input: DeviceInput): Job | null {
	if (input.type !== "message" || input.kind !== "job") return null;
	const payload = disassemble(input.bytes)?.payload;
	return payload === undefined ? null : decodePayload("job", payload);
}

/** Name of the grant that the real core refused in this step for one of these reasons, or null. */
export function refusedFor(effects: readonly DeviceEffect[], codes: readonly string[]): string | null {
	for (const effect of effects) {
		if (effect.type !== "log" || effect.fields["refusal"] === undefined) continue;
		const { refusal, epoch, seq } = effect.fields;
		if (codes.includes(String(refusal))) return `${epoch}/${seq}`;
	}
	return null;
}
