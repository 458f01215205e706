import { open, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Signer } from "../../protocol/ports/crypto.ts";
import { type Provision, parseProvision } from "../../protocol/schema/provision.ts";
import { equalBytes, toHex } from "../../protocol/wire/bytes.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { enrolRecord } from "../core/enrol.ts";
import { decodeRecord } from "../core/record.ts";
import type { DeviceEnv } from "../core/types.ts";
import { FileMemory } from "../drivers/file-memory.ts";
import { signerFromPem } from "../drivers/node-crypto.ts";

/** Bits of a mode by which others than the owner may read or write. */
const OTHERS = 0o077;
const ADD = "Make it with: liangxing lights add ID --out FILE";

/** A provisioning file, read and checked. */
export interface Provisioned {
	readonly provision: Provision;
	readonly signer: Signer;
	/** Others on this machine can read the private key. */
	readonly open: boolean;
}

/** Reads a provisioning file. Throws `provision-missing`, `provision-unreadable`, `provision-invalid`, `provision-key-mismatch`. */
export async function readProvisioning(path: string): Promise<Provisioned> {
	const { text, mode } = await readText(path);
	const provision = parseProvision(text);
	const signer = signerFromPem(provision.privateKey);
	if (!equalBytes(signer.publicKey, provision.publicKey)) {
		throw new CodedError(
			"provision-key-mismatch",
			"The provisioning file's public key is not that of its private key.",
			{
				fault: "input",
				next: ADD,
				context: { file: path },
			},
		);
	}
	return { provision, signer, open: process.platform !== "win32" && (mode & OTHERS) !== 0 };
}

async function readText(path: string): Promise<{ text: string; mode: number }> {
	try {
		return { text: await readFile(path, "utf8"), mode: (await stat(path)).mode };
	} catch (cause) {
		const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
		const missing = code === "ENOENT";
		throw new CodedError(
			missing ? "provision-missing" : "provision-unreadable",
			missing ? `There is no provisioning file ${path}.` : `The provisioning file ${path} cannot be read (${code}).`,
			{
				fault: "input",
				next: missing ? ADD : "Check that it is a file and belongs to the user that runs the light.",
				context: { file: path },
				cause,
			},
		);
	}
}

/** The folder of a light's record, beside its provisioning file. */
export const defaultMemoryFolder = (path: string, provision: Provision): string =>
	join(dirname(path), `${provision.light}.memory`);

/** What `openMemory` found. */
export interface Opened {
	readonly memory: FileMemory;
	/** True at the first start with this file. */
	readonly enrolled: boolean;
	/** False: a later loss of the memory could not be told from a first start. */
	readonly marked: boolean;
}

/**
 * Opens the memory of a provisioned light. At the first start the record is made from the file and a mark is left beside it
 * (`FILE.enrolled`): with the mark and without a readable copy the identity is lost, and starting anew would bring back keys that
 * were removed since. Throws `memory-unwritable`, `memory-of-another-light`, `identity-lost`, `keys-refused`.
 */
export async function openMemory(
	path: string,
	folder: string,
	provisioned: Provisioned,
	env: Pick<DeviceEnv, "crypto">,
): Promise<Opened> {
	const { provision, signer } = provisioned;
	const memory = new FileMemory(folder);
	await memory.open();
	const copies = await memory.read();
	const record = decodeRecord(copies[0]) ?? decodeRecord(copies[1]);
	const { fleet, light, rootPublicKey } = provision;
	const mark = `${path}.enrolled`;
	const key = toHex(signer.publicKey);
	if (record !== null) {
		const { identity } = record;
		const same = identity.fleet === fleet && identity.light === light && equalBytes(identity.rootKey, rootPublicKey);
		if (!same) throw ofAnother(folder, identity.light);
		return { memory, enrolled: false, marked: await leaveMark(mark, key) };
	}
	if ((await readMark(mark)) === key || copies.some((copy) => copy !== null)) throw lost(light, folder);
	const bytes = enrolRecord({ fleet, light, rootKey: rootPublicKey }, provision.keys, env);
	await memory.write(0, bytes);
	await memory.write(1, bytes);
	return { memory, enrolled: true, marked: await leaveMark(mark, key) };
}

const readMark = (mark: string): Promise<string | null> =>
	readFile(mark, "utf8").then(
		(text) => text.trim(),
		() => null,
	);

/** False when the mark cannot be left there. */
async function leaveMark(mark: string, key: string): Promise<boolean> {
	if ((await readMark(mark)) === key) return true;
	try {
		const file = await open(mark, "w", 0o600);
		await file.writeFile(`${key}\n`);
		await file.sync();
		await file.close();
		return true;
	} catch {
		return false;
	}
}

const ofAnother = (folder: string, light: string): CodedError =>
	new CodedError("memory-of-another-light", `The memory ${folder} holds the record of light ${light}.`, {
		fault: "input",
		next: "Pass this light's own folder with --memory.",
		context: { folder, light },
	});

const lost = (light: string, folder: string): CodedError =>
	new CodedError(
		"identity-lost",
		`Neither copy of the record of ${light} can be read in ${folder}: its identity is lost.`,
		{
			fault: "state",
			next: "Enrol it again: liangxing lights add ID --out FILE. If its record is elsewhere, pass that folder with --memory.",
			context: { light, folder },
		},
	);
