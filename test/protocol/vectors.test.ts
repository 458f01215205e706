import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodePayload, encodePayload } from "../../protocol/wire/codec.ts";
import { disassemble, toBeSigned } from "../../protocol/wire/cose.ts";
import { KINDS, type Kind, type Messages } from "../../protocol/wire/messages.ts";
import { seal, unseal } from "../../protocol/wire/seal.ts";
import { PUBLIC, SAMPLES, SEEDS, SIGNER, type Who } from "./samples.ts";
import {
	cbor,
	hex,
	nodeCrypto,
	payloadMap,
	privateKeyFrom,
	rawPublic,
	sealed,
	signerFrom,
	unhex,
} from "./second-opinion.ts";

interface Vector {
	readonly kind: Kind;
	readonly name: string;
	readonly signer: Who;
	readonly message: Record<string, unknown>;
	readonly hex: string;
}

const FILE = new URL("../vectors/messages.json", import.meta.url);

/** Fields that are byte strings in the tables: hex in the file. */
const BYTES = new Set(["ask", "policy", "trace", "grant"]);

const toJson = (message: object): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(message).map(([name, value]) => {
			if (value instanceof Uint8Array) return [name, hex(value)];
			return [name, name === "keys" ? (value as Uint8Array[]).map(hex) : value];
		}),
	);

const fromJson = <K extends Kind>(_kind: K, json: Record<string, unknown>): Messages[K] =>
	Object.fromEntries(
		Object.entries(json).map(([name, value]) => {
			if (name === "keys") return [name, (value as string[]).map(unhex)];
			return [name, BYTES.has(name) && typeof value === "string" ? unhex(value) : value];
		}),
	) as unknown as Messages[K]; // The file is ours; a wrong field fails the comparisons below.

/** The file's text as cborg and node:crypto make it from the samples. */
function independentFile(): string {
	const vectors = KINDS.flatMap((kind) =>
		SAMPLES[kind].map(({ name, message }): Vector => {
			const signer = SIGNER[kind];
			const bytes = sealed(kind, cbor(payloadMap(kind, message)), privateKeyFrom(SEEDS[signer]));
			return { kind, name, signer, message: toJson(message), hex: hex(bytes) };
		}),
	);
	const provenance =
		"Made by test/protocol/vectors.test.ts with cborg and node:crypto, not with protocol/wire. A private key is the Ed25519 " +
		"key whose 32-byte seed is SHA-256 of the UTF-8 text in `seeds`. Byte strings are hex; null = left out.";
	const keys = Object.fromEntries(Object.entries(PUBLIC).map(([who, key]) => [who, hex(key)]));
	return `${JSON.stringify({ provenance, seeds: SEEDS, publicKeys: keys, vectors }, null, "\t")}\n`;
}

const file = () => JSON.parse(readFileSync(FILE, "utf8")) as { seeds: Record<Who, string>; vectors: Vector[] };

describe("the golden vectors", () => {
	it("are what cborg and node:crypto make of the stated seeds and messages", async () => {
		await expect(independentFile()).toMatchFileSnapshot("../vectors/messages.json");
	});

	it("hold each kind", () => {
		expect(new Set(file().vectors.map((v) => v.kind))).toEqual(new Set(KINDS));
	});

	it.each(file().vectors)("$kind, $name: our writer makes the same bytes", ({ kind, signer, message, hex: golden }) => {
		const own = seal(kind, fromJson(kind, message), signerFrom(file().seeds[signer]), nodeCrypto);
		expect(hex(own)).toBe(golden);
	});

	it.each(file().vectors)("$kind, $name: our reader finds the message", ({ kind, signer, message, hex: golden }) => {
		const trusted = rawPublic(privateKeyFrom(file().seeds[signer]));
		const opened = unseal(kind, unhex(golden), [trusted], nodeCrypto);
		expect(opened).toMatchObject({ ok: true, message: fromJson(kind, message), publicKey: trusted });
	});

	it.each(file().vectors)("$kind, $name: the signature holds over a Sig_structure written by cborg", (vector) => {
		const parts = disassemble(unhex(vector.hex));
		if (parts === null) throw new TypeError("not taken apart");
		const aad = Buffer.from(`liangxing/1/${vector.kind}`, "utf8");
		const structure = cbor(["Signature1", parts.protectedHeader, aad, parts.payload]);
		expect(hex(toBeSigned(vector.kind, parts.kid, parts.payload))).toBe(hex(structure));
		const key = rawPublic(privateKeyFrom(file().seeds[vector.signer]));
		expect(nodeCrypto.verify(key, structure, parts.signature)).toBe(true);
	});

	it.each(file().vectors)("$kind, $name: decoding and encoding gives the same payload", ({ kind, hex: golden }) => {
		const payload = disassemble(unhex(golden))?.payload ?? new Uint8Array(0);
		const message = decodePayload(kind, payload);
		if (message === null) throw new TypeError("not decoded");
		expect(hex(encodePayload(kind, message))).toBe(hex(payload));
	});
});
