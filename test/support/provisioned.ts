import { createPrivateKey } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Signer } from "../../protocol/ports/crypto.ts";
import { formatProvision } from "../../protocol/schema/provision.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { DEPOT, FLEET, keysMessage, LIGHT, ROOT, signerOf } from "./light-bench.ts";

/** DER before a raw Ed25519 private key (RFC 8410). */
const PKCS8 = "302e020100300506032b657004220420";

/** PKCS#8 PEM of the key that `signerOf(byte)` signs with. */
export function pemOf(byte: number): string {
	const der = Buffer.concat([Buffer.from(PKCS8, "hex"), Buffer.alloc(32, byte)]);
	return String(createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ format: "pem", type: "pkcs8" }));
}

/** Writes a provisioning file as `liangxing lights add` does, and says where. `key` names the light's key pair. */
export async function writeProvisioning(
	folder: string,
	broker: string,
	options: { key?: number; mode?: number; publicKey?: Signer; name?: string } = {},
): Promise<string> {
	const { key = 4, mode = 0o600, name = `${LIGHT}.json` } = options;
	const path = join(folder, name);
	const text = formatProvision({
		version: 1,
		fleet: FLEET,
		light: LIGHT,
		privateKey: pemOf(key),
		publicKey: toHex((options.publicKey ?? signerOf(key)).publicKey),
		rootPublicKey: toHex(ROOT.publicKey),
		keys: toHex(keysMessage(1, [DEPOT])),
		broker,
	});
	await writeFile(path, text, { mode });
	return path;
}
