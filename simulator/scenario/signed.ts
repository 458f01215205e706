import { toHex } from "../../protocol/wire/bytes.ts";
import { decodeCbor } from "../../protocol/wire/cbor.ts";
import { decodePayload } from "../../protocol/wire/codec.ts";
import { disassemble } from "../../protocol/wire/cose.ts";
import type { Grant, Job, Keys, Kind, Notice } from "../../protocol/wire/messages.ts";
import type { LightId } from "../../protocol/wire/units.ts";

/** A message that was really signed, and when by true time. */
export type SignedMessage =
	| (Common & { readonly kind: "grant"; readonly message: Grant })
	| (Common & { readonly kind: "notice"; readonly message: Notice })
	| (Common & { readonly kind: "keys"; readonly message: Keys })
	| (Common & { readonly kind: "job"; readonly message: Job });
interface Common {
	/** Order of signing. */
	readonly order: number;
	/** True time, ms. */
	readonly atMs: number;
	/** Public key that signed, hex. */
	readonly key: string;
	readonly signature: Uint8Array;
}
export type SignedGrant = SignedMessage & { readonly kind: "grant" };
export type SignedNotice = SignedMessage & { readonly kind: "notice" };
export type SignedJob = SignedMessage & { readonly kind: "job" };
export type SignedKeys = SignedMessage & { readonly kind: "keys" };

const AAD = "liangxing/1/";

/** Kind and payload of a Sig_structure (RFC 9052, 4.4), read by the judge itself; null if it is none. */
export function readToBeSigned(bytes: Uint8Array): { kind: string; payload: Uint8Array } | null {
	const decoded = decodeCbor(bytes);
	if (!decoded.ok || !Array.isArray(decoded.value) || decoded.value.length !== 4) return null;
	const [context, , aad, payload] = decoded.value as unknown[];
	if (context !== "Signature1" || !(aad instanceof Uint8Array) || !(payload instanceof Uint8Array)) return null;
	let text = "";
	for (const b of aad) text += String.fromCharCode(b);
	return text.startsWith(AAD) ? { kind: text.slice(AAD.length), payload } : null;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((x, i) => x === b[i]);

/** All that the root key and the depot's key ever signed: the ground on which every lit star must stand. */
export class SignedLedger {
	private readonly byPayload = new Map<string, SignedMessage>();
	private readonly grants = new Map<string, SignedGrant>();
	private readonly byHash = new Map<string, SignedGrant>();
	private readonly noticesByEpoch = new Map<number, SignedNotice>();
	private readonly keysByVersion = new Map<number, SignedKeys>();
	private count = 0;

	/** Notes a signature; returns what was signed, and an earlier grant with the same (light, epoch, seq), if there was one. */
	add(
		kind: "grant" | "notice" | "keys" | "job",
		payload: Uint8Array,
		signature: Uint8Array,
		publicKey: Uint8Array,
		atMs: number,
	): { readonly signed: SignedMessage; readonly twin: SignedGrant | null } | null {
		const name = `${kind} ${toHex(payload)}`;
		const known = this.byPayload.get(name);
		if (known !== undefined) return { signed: known, twin: null };
		const common = { order: this.count++, atMs, key: toHex(publicKey), signature };
		const message = decodePayload(kind, payload);
		if (message === null) return null;
		const signed = { ...common, kind, message } as SignedMessage; // kind and message belong together by decodePayload
		this.byPayload.set(name, signed);
		let twin: SignedGrant | null = null;
		if (signed.kind === "grant") {
			const pair = pairName(signed.message.light, signed.message.epoch, signed.message.seq);
			twin = this.grants.get(pair) ?? null;
			this.grants.set(pair, signed);
		} else if (signed.kind === "notice") this.noticesByEpoch.set(signed.message.epoch, signed);
		else if (signed.kind === "keys") this.keysByVersion.set(signed.message.version, signed);
		return { signed, twin };
	}

	/** The signed message that these bytes are, or null: forged, corrupted, or of another kind than the topic says. */
	find(kind: Kind, bytes: Uint8Array): SignedMessage | null {
		const parts = disassemble(bytes);
		if (parts === null) return null;
		const signed = this.byPayload.get(`${kind} ${toHex(parts.payload)}`);
		return signed !== undefined && sameBytes(signed.signature, parts.signature) ? signed : null;
	}

	/** Notes the whole message of a grant, so that a report that names the start of its hash can be understood. */
	noteHash(grant: SignedGrant, start: Uint8Array): void {
		this.byHash.set(toHex(start), grant);
	}

	grantByHash(start: Uint8Array): SignedGrant | null {
		return this.byHash.get(toHex(start)) ?? null;
	}

	grantOf(light: LightId, epoch: number, seq: number): SignedGrant | null {
		return this.grants.get(pairName(light, epoch, seq)) ?? null;
	}

	noticeOf(epoch: number): SignedNotice | null {
		return this.noticesByEpoch.get(epoch) ?? null;
	}

	keysOf(version: number): SignedKeys | null {
		return this.keysByVersion.get(version) ?? null;
	}

	/** Versions of `keys` so far. */
	allKeys(): readonly SignedKeys[] {
		return [...this.keysByVersion.values()];
	}

	size(): number {
		return this.count;
	}
}

const pairName = (light: string, epoch: number, seq: number): string => `${light} ${epoch} ${seq}`;
