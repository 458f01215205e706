/** Synchronous crypto, so that codecs and reducers stay pure and replayable. */
export interface Crypto {
	/** SHA-256, 32 bytes out. */
	sha256(message: Uint8Array): Uint8Array;
	/** Ed25519 (RFC 8032) over `message`; `publicKey` is the raw 32-byte key. Never throws: a bad key is a bad signature. */
	verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** One Ed25519 private key behind a function; the key's bytes never leave it. */
export interface Signer {
	/** Raw 32-byte public key. */
	readonly publicKey: Uint8Array;
	/** 64-byte Ed25519 signature. */
	sign(message: Uint8Array): Uint8Array;
}
