import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { readNamedFile } from "../../gateway/sources/read-file.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { readIntelHex } from "./intel-hex.ts";

/** A program for the chip, and the hash over the bytes of the file that it came from. */
export interface FirmwareImage {
	readonly name: string;
	readonly sha256: string;
	readonly flash: Uint8Array;
}

/** Larger than any image of this chip as text. */
const MAX_IMAGE_BYTES = 200_000;

/** The npm package that brings the images. They link GPL code: read where they were installed, never kept or bundled here. */
export const IMAGE_PACKAGE = "node-pixel@0.11.0";
const PACKAGE_NAME = "node-pixel";

/** Images for the ATmega328P, by the hash of their files: what was tested is what runs. */
export const KNOWN_IMAGES = {
	uno: {
		path: "firmware/bin/firmata/uno/node_pixel_firmata.ino.hex",
		sha256: "7f10412a0db694a0110aabcb353c856b699a075d848b065b3df146f4a3b4bcef",
	},
	nano: {
		path: "firmware/bin/firmata/nano/node_pixel_firmata.ino.hex",
		sha256: "7da971f9f6ffc29dc6c35b75135af2cfbcd52af1869e9c0a7dad07be5e2a506c",
	},
} as const satisfies Record<string, { readonly path: string; readonly sha256: string }>;
export type KnownImage = keyof typeof KNOWN_IMAGES;

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The folder of the package that brings the images; null where it is not installed. */
function packageFolder(): string | null {
	try {
		return dirname(createRequire(import.meta.url).resolve(`${PACKAGE_NAME}/package.json`));
	} catch {
		return null;
	}
}

/** One of the known images, from the installed package, its hash checked. `folder` is the package's; null = not installed. */
export function knownImage(name: KnownImage, folder: string | null = packageFolder()): FirmwareImage {
	const { path, sha256 } = KNOWN_IMAGES[name];
	const bytes = folder === null ? null : readIfThere(join(folder, path));
	if (bytes === null)
		throw new CodedError(
			"image-missing",
			`The firmware image "${name}" comes with the package ${IMAGE_PACKAGE}, which is not here.`,
			{
				fault: "environment",
				next: `Install it with: npm install --no-save ${IMAGE_PACKAGE}`,
			},
		);
	const found = hashOf(bytes);
	if (found !== sha256)
		throw new CodedError(
			"image-changed",
			`The firmware image "${name}" is not the one that was tested: its sha256 is ${found}.`,
			{
				fault: "environment",
				next: `Install the package anew: npm install --no-save ${IMAGE_PACKAGE}`,
			},
		);
	return { name, sha256, flash: readIntelHex(bytes.toString("latin1"), basename(path)) };
}

function readIfThere(path: string): Buffer | null {
	try {
		return readFileSync(path);
	} catch {
		return null;
	}
}

/** An image of one's own, from an Intel HEX file. Throws what `readNamedFile` and `readIntelHex` throw, and `image-malformed`. */
export function imageFromFile(path: string): FirmwareImage {
	const { name, bytes } = readNamedFile(path);
	if (bytes.length > MAX_IMAGE_BYTES)
		throw new CodedError(
			"image-malformed",
			`${path}, line 1: it has more than the ${MAX_IMAGE_BYTES} bytes that an image has.`,
			{
				fault: "input",
				next: "Give the Intel HEX file that the compiler wrote, whole and unchanged.",
			},
		);
	return { name, sha256: hashOf(bytes), flash: readIntelHex(Buffer.from(bytes).toString("latin1"), path) };
}
