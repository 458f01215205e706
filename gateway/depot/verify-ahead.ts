import type { Crypto } from "../../protocol/ports/crypto.ts";
import { equalBytes } from "../../protocol/wire/bytes.ts";
import { disassemble, toBeSigned } from "../../protocol/wire/cose.ts";
import { parseTopic } from "../../protocol/wire/topics.ts";

/** Crypto that can also verify beside the event loop. */
export interface LateCrypto extends Crypto {
	/** Answers later, from the event loop. */
	verifyLater(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, done: (isGood: boolean) => void): void;
}

/** One signature with its message and key. */
interface Signed {
	readonly publicKey: Uint8Array;
	readonly message: Uint8Array;
	readonly signature: Uint8Array;
}

/**
 * The core's crypto. It is told beforehand of the one signature that was verified beside the event loop, and answers from that only
 * where key, message and signature are those very bytes; everything else is verified when it is asked.
 */
export class ForeknownCrypto implements Crypto {
	readonly own: LateCrypto;
	private known: { readonly signed: Signed; readonly isGood: boolean } | null = null;

	constructor(own: LateCrypto) {
		this.own = own;
	}

	/** Runs `work`, during which this verdict is known. */
	knowing(signed: Signed, isGood: boolean, work: () => void): void {
		this.known = { signed, isGood };
		try {
			work();
		} finally {
			this.known = null;
		}
	}

	sha256(message: Uint8Array): Uint8Array {
		return this.own.sha256(message);
	}

	verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
		const { known } = this;
		const isKnown =
			known !== null &&
			equalBytes(known.signed.signature, signature) &&
			equalBytes(known.signed.publicKey, publicKey) &&
			equalBytes(known.signed.message, message);
		return isKnown ? known.isGood : this.own.verify(publicKey, message, signature);
	}
}

/** A message as the broker took it. */
export interface Incoming {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly publisher: string | null;
}

export interface AheadHost {
	readonly crypto: ForeknownCrypto;
	/** Raw public key of a registered light. */
	readonly keyOf: (light: string) => Uint8Array | null;
	/** Runs soon, after what waits on the event loop had its turn. */
	readonly soon: (run: () => void) => void;
	readonly deliver: (message: Incoming) => void;
}

interface Waiting {
	readonly message: Incoming;
	readonly signed: Signed | null;
	/** null = under way. */
	isGood: boolean | null;
}

/** So many in one turn of the event loop are handed on at once: a state that comes alone is not to wait for another thread. */
const FEW = 4;
/** Waiting messages; beyond it the first is handed on unverified, and the core verifies it while the loop waits. */
const MOST_WAITING = 512;

/**
 * Messages on their way to the core, in order. Where many come at once, the signatures of states are verified beside the event loop
 * meanwhile: a verification costs more than all else that a state costs the depot.
 */
export class VerifyAhead {
	private readonly host: AheadHost;
	private waiting: Waiting[] = [];
	private inTurn = 0;

	constructor(host: AheadHost) {
		this.host = host;
	}

	/** Messages that the core has not got yet. */
	get length(): number {
		return this.waiting.length;
	}

	take(message: Incoming): void {
		if (this.inTurn === 0)
			this.host.soon(() => {
				this.inTurn = 0;
			});
		this.inTurn += 1;
		if (this.waiting.length === 0 && this.inTurn <= FEW) {
			this.host.deliver(message);
			return;
		}
		const signed = this.signedOf(message);
		const one: Waiting = { message, signed, isGood: null };
		this.waiting.push(one);
		if (this.waiting.length > MOST_WAITING) this.deliverFirst();
		if (signed !== null)
			this.host.crypto.own.verifyLater(signed.publicKey, signed.message, signed.signature, (isGood) => {
				one.isGood = isGood;
				this.deliverReady();
			});
		else this.deliverReady();
	}

	/** Hands on everything now: the depot stops. */
	drain(): void {
		while (this.waiting.length > 0) this.deliverFirst();
	}

	private signedOf({ topic, payload, publisher }: Incoming): Signed | null {
		if (!topic.endsWith("/state")) return null;
		const light = publisher ?? parseTopic(topic)?.light;
		const publicKey = light === undefined ? null : this.host.keyOf(light);
		const parts = publicKey && disassemble(payload);
		if (!parts) return null;
		return { publicKey, message: toBeSigned("state", parts.kid, parts.payload), signature: parts.signature };
	}

	/** Hands on what is verified, or has nothing to be verified, up to the first that is under way. */
	private deliverReady(): void {
		for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) {
			if (first.signed !== null && first.isGood === null) return;
			this.deliverFirst();
		}
	}

	private deliverFirst(): void {
		const first = this.waiting.shift();
		if (first === undefined) return;
		const deliver = () => this.host.deliver(first.message);
		if (first.signed === null || first.isGood === null) deliver();
		else this.host.crypto.knowing(first.signed, first.isGood, deliver);
	}
}
