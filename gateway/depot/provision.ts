import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import type { Crypto } from "../../protocol/ports/crypto.ts";
import type { Random } from "../../protocol/ports/random.ts";
import { formatProvision } from "../../protocol/schema/provision.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { parseLightId, randomLightId } from "../../protocol/wire/light-id.ts";
import { lightIdError } from "../../protocol/wire/light-id-error.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { type DataFolder, PRIVATE_MODE, readIfThere } from "./data-folder.ts";
import { showKeys } from "./keys.ts";
import { makeKeyPair } from "./node-crypto.ts";

/** A new light: what its controller gets, and the public half that the depot keeps. */
export interface NewLight {
	readonly light: LightId;
	/** Raw 32 bytes. */
	readonly publicKey: Uint8Array;
	/** Text of the provisioning file; holds the light's private key. */
	readonly file: string;
}

/** The light id as typed, small letters too. Throws `light-id-malformed`, which says what is wrong with it. */
export function requireLightId(text: string): LightId {
	const typed = text.trim().toUpperCase();
	const light = parseLightId(typed);
	if (light !== null) return light;
	throw lightIdError(typed);
}

/** Makes lights of one fleet. Throws `no-data-folder` before the first start. */
export function lightMaker(
	folder: DataFolder,
	broker: string,
	random: Random,
	crypto: Crypto,
): (light: LightId | null) => NewLight {
	const keys = showKeys(folder, crypto);
	const message = toHex(readIfThere(folder.keysMessage) ?? new Uint8Array());
	return (given) => {
		const light = given ?? randomLightId(random);
		const pair = makeKeyPair();
		const file = formatProvision({
			version: 1,
			fleet: keys.fleet,
			light,
			privateKey: pair.privatePem,
			publicKey: toHex(pair.publicKey),
			rootPublicKey: keys.root,
			keys: message,
			broker,
		});
		return { light, publicKey: pair.publicKey, file };
	};
}

/** Writes a provisioning file (mode 0600, durable) where none is yet. Throws `file-exists`, `file-unwritable`. */
export function writeProvisionFile(path: string, text: string): void {
	let fd: number;
	try {
		fd = openSync(path, "wx", PRIVATE_MODE);
	} catch (cause) {
		const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
		throw new CodedError(
			exists ? "file-exists" : "file-unwritable",
			exists ? `${path} is there already; it may hold another light's key.` : `${path} cannot be written.`,
			{
				fault: "input",
				next: exists
					? "Give --out another name, or remove the file."
					: "Give --out a file in a folder that you may write.",
				cause,
			},
		);
	}
	try {
		writeSync(fd, text);
		fsyncSync(fd);
	} catch (cause) {
		rmSync(path, { force: true });
		throw new CodedError("file-unwritable", `${path} cannot be written.`, {
			fault: "environment",
			next: "Free some space on its disk, then repeat.",
			cause,
		});
	} finally {
		closeSync(fd);
	}
}
