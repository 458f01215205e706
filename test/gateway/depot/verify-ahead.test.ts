import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeKeyPair, NodeCrypto, signerFromPem } from "../../../gateway/depot/node-crypto.ts";
import { ForeknownCrypto, type Incoming, VerifyAhead } from "../../../gateway/depot/verify-ahead.ts";
import { makeLightId } from "../../../protocol/wire/light-id.ts";
import type { LightReport } from "../../../protocol/wire/messages.ts";
import { seal, unseal } from "../../../protocol/wire/seal.ts";
import { topicOf } from "../../../protocol/wire/topics.ts";
import { SEED } from "../../support/seed.ts";

const LIGHT = makeLightId("PDS00000001");
const own = new NodeCrypto();
const signer = signerFromPem(makeKeyPair().privatePem, "a light's key");
const report = (counter: number): LightReport => ({
	...{ fleet: "demo", light: LIGHT, session: 1, counter, ask: new Uint8Array(8) },
	...{ shown: 0, pattern: "neutral", sensed: true, epoch: 0, seq: 0 },
});
const stateOf = (counter: number): Incoming => ({
	topic: topicOf.state("demo", LIGHT),
	payload: seal("state", report(counter), signer, own),
	publisher: LIGHT,
});

/** A depot's ear: what each message turned out to be, in order. */
function ears() {
	const crypto = new ForeknownCrypto(own);
	const heard: (number | string)[] = [];
	const ahead = new VerifyAhead({
		crypto,
		keyOf: (light) => (light === LIGHT ? signer.publicKey : null),
		soon: (run) => void setImmediate(run),
		deliver: ({ topic, payload }) => {
			if (!topic.endsWith("/state")) return void heard.push(topic);
			const opened = unseal("state", payload, [signer.publicKey], crypto);
			heard.push(opened.ok ? opened.message.counter : opened.code);
		},
	});
	const all = async (count: number) => {
		while (heard.length < count) await new Promise((next) => setImmediate(next));
	};
	return { ahead, heard, all };
}

function spoilt(message: Incoming): Incoming {
	const payload = Uint8Array.from(message.payload);
	payload[payload.length - 1] = (payload.at(-1) ?? 0) ^ 1;
	return { ...message, payload };
}

describe("Messages that are verified beside the event loop", () => {
	it("reach the core at once when they come alone", () => {
		const { ahead, heard } = ears();
		ahead.take(stateOf(1));
		expect(heard).toEqual([1]);
		expect(ahead.length).toBe(0);
	});

	it("reach it in their order with the same verdicts, however many come, unsigned ones and bad ones among them", async () => {
		const { ahead, heard, all } = ears();
		const online = topicOf.online("demo", LIGHT);
		const expected: (number | string)[] = [];
		for (let n = 0; n < 700; n++) {
			const kind = n % 10;
			if (kind === 3) ahead.take({ topic: online, payload: new Uint8Array(1), publisher: LIGHT });
			else if (kind === 7) ahead.take(spoilt(stateOf(n)));
			else if (kind === 9) ahead.take({ ...stateOf(n), payload: new Uint8Array(40) });
			else ahead.take({ ...stateOf(n), publisher: n % 2 === 0 ? LIGHT : null });
			expected.push(kind === 3 ? online : kind === 7 ? "bad-signature" : kind === 9 ? "malformed" : n);
			expect(ahead.length).toBeLessThanOrEqual(512);
		}
		await all(700);
		expect(heard).toEqual(expected);
	});

	it("are all handed on when the depot stops, and none of them twice", async () => {
		const { ahead, heard } = ears();
		for (let n = 0; n < 100; n++) ahead.take(stateOf(n));
		ahead.drain();
		expect(heard).toEqual([...Array(100).keys()]);
		for (let n = 0; n < 50; n++) await new Promise((next) => setTimeout(next, 1));
		expect(heard).toHaveLength(100);
	});
});

describe("A verdict that is known beforehand", () => {
	it("holds for its own key, message and signature and for no other bytes", () => {
		const crypto = new ForeknownCrypto(own);
		const message = new Uint8Array(40).fill(1);
		const signed = { publicKey: signer.publicKey, message, signature: signer.sign(message) };
		const parts = ["publicKey", "message", "signature"] as const;
		fc.assert(
			fc.property(fc.constantFrom(...parts), fc.nat(), fc.integer({ min: 1, max: 255 }), (part, at, change) => {
				const bytes = Uint8Array.from(signed[part]);
				bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ change;
				const other = { ...signed, [part]: bytes };
				crypto.knowing(signed, true, () =>
					expect(crypto.verify(other.publicKey, other.message, other.signature)).toBe(false),
				);
				crypto.knowing(other, true, () =>
					expect(crypto.verify(signed.publicKey, signed.message, signed.signature)).toBe(true),
				);
			}),
			{ seed: SEED, numRuns: 100 },
		);
		crypto.knowing(signed, false, () => expect(crypto.verify(signed.publicKey, message, signed.signature)).toBe(false));
		expect(crypto.verify(signed.publicKey, message, signed.signature)).toBe(true);
	});
});
