import { copyBytes, equalBytes } from "../../../protocol/wire/bytes.ts";
import { PUBLIC_KEY_BYTES } from "../../../protocol/wire/cose.ts";
import type { Command } from "../types.ts";
import { type CommandView, done, type Outcome, refused } from "./outcome.ts";

/** Lights of one depot: ten times what one box is measured for, so that a runaway script fills no disk. */
export const MAX_LIGHTS = 100_000;

/** Registers a light by its public key. The same again changes nothing. */
export function lightAdd({ picture }: CommandView, command: Extract<Command, { what: "light-add" }>): Outcome {
	const { light, publicKey } = command;
	if (publicKey.length !== PUBLIC_KEY_BYTES)
		return refused(
			"public-key-invalid",
			`A light's public key has ${PUBLIC_KEY_BYTES} bytes, not ${publicKey.length}.`,
			"Make the light's keys with: liangxing lights add --out FILE.",
		);
	const known = picture.lights.get(light);
	if (known !== undefined && !equalBytes(known.publicKey, publicKey))
		return refused(
			"light-exists",
			`Light ${light} is registered with another key.`,
			"Use another light id, or leave the id out to get a free one.",
		);
	if (known !== undefined) return done({ light, applied: false });
	if (picture.lights.size >= MAX_LIGHTS)
		return refused("lights-full", `This depot has ${MAX_LIGHTS} lights already.`, "Set up another depot.");
	const record = { light, publicKey: copyBytes(publicKey), vehicle: null };
	return done({ light, applied: true }, [{ type: "light", light: record }]);
}
