import fc from "fast-check";
import { JOB_WHATS } from "../../protocol/wire/job.ts";
import { makeLightId } from "../../protocol/wire/light-id.ts";
import { type Grant, KINDS, type Kind, type LightReport, type Messages } from "../../protocol/wire/messages.ts";
import { LAMP_STATES, PATTERNS, REFUSAL_CODES } from "../../protocol/wire/state.ts";
import { type Stars, seconds, unixSeconds } from "../../protocol/wire/units.ts";
import { sorted } from "./samples.ts";

/** Any message within the protocol's bounds, kind by kind. */

const plainBytes = (length: number) =>
	fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Uint8Array.from(b));
const token = plainBytes(8);
const uint32 = fc.oneof(
	fc.integer({ min: 0, max: 0xffff_ffff }),
	fc.constantFrom(0, 23, 24, 255, 256, 0xffff, 0xffff_ffff),
);
const fleet = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
const light = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{11}$/).map(makeLightId);
const starCount = fc.integer({ min: 0, max: 5 }).map((n) => n as Stars);
const at = uint32.map(unixSeconds);
const name = fc.constantFrom("a", "lamp", "state", "linkUps", "灯", "n".repeat(48));
const detail = fc.dictionary(
	name,
	fc.oneof(fc.boolean(), fc.maxSafeInteger(), fc.constantFrom("", "open", "一号车", "x".repeat(40))),
	{ maxKeys: 4, noNullPrototype: true },
);

const grant: fc.Arbitrary<Grant> = fc
	.record({
		fleet,
		light,
		epoch: uint32,
		seq: uint32,
		stars: starCount,
		issuedAt: fc.integer({ min: 0, max: 0x7fff_ffff }),
		leaseS: fc.integer({ min: 1, max: 0x0fff_ffff }),
		resumes: fc.integer({ min: 0, max: 255 }),
		resumePart: fc.double({ min: 0, max: 1, noNaN: true }),
		notAfterPart: fc.double({ min: 0, max: 1, noNaN: true }),
		asOf: at,
		policy: token,
		trace: token,
		ask: fc.option(token),
		fallback: token,
	})
	.map(({ resumePart, notAfterPart, fallback, ...g }) => {
		const resumeS = Math.floor(g.leaseS * resumePart);
		const most = Math.min(g.leaseS + g.resumes * resumeS, 0xffff_ffff - g.issuedAt);
		const notAfter = g.issuedAt + Math.max(1, Math.floor(most * notAfterPart));
		return {
			...g,
			issuedAt: unixSeconds(g.issuedAt),
			notAfter: unixSeconds(notAfter),
			leaseS: seconds(g.leaseS),
			resumeS: seconds(resumeS),
			ask: g.stars > 0 ? (g.ask ?? fallback) : g.ask,
		};
	});

const state: fc.Arbitrary<LightReport> = fc.record(
	{
		fleet,
		light,
		session: uint32,
		counter: uint32,
		ask: token,
		shown: starCount,
		pattern: fc.constantFrom(...PATTERNS),
		sensed: fc.boolean(),
		epoch: uint32,
		seq: uint32,
		grant: token,
		asOf: at,
		leaseLeftS: uint32,
		resumesLeft: fc.integer({ min: 0, max: 255 }),
		keysVersion: uint32,
		noticeEpoch: uint32,
		refused: fc.record({
			code: fc.constantFrom(...REFUSAL_CODES),
			kind: fc.constantFrom(...KINDS),
			epoch: uint32,
			seq: uint32,
		}),
		lamps: fc.array(fc.constantFrom(...LAMP_STATES), { maxLength: 16 }),
		operating: uint32,
		firmware: fc.constantFrom("", "liangxing-light 0.1.0", "亮星"),
		uptimeS: uint32,
		supplyMv: uint32,
		link: fc.dictionary(name, fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { noNullPrototype: true }),
	},
	{
		requiredKeys: ["fleet", "light", "session", "counter", "ask", "shown", "pattern", "sensed", "epoch", "seq"],
		noNullPrototype: true,
	},
);

export const MESSAGE: { readonly [K in Kind]: fc.Arbitrary<Messages[K]> } = {
	grant,
	notice: fc.record({ fleet, epoch: uint32, issuedAt: at }),
	keys: fc.record({
		fleet,
		version: uint32,
		keys: fc
			.uniqueArray(plainBytes(32), { minLength: 1, maxLength: 8, selector: (k) => k.join() })
			.map((keys) => sorted(...keys)),
	}),
	job: fc.record({
		fleet,
		light,
		ask: token,
		what: fc.constantFrom(...JOB_WHATS),
		parameters: fc.option(detail),
	}),
	state,
	event: fc.record({
		fleet,
		light,
		session: uint32,
		counter: uint32,
		what: name,
		uptimeS: uint32,
		detail,
	}),
	duty: fc.record({
		fleet,
		vehicle: fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/),
		number: uint32,
		what: fc.constantFrom("in", "out"),
		driver: fc.constantFrom("D000001", "卡 12345678901234567890", "x"),
		at,
	}),
};
