import {
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	hash,
	type KeyObject,
	randomBytes,
	sign,
	verify,
} from "node:crypto";
import type { Random } from "../../protocol/ports/random.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { DepotSigner } from "./signing-line.ts";
import type { LateCrypto } from "./verify-ahead.ts";

/** SPKI header of an Ed25519 public key (RFC 8410 section 4); the raw 32 bytes follow. */
const SPKI_PREFIX = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]);
const RAW_KEY_BYTES = 32;
/** One parsed key a light and room for a fleet; parsing costs as much as a verification, a parsed key about 1 KiB. */
const MAX_CACHED_KEYS = 20_000;

/** Raw 32 bytes of an Ed25519 key object. */
export function rawPublicKey(key: KeyObject): Uint8Array {
	const spki = (key.type === "private" ? createPublicKey(key) : key).export({ format: "der", type: "spki" });
	return Uint8Array.from(spki.subarray(spki.length - RAW_KEY_BYTES));
}

function parseRaw(raw: Uint8Array): KeyObject | null {
	if (raw.length !== RAW_KEY_BYTES) return null;
	try {
		return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
	} catch {
		return null;
	}
}

/** SHA-256 and Ed25519 by node:crypto. Parsed public keys are kept, the oldest leaves when `MAX_CACHED_KEYS` are there. */
export class NodeCrypto implements LateCrypto {
	private readonly parsed = new Map<string, KeyObject>();

	sha256(message: Uint8Array): Uint8Array {
		return Uint8Array.from(hash("sha256", message, "buffer"));
	}

	verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
		const key = this.keyOf(publicKey);
		if (key === null) return false;
		try {
			return verify(null, message, key, signature);
		} catch {
			return false;
		}
	}

	/** The system's thread pool does the work. */
	verifyLater(
		publicKey: Uint8Array,
		message: Uint8Array,
		signature: Uint8Array,
		done: (isGood: boolean) => void,
	): void {
		const key = this.keyOf(publicKey);
		if (key === null) setImmediate(done, false);
		else verify(null, message, key, signature, (e, isGood) => done(e === null && isGood));
	}

	private keyOf(raw: Uint8Array): KeyObject | null {
		const id = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString("latin1");
		const known = this.parsed.get(id);
		if (known !== undefined) return known;
		const key = parseRaw(raw);
		if (key === null) return null;
		if (this.parsed.size >= MAX_CACHED_KEYS) {
			const oldest = this.parsed.keys().next();
			if (oldest.done !== true) this.parsed.delete(oldest.value);
		}
		this.parsed.set(id, key);
		return key;
	}
}

/** A private Ed25519 key behind the `Signer` port. */
export class NodeSigner implements DepotSigner {
	readonly publicKey: Uint8Array;
	private readonly key: KeyObject;

	constructor(key: KeyObject) {
		this.key = key;
		this.publicKey = rawPublicKey(key);
	}

	sign(message: Uint8Array): Uint8Array {
		return Uint8Array.from(sign(null, message, this.key));
	}

	/** The system's thread pool does the work. */
	signLater(message: Uint8Array, done: (signature: Uint8Array | null) => void): void {
		sign(null, message, this.key, (e, signature) => done(e === null ? Uint8Array.from(signature) : null));
	}
}

/** Asked of the system at once: one call costs as much as a hundred small draws from what it gave. */
const POOL_BYTES = 4_096;

/** The operating system's random bytes, fetched in one go; what was drawn is wiped from the pool. */
class NodeRandom implements Random {
	private pool = new Uint8Array(0);
	private at = 0;

	bytes(length: number): Uint8Array {
		if (length > POOL_BYTES / 8) return Uint8Array.from(randomBytes(length));
		if (this.at + length > this.pool.length) {
			this.pool = Uint8Array.from(randomBytes(POOL_BYTES));
			this.at = 0;
		}
		const end = this.at + length;
		const drawn = this.pool.slice(this.at, end);
		this.pool.fill(0, this.at, end);
		this.at = end;
		return drawn;
	}
}

/** Unpredictable bytes of the operating system. */
export const nodeRandom: Random = new NodeRandom();

/** A fresh Ed25519 key pair: PKCS#8 and SPKI in PEM, and the raw public key. */
export function makeKeyPair(): { privatePem: string; publicPem: string; publicKey: Uint8Array; privateKey: KeyObject } {
	const { privateKey, publicKey } = generateKeyPairSync("ed25519");
	return {
		privatePem: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
		publicPem: publicKey.export({ format: "pem", type: "spki" }).toString(),
		publicKey: rawPublicKey(publicKey),
		privateKey,
	};
}

/** An Ed25519 private key from PEM; `name` is the file it came from. Throws `key-file-invalid`, which holds nothing of the key. */
export function signerFromPem(pem: string, name: string): NodeSigner {
	let key: KeyObject | null = null;
	try {
		key = createPrivateKey(pem);
	} catch {
		key = null;
	}
	if (key === null || key.asymmetricKeyType !== "ed25519")
		throw new CodedError("key-file-invalid", `${name} holds no Ed25519 private key (PKCS#8, PEM).`, {
			fault: "environment",
			next: `Put ${name} back from a backup of the data folder.`,
			context: { file: name },
		});
	return new NodeSigner(key);
}

/** The raw key of a PEM public key file. Throws `key-file-invalid`. */
export function publicKeyFromPem(pem: string, name: string): Uint8Array {
	try {
		const key = createPublicKey(pem);
		if (key.asymmetricKeyType === "ed25519") return rawPublicKey(key);
	} catch {
		// Falls through to the coded error: what OpenSSL says of a broken file helps nobody.
	}
	throw new CodedError("key-file-invalid", `${name} holds no Ed25519 public key (SPKI, PEM).`, {
		fault: "environment",
		next: `Put ${name} back from a backup of the data folder.`,
		context: { file: name },
	});
}
