import { existsSync } from "node:fs";
import { z } from "zod";
import type { Crypto } from "../../protocol/ports/crypto.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { exists } from "./backup.ts";
import { keysOf } from "./backup-manifest.ts";
import { type DataFolder, readIfThere, requirePrivate, writePrivate, writePublic } from "./data-folder.ts";
import { makeKeys } from "./keys.ts";
import { publicKeyFromPem, signerFromPem } from "./node-crypto.ts";

/** Private and public keys of a depot in one file of the owner's only. The API's token is not among them: a start makes a new one. */
const keysSchema = z.object({
	format: z.literal("liangxing-keys"),
	version: z.literal(1),
	fleet: z.string(),
	/** PEM; null where it was kept apart, as it should be. */
	rootKey: z.string().nullable(),
	rootPublicKey: z.string(),
	signingKey: z.string(),
	/** Root-signed list, hex. */
	keysMessage: z.string().regex(/^([0-9a-f]{2})+$/),
});

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

function mustRead(path: string): Uint8Array {
	const bytes = readIfThere(path);
	if (bytes !== null) return bytes;
	throw new CodedError("key-file-missing", `A key file is missing: ${path}.`, {
		fault: "environment",
		next: "Put the data folder back from a backup. Lights trust only the keys that they were given.",
		context: { path },
	});
}

/** Writes the depot's keys beside a backup. Returns the file, and whether the root's private key is in it. */
export function writeKeysBeside(
	folder: DataFolder,
	file: string,
	fleet: string,
): { readonly file: string; readonly hasRootKey: boolean } {
	const target = keysOf(file);
	if (existsSync(target)) throw exists(target);
	const rootKey = readIfThere(folder.rootKey);
	const keys: z.output<typeof keysSchema> = {
		format: "liangxing-keys",
		version: 1,
		fleet,
		rootKey: rootKey === null ? null : text(rootKey),
		rootPublicKey: text(mustRead(folder.rootPublicKey)),
		signingKey: text(mustRead(folder.signingKey)),
		keysMessage: toHex(mustRead(folder.keysMessage)),
	};
	writePrivate(target, `${JSON.stringify(keys, null, "\t")}\n`);
	return { file: target, hasRootKey: rootKey !== null };
}

/** What became of the keys at a restore. */
export type KeysAfter =
	/** The data folder had its own, which stay. */
	| "kept"
	/** They lay beside the backup. */
	| "put-back"
	/** A new signing key, signed by the root key that lay in the data folder. */
	| "made-from-root"
	/** None: the gateway does not start without. */
	| "missing";

/** Which root the depot has or would have after a restore, hex; null = none known. Throws `file-mode-too-open`, `key-file-invalid`. */
export function rootAt(folder: DataFolder, file: string): string | null {
	const here = readIfThere(folder.rootPublicKey);
	if (here !== null && existsSync(folder.keysMessage)) return toHex(publicKeyFromPem(text(here), folder.rootPublicKey));
	const beside = readKeysBeside(file);
	if (beside !== null) return toHex(publicKeyFromPem(beside.rootPublicKey, keysOf(file)));
	const root = readIfThere(folder.rootKey);
	if (root === null) return null;
	requirePrivate(folder.rootKey);
	return toHex(signerFromPem(text(root), folder.rootKey).publicKey);
}

function readKeysBeside(file: string): z.output<typeof keysSchema> | null {
	const path = keysOf(file);
	const bytes = readIfThere(path);
	if (bytes === null) return null;
	requirePrivate(path);
	try {
		return keysSchema.parse(JSON.parse(text(bytes)));
	} catch {
		// Its content is secret, and a parser's words may hold some of it.
		throw new CodedError("backup-keys-invalid", `${path} cannot be read as keys.`, {
			fault: "input",
			next: "Move it away and put the key files back by hand, or use another backup.",
			context: { path },
		});
	}
}

/** Keys for a data folder that has none: those beside the backup, or a new signing key where the root key was put into the folder. */
export function putKeysBack(folder: DataFolder, file: string, fleet: string, nowS: number, crypto: Crypto): KeysAfter {
	if (existsSync(folder.keysMessage)) return "kept";
	// Written last: keys that are there without it are those of a restore that was cut short, or put there by hand.
	const here = readIfThere(folder.signingKey);
	const keys = readKeysBeside(file);
	if (keys !== null && (here === null || text(here) === keys.signingKey)) {
		if (keys.rootKey !== null && !existsSync(folder.rootKey)) writePrivate(folder.rootKey, keys.rootKey);
		writePrivate(folder.signingKey, keys.signingKey);
		writePublic(folder.rootPublicKey, keys.rootPublicKey);
		writePublic(folder.keysMessage, Buffer.from(keys.keysMessage, "hex"));
		return "put-back";
	}
	if (!existsSync(folder.rootKey)) return "missing";
	makeKeys(folder, fleet, nowS, crypto);
	return "made-from-root";
}
