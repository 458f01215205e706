import type { Signer } from "../../protocol/ports/crypto.ts";
import type { MonoMs } from "../../protocol/wire/units.ts";

/** What waits for a signature of the depot. */
export interface ToSign {
	readonly job: number;
	readonly toBeSigned: Uint8Array;
}

/** A signer that can also work beside the event loop. */
export interface DepotSigner extends Signer {
	/** Answers later, from the event loop; null = it failed. A signer without it signs on the event loop. */
	signLater?(message: Uint8Array, done: (signature: Uint8Array | null) => void): void;
}

export interface SigningHost {
	readonly signer: DepotSigner;
	readonly clock: { monoMs(): MonoMs };
	/** Runs soon, after what waits on the event loop had its turn. */
	readonly soon: (run: () => void) => void;
	readonly signed: (job: number, signature: Uint8Array) => void;
}

/** Signing may hold the event loop this long a turn (limits: an Ed25519 signature is 50-70 us). */
const SIGN_TURN_MS = 5;
/** So few are signed at once: a change that comes alone is not to wait for another thread. */
const FEW = 4;
/** Handed over at once: enough for the other threads never to wait for us, few enough for what is verified there to get through. */
const MOST_BESIDE = 64;

interface Beside extends ToSign {
	signature: Uint8Array | null;
}

/** Signs in order of coming: a few on the event loop, many beside it while the loop publishes what is signed and hears answers. */
export class SigningLine {
	private readonly host: SigningHost;
	private waiting: ToSign[] = [];
	private beside: Beside[] = [];
	private turning = false;
	private stopped = false;

	constructor(host: SigningHost) {
		this.host = host;
	}

	/** Jobs without their signature yet. */
	get length(): number {
		return this.waiting.length + this.beside.length;
	}

	push(job: ToSign): void {
		this.waiting.push(job);
		if (!this.turning && this.beside.length < MOST_BESIDE) this.soon();
	}

	/** Forgets what waits and what is under way: the core that asked for it is given up. */
	clear(): void {
		this.waiting = [];
		this.beside = [];
	}

	stop(): void {
		this.stopped = true;
		this.clear();
	}

	private soon(): void {
		this.turning = true;
		this.host.soon(() => this.turn());
	}

	private turn(): void {
		this.turning = false;
		if (this.stopped) return;
		const { signer } = this.host;
		if (signer.signLater === undefined || (this.beside.length === 0 && this.waiting.length <= FEW)) this.signHere();
		else this.handOver(signer.signLater.bind(signer));
	}

	/** Signs for at most `SIGN_TURN_MS`, then lets messages and requests have their turn. */
	private signHere(): void {
		const { signer, clock } = this.host;
		const until = clock.monoMs() + SIGN_TURN_MS;
		const signed: Beside[] = [];
		let at = 0;
		for (; at < this.waiting.length; at++) {
			if (at > 0 && clock.monoMs() >= until) break;
			const job = this.waiting[at];
			if (job !== undefined) {
				const { toBeSigned } = job;
				signed.push({ job: job.job, toBeSigned, signature: signer.sign(toBeSigned) });
			}
		}
		this.waiting = this.waiting.slice(at);
		for (const one of signed) this.tell(one);
		if (this.waiting.length > 0 && !this.turning) this.soon();
	}

	private handOver(signLater: NonNullable<DepotSigner["signLater"]>): void {
		const more = this.waiting.splice(0, MOST_BESIDE - this.beside.length);
		const line = this.beside;
		for (const { job, toBeSigned } of more) {
			const one: Beside = { job, toBeSigned, signature: null };
			line.push(one);
			signLater(toBeSigned, (signature) => {
				one.signature = signature ?? this.host.signer.sign(toBeSigned);
				if (line === this.beside) this.tellBegun();
			});
		}
	}

	/** Tells of what is signed, up to the first that is not. */
	private tellBegun(): void {
		for (let first = this.beside[0]; first !== undefined && first.signature !== null; first = this.beside[0]) {
			this.beside.shift();
			this.tell(first);
		}
		if (this.waiting.length > 0 && !this.turning && this.beside.length <= MOST_BESIDE / 2) this.turn();
	}

	private tell({ job, signature }: Beside): void {
		if (signature === null) return;
		this.host.signed(job, signature);
	}
}
