import { existsSync } from "node:fs";
import type { Crypto } from "../../protocol/ports/crypto.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { keyId } from "../../protocol/wire/cose.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { Keys } from "../../protocol/wire/messages.ts";
import { seal, unseal } from "../../protocol/wire/seal.ts";
import { type DataFolder, readIfThere, requirePrivate, writePrivate, writePublic } from "./data-folder.ts";
import { makeKeyPair, type NodeSigner, publicKeyFromPem, signerFromPem } from "./node-crypto.ts";

/** What the depot signs with, and what it hands out so that lights trust it. */
export interface DepotKeys {
	readonly signer: NodeSigner;
	/** Raw 32 bytes. */
	readonly rootPublicKey: Uint8Array;
	readonly keysMessage: Uint8Array;
	readonly keys: Keys;
	/** True at the first start. */
	readonly made: boolean;
}

function missing(path: string, what: string): CodedError {
	return new CodedError("key-file-missing", `${what} is missing: ${path}.`, {
		fault: "environment",
		next: "Put the data folder back from a backup. Lights trust only the keys that they were given.",
		context: { path },
	});
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

function readSecret(path: string, what: string): string {
	const bytes = readIfThere(path);
	if (bytes === null) throw missing(path, what);
	requirePrivate(path);
	return text(bytes);
}

/**
 * First start: root key and signing key in files of their own (mode 0600), `keys` signed by the root and written last, so that a
 * first start cut short is one again. The root key is used here and nowhere else in a gateway's life.
 */
export function makeKeys(folder: DataFolder, fleet: string, nowS: number, crypto: Crypto): void {
	const root = readIfThere(folder.rootKey);
	const rootPair = root === null ? makeKeyPair() : null;
	if (rootPair !== null) writePrivate(folder.rootKey, rootPair.privatePem);
	const rootSigner = signerFromPem(rootPair?.privatePem ?? text(root ?? new Uint8Array()), folder.rootKey);
	if (readIfThere(folder.signingKey) === null) writePrivate(folder.signingKey, makeKeyPair().privatePem);
	const signing = signerFromPem(readSecret(folder.signingKey, "The signing key"), folder.signingKey);
	writePublic(folder.rootPublicKey, publicPem(rootSigner.publicKey));
	writePublic(
		folder.keysMessage,
		seal("keys", { fleet, version: nowS, keys: [signing.publicKey] }, rootSigner, crypto),
	);
}

/** SPKI in PEM of a raw Ed25519 key. */
export function publicPem(raw: Uint8Array): string {
	const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
	return `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----\n`;
}

function readKeysMessage(folder: DataFolder, fleet: string, crypto: Crypto) {
	const bytes = readIfThere(folder.keysMessage);
	const rootPem = readIfThere(folder.rootPublicKey);
	if (bytes === null) throw missing(folder.keysMessage, "The root-signed list of keys");
	if (rootPem === null) throw missing(folder.rootPublicKey, "The root's public key");
	const rootPublicKey = publicKeyFromPem(text(rootPem), folder.rootPublicKey);
	const opened = unseal("keys", bytes, [rootPublicKey], crypto);
	if (!opened.ok)
		throw new CodedError("keys-message-invalid", `${folder.keysMessage} is not signed by the root (${opened.code}).`, {
			fault: "environment",
			next: "Put keys.cose and root.pub.pem back from the same backup.",
		});
	if (opened.message.fleet !== fleet)
		throw new CodedError(
			"fleet-mismatch",
			`The data folder belongs to fleet ${opened.message.fleet}, the settings say ${fleet}.`,
			{
				fault: "input",
				next: `Set fleet to ${opened.message.fleet}, or give the other fleet a data folder of its own with --data.`,
			},
		);
	return { keysMessage: bytes, keys: opened.message, rootPublicKey };
}

/**
 * The depot's keys; makes them at the first start (`fresh`: the store is empty). Later the root's private key is not read. Throws `key-file-missing`,
 * `key-file-invalid`, `file-mode-too-open`, `keys-message-invalid`, `fleet-mismatch`, `signing-key-not-trusted`.
 */
export function ensureKeys(folder: DataFolder, fleet: string, fresh: boolean, nowS: number, crypto: Crypto): DepotKeys {
	const made = readIfThere(folder.keysMessage) === null;
	if (made) {
		// In a store with lights, missing keys are a loss and not a first start: every light would refuse fresh ones.
		if (!fresh) throw missing(folder.keysMessage, "The root-signed list of keys");
		makeKeys(folder, fleet, nowS, crypto);
	}
	const list = readKeysMessage(folder, fleet, crypto);
	const signer = signerFromPem(readSecret(folder.signingKey, "The signing key"), folder.signingKey);
	if (!list.keys.keys.some((k) => toHex(k) === toHex(signer.publicKey)))
		throw new CodedError("signing-key-not-trusted", `${folder.signingKey} is not in the root-signed list of keys.`, {
			fault: "environment",
			next: "Put signing.key.pem and keys.cose back from the same backup.",
		});
	return { ...list, signer, made };
}

/** What `liangxing keys show` prints: public halves only. */
export interface KeysView {
	readonly fleet: string;
	readonly version: number;
	readonly root: string;
	readonly signing: readonly { readonly id: string; readonly publicKey: string; readonly used: boolean }[];
	/** Whether root.key.pem lies in the data folder; it belongs on a medium kept apart. */
	readonly rootKeyHere: boolean;
}

/** Reads the keys of a data folder for people. Throws as `ensureKeys`, and `no-data-folder` before the first start. */
export function showKeys(folder: DataFolder, crypto: Crypto): KeysView {
	const bytes = readIfThere(folder.keysMessage);
	const rootPem = readIfThere(folder.rootPublicKey);
	if (bytes === null || rootPem === null)
		throw new CodedError("no-data-folder", `There are no keys yet in ${folder.path}.`, {
			fault: "input",
			next: `Start once: liangxing gateway --data ${folder.path}`,
		});
	const rootPublicKey = publicKeyFromPem(text(rootPem), folder.rootPublicKey);
	const opened = unseal("keys", bytes, [rootPublicKey], crypto);
	if (!opened.ok)
		throw new CodedError("keys-message-invalid", `${folder.keysMessage} is not signed by the root (${opened.code}).`, {
			fault: "environment",
			next: "Put keys.cose and root.pub.pem back from the same backup.",
		});
	const signer = signerFromPem(readSecret(folder.signingKey, "The signing key"), folder.signingKey);
	return {
		fleet: opened.message.fleet,
		version: opened.message.version,
		root: toHex(rootPublicKey),
		signing: opened.message.keys.map((k) => ({
			id: toHex(keyId(k, crypto)),
			publicKey: toHex(k),
			used: toHex(k) === toHex(signer.publicKey),
		})),
		rootKeyHere: existsSync(folder.rootKey),
	};
}
