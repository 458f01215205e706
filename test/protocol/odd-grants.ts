import { grant, ISSUED, KEY, PUBLIC, token } from "./samples.ts";
import { bytes, cbor, headerFor, payloadMap, sealed, sha256, signature, text } from "./second-opinion.ts";

/** A grant that is wrong in one place, and what a light that trusts the depot's key must call it ("ok" = right, at a bound). */
export interface OddGrant {
	readonly name: string;
	readonly code: "ok" | "malformed" | "unknown-key" | "bad-signature";
	readonly bytes: Uint8Array;
}

const KEY_ID = sha256(PUBLIC.depot).slice(0, 8);
const plain = () => payloadMap("grant", grant());
const PAYLOAD = cbor(plain());
const HEADER = headerFor(PUBLIC.depot);
const SIGNATURE = signature("grant", PAYLOAD, KEY.depot);
const RIGHT = sealed("grant", PAYLOAD, KEY.depot);

/** The sample with these fields by their keys; undefined leaves one out. */
function fields(change: Readonly<Record<number, unknown>>): Uint8Array {
	const map = plain();
	for (const [key, value] of Object.entries(change)) {
		if (value === undefined) map.delete(Number(key));
		else map.set(Number(key), value);
	}
	return cbor(map);
}

type Row = readonly [name: string, payload: Uint8Array];

/** Payloads that are deterministic CBOR with a value outside the table; each is rightly signed. */
const valueRows: readonly Row[] = [
	...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15].map(
		(key): Row => [`key ${key} is missing`, fields({ [key]: undefined })],
	),
	...[-1, 0, 14, 16, 17, 18, 300].map((key): Row => [`unknown key ${key}`, fields({ [key]: 0 })]),
	["unknown text key", cbor(new Map<number | string, unknown>([...plain(), ["note", 1]]))],
	["fleet in capitals", fields({ 1: "Demo" })],
	["fleet empty", fields({ 1: "" })],
	["fleet of 33 characters", fields({ 1: "a".repeat(33) })],
	["fleet with a line feed at its end", fields({ 1: "demo\n" })],
	["fleet as bytes", fields({ 1: text("demo") })],
	["light with a wrong check character", fields({ 2: "PDS00000001J" })],
	["light in lower case", fields({ 2: "pds00000001h" })],
	["light of 11 characters", fields({ 2: "PDS00000001" })],
	["light with a letter that base32 leaves out", fields({ 2: "PDS0000000IH" })],
	["light empty", fields({ 2: "" })],
	...[3, 4, 6, 8, 11].flatMap((key): Row[] => [
		[`key ${key} is 2^32`, fields({ [key]: 0x1_0000_0000 })],
		[`key ${key} is -1`, fields({ [key]: -1 })],
		[`key ${key} is text`, fields({ [key]: "1" })],
		[`key ${key} is null`, fields({ [key]: null })],
		[`key ${key} is a fraction`, fields({ [key]: 1.5 })],
	]),
	["6 stars", fields({ 5: 6 })],
	["-1 stars", fields({ 5: -1 })],
	["stars are true", fields({ 5: true })],
	["stars are text", fields({ 5: "5" })],
	["notAfter is issuedAt", fields({ 7: ISSUED })],
	["notAfter before issuedAt", fields({ 7: ISSUED - 1 })],
	["notAfter a second past issuedAt + leaseS", fields({ 7: ISSUED + 3601 })],
	["notAfter a second past its bound with resumes", fields({ 7: ISSUED + 3600 + 1201, 9: 2, 10: 600 })],
	["notAfter is 2^32", fields({ 6: 0xffff_fffe, 7: 0x1_0000_0000 })],
	["leaseS is 0", fields({ 8: 0 })],
	["256 resumes", fields({ 9: 256 })],
	["resumeS above leaseS", fields({ 9: 1, 10: 3601 })],
	["resumeS above leaseS, without resumes", fields({ 10: 3601 })],
	...[12, 13, 15].flatMap((key): Row[] => [
		[`key ${key} has 7 bytes`, fields({ [key]: token("x").slice(1) })],
		[`key ${key} has 9 bytes`, fields({ [key]: bytes(token("x"), [0]) })],
		[`key ${key} is text of 8 characters`, fields({ [key]: "12345678" })],
		[`key ${key} is null`, fields({ [key]: null })],
	]),
	["0 stars with an ask that is null", fields({ 5: 0, 15: null })],
	["payload is an array", cbor([...plain().values()])],
	["payload is an integer", cbor(7)],
	["payload is an empty map", cbor(new Map())],
	["payload is empty", new Uint8Array(0)],
];

const tail = (payload: Uint8Array, from: number) => payload.subarray(from);
/** Offset of the value of key 5 (stars), found by the bytes before it: key 4, value 7, key 5. */
const STARS_AT = Buffer.from(PAYLOAD).indexOf(Buffer.from([0x04, 0x07, 0x05])) + 3;
const withStars = (encoding: readonly number[]) =>
	bytes(PAYLOAD.subarray(0, STARS_AT), encoding, tail(PAYLOAD, STARS_AT + 1));
/** The first entry, key 1 and "demo", is 6 bytes. */
const FIRST = PAYLOAD.subarray(1, 7);

/** Payloads with the right values in another encoding; each is rightly signed. */
const encodingRows: readonly Row[] = [
	["stars in two bytes", withStars([0x18, 5])],
	["stars in three bytes", withStars([0x19, 0, 5])],
	["stars in nine bytes", withStars([0x1b, 0, 0, 0, 0, 0, 0, 0, 5])],
	["stars as a half float", withStars([0xf9, 0x45, 0x00])],
	["stars as a bignum", withStars([0xc2, 0x41, 5])],
	["stars as an unassigned simple value", withStars([0xe5])],
	["stars undefined", withStars([0xf7])],
	["indefinite map", bytes([0xbf], tail(PAYLOAD, 1), [0xff])],
	["map's size in two bytes", bytes([0xb8, 14], tail(PAYLOAD, 1))],
	["map's size one too large", bytes([0xaf], tail(PAYLOAD, 1))],
	["map's size one too small", bytes([0xad], tail(PAYLOAD, 1))],
	["map's size of 2^53", bytes([0xbb, 0, 0x20, 0, 0, 0, 0, 0, 0], tail(PAYLOAD, 1))],
	["key 1 at the end", bytes([0xae], tail(PAYLOAD, 7), FIRST)],
	["key 1 twice", bytes([0xaf], FIRST, tail(PAYLOAD, 1))],
	["key 1 in two bytes", bytes([0xae, 0x18, 0x01], tail(PAYLOAD, 2))],
	["fleet as indefinite text", bytes([0xae, 0x01, 0x7f, 0x64], text("demo"), [0xff], tail(PAYLOAD, 7))],
	["fleet with its length in two bytes", bytes([0xae, 0x01, 0x78, 4], text("demo"), tail(PAYLOAD, 7))],
	["fleet with a length beyond the end", bytes([0xae, 0x01, 0x7a, 0xff, 0xff, 0xff, 0xff], tail(PAYLOAD, 3))],
	["fleet not UTF-8", bytes([0xae, 0x01, 0x64, 0x64, 0xc3, 0x28, 0x6f], tail(PAYLOAD, 7))],
	["fleet tagged", bytes([0xae, 0x01, 0xd8, 0x20], tail(PAYLOAD, 2))],
	["payload with a byte after it", bytes(PAYLOAD, [0])],
	["payload cut by a byte", PAYLOAD.subarray(0, -1)],
	["payload tagged as self-described CBOR", bytes([0xd9, 0xd9, 0xf7], PAYLOAD)],
];

/** Headers that are not exactly {1: -8, 4: kid}; each is the one that was signed. */
const headers: readonly (readonly [string, Uint8Array])[] = [
	["header empty", new Uint8Array(0)],
	["header an empty map", cbor(new Map())],
	["header without alg", cbor(new Map([[4, KEY_ID]]))],
	["header without kid", cbor(new Map([[1, -8]]))],
	[
		"alg -7 (ES256)",
		cbor(
			new Map<number, unknown>([
				[1, -7],
				[4, KEY_ID],
			]),
		),
	],
	[
		"alg -19 (Ed25519, fully specified)",
		cbor(
			new Map<number, unknown>([
				[1, -19],
				[4, KEY_ID],
			]),
		),
	],
	[
		"alg as text",
		cbor(
			new Map<number, unknown>([
				[1, "EdDSA"],
				[4, KEY_ID],
			]),
		),
	],
	[
		"kid of 7 bytes",
		cbor(
			new Map<number, unknown>([
				[1, -8],
				[4, KEY_ID.slice(1)],
			]),
		),
	],
	[
		"kid of 32 bytes",
		cbor(
			new Map<number, unknown>([
				[1, -8],
				[4, sha256(PUBLIC.depot)],
			]),
		),
	],
	[
		"kid as text",
		cbor(
			new Map<number, unknown>([
				[1, -8],
				[4, "12345678"],
			]),
		),
	],
	[
		"header with crit",
		cbor(
			new Map<number, unknown>([
				[1, -8],
				[2, [4]],
				[4, KEY_ID],
			]),
		),
	],
	[
		"header with content type",
		cbor(
			new Map<number, unknown>([
				[1, -8],
				[3, 0],
				[4, KEY_ID],
			]),
		),
	],
	["header with its keys turned round", bytes([0xa2, 0x04, 0x48], KEY_ID, [0x01, 0x27])],
	["alg in two bytes", bytes([0xa2, 0x01, 0x38, 0x07, 0x04, 0x48], KEY_ID)],
	["header with a byte after it", bytes(HEADER, [0])],
	["header an indefinite map", bytes([0xbf], HEADER.subarray(1), [0xff])],
];

const message = (...parts: readonly unknown[]) => bytes([0xd2], cbor(parts));
const unprotected = (...entries: readonly (readonly [number, unknown])[]) =>
	message(HEADER, new Map(entries), PAYLOAD, SIGNATURE);

/** Whole messages in another form. */
const formRows: readonly (readonly [string, Uint8Array])[] = [
	["nothing at all", new Uint8Array(0)],
	["the tag alone", Uint8Array.of(0xd2)],
	["no tag", RIGHT.subarray(1)],
	["tag 17 (COSE_Mac0)", bytes([0xd1], RIGHT.subarray(1))],
	["tag 98 (COSE_Sign)", bytes([0xd8, 98], RIGHT.subarray(1))],
	["tag 18 in two bytes", bytes([0xd8, 18], RIGHT.subarray(1))],
	["tag 18 twice", bytes([0xd2], RIGHT)],
	["tagged as self-described CBOR", bytes([0xd9, 0xd9, 0xf7], RIGHT)],
	["a byte after it", bytes(RIGHT, [0])],
	["the message twice", bytes(RIGHT, RIGHT)],
	["cut by a byte", RIGHT.subarray(0, -1)],
	["three parts", message(HEADER, new Map(), PAYLOAD)],
	["five parts", message(HEADER, new Map(), PAYLOAD, SIGNATURE, 0)],
	["parts as an indefinite array", bytes([0xd2, 0x9f], RIGHT.subarray(2), [0xff])],
	["the array's length in two bytes", bytes([0xd2, 0x98, 4], RIGHT.subarray(2))],
	["alg in the unprotected header", unprotected([1, -8])],
	["kid in the unprotected header", unprotected([4, KEY_ID])],
	["unprotected header null", message(HEADER, null, PAYLOAD, SIGNATURE)],
	["unprotected header an array", message(HEADER, [], PAYLOAD, SIGNATURE)],
	["payload detached", message(HEADER, new Map(), null, SIGNATURE)],
	["payload not wrapped in bytes", message(HEADER, new Map(), plain(), SIGNATURE)],
	["header not wrapped in bytes", message(new Map([[1, -8]]), new Map(), PAYLOAD, SIGNATURE)],
	["signature of 63 bytes", message(HEADER, new Map(), PAYLOAD, SIGNATURE.subarray(1))],
	["signature of 65 bytes", message(HEADER, new Map(), PAYLOAD, bytes(SIGNATURE, [0]))],
	["signature empty", message(HEADER, new Map(), PAYLOAD, new Uint8Array(0))],
	["signature null", message(HEADER, new Map(), PAYLOAD, null)],
	["a JSON text", text('{"stars":5}')],
	["513 bytes", bytes(RIGHT, new Uint8Array(513 - RIGHT.length))],
];

const flipped = bytes(SIGNATURE);
flipped[40] = (flipped[40] ?? 0) ^ 1;

/** The right form with the wrong key or signature. */
const signatureRows: readonly OddGrant[] = [
	{ name: "signed by a key that is not trusted", code: "unknown-key", bytes: sealed("grant", PAYLOAD, KEY.stranger) },
	{ name: "signed by the root key", code: "unknown-key", bytes: sealed("grant", PAYLOAD, KEY.root) },
	...(
		[
			["another key under the depot's key id", sealed("grant", PAYLOAD, KEY.stranger, { header: HEADER })],
			["signed as a notice", sealed("grant", PAYLOAD, KEY.depot, { aad: "liangxing/1/notice" })],
			["signed for protocol version 2", sealed("grant", PAYLOAD, KEY.depot, { aad: "liangxing/2/grant" })],
			["signed without external_aad", sealed("grant", PAYLOAD, KEY.depot, { aad: "" })],
			["signed as COSE_Sign", sealed("grant", PAYLOAD, KEY.depot, { context: "Signature" })],
			["signed over another payload", sealed("grant", PAYLOAD, KEY.depot, { payload: fields({ 5: 4 }) })],
			["a bit of the signature flipped", message(HEADER, new Map(), PAYLOAD, flipped)],
			["a signature of zeros", message(HEADER, new Map(), PAYLOAD, new Uint8Array(64))],
		] as const
	).map(([name, odd]): OddGrant => ({ name, code: "bad-signature", bytes: odd })),
];

const sealedRow =
	(code: OddGrant["code"]) =>
	([name, payload]: Row): OddGrant => ({ name, code, bytes: sealed("grant", payload, KEY.depot) });

const rightRows: readonly Row[] = [
	["the sample itself", PAYLOAD],
	["0 stars without ask", fields({ 5: 0, 15: undefined })],
	["0 stars with ask", fields({ 5: 0 })],
	["notAfter a second after issuedAt", fields({ 7: ISSUED + 1 })],
	["notAfter at its bound with resumes", fields({ 7: ISSUED + 3600 + 1200, 9: 2, 10: 600 })],
	["255 resumes, resumeS equal to leaseS", fields({ 9: 255, 10: 3600 })],
	["largest numbers", fields({ 3: 0xffff_ffff, 4: 0xffff_ffff, 8: 0xffff_ffff, 11: 0xffff_ffff })],
	["smallest numbers", fields({ 3: 0, 4: 0, 6: 0, 7: 1, 8: 1, 11: 0 })],
	["fleet of one character", fields({ 1: "-" })],
	["the sample spliced at its stars", withStars([5])],
	["the sample spliced at its fleet", bytes([0xae], FIRST, tail(PAYLOAD, 7))],
];

export const ODD_GRANTS: readonly OddGrant[] = [
	...rightRows.map(sealedRow("ok")),
	...[...valueRows, ...encodingRows].map(sealedRow("malformed")),
	...headers.map(([name, header]): OddGrant => {
		return { name, code: "malformed", bytes: sealed("grant", PAYLOAD, KEY.depot, { header }) };
	}),
	...formRows.map(([name, odd]): OddGrant => ({ name, code: "malformed", bytes: odd })),
	...signatureRows,
];
