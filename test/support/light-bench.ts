import { enrolRecord } from "../../device/core/enrol.ts";
import { type DeviceState, initialState, step } from "../../device/core/step.ts";
import type { DeviceEffect, DeviceEnv, DeviceInput, Face } from "../../device/core/types.ts";
import { NodeCrypto, signerFromRaw } from "../../device/drivers/node-crypto.ts";
import type { Signer } from "../../protocol/ports/crypto.ts";
import { compareBytes, toHex } from "../../protocol/wire/bytes.ts";
import { makeLightId } from "../../protocol/wire/light-id.ts";
import type { Grant, JobWhat, LightEvent, LightReport } from "../../protocol/wire/messages.ts";
import { seal, unseal } from "../../protocol/wire/seal.ts";
import { type LightId, type MonoMs, monoMs, type Stars, seconds, unixSeconds } from "../../protocol/wire/units.ts";

export const crypto = new NodeCrypto();

/** A key pair from one byte: tests name keys, and equal runs make equal bytes. */
export const signerOf = (byte: number): Signer => signerFromRaw(new Uint8Array(32).fill(byte));

export const ROOT = signerOf(1);
export const DEPOT = signerOf(2);
export const NEXT_DEPOT = signerOf(3);
export const LIGHT_KEY = signerOf(4);
export const FLEET = "demo";
export const LIGHT = makeLightId("PDS00000001");
export const OTHER_LIGHT = makeLightId("PDS00000002");
/** The depot's wall time when a bench starts (unix s). */
export const EPOCH_S = 1_800_000_000;

export const keysMessage = (version: number, signers: readonly Signer[], root = ROOT, fleet = FLEET): Uint8Array =>
	seal("keys", { fleet, version, keys: signers.map((s) => s.publicKey).sort(compareBytes) }, root, crypto);

export const noticeMessage = (epoch: number, signer = DEPOT, fleet = FLEET): Uint8Array =>
	seal("notice", { fleet, epoch, issuedAt: unixSeconds(EPOCH_S) }, signer, crypto);

export const jobMessage = (what: JobWhat, ask: Uint8Array, light: LightId = LIGHT, signer = DEPOT): Uint8Array =>
	seal("job", { fleet: FLEET, light, ask, what, parameters: null }, signer, crypto);

/** What a test says of a grant; the rest is usual. `issuedAt` is relative to EPOCH_S. */
export interface GrantParts {
	readonly stars: Stars;
	readonly ask: Uint8Array | null;
	readonly epoch?: number;
	readonly seq?: number;
	readonly issuedAt?: number;
	readonly leaseS?: number;
	readonly resumes?: number;
	readonly resumeS?: number;
	/** Seconds after issuedAt; by default the most that is allowed. */
	readonly lastsS?: number;
	readonly light?: LightId;
	readonly fleet?: string;
	readonly signer?: Signer;
}

export function grantMessage(parts: GrantParts): Uint8Array {
	const { leaseS = 3600, resumes = 0, resumeS = 0, issuedAt = 0 } = parts;
	const grant: Grant = {
		fleet: parts.fleet ?? FLEET,
		light: parts.light ?? LIGHT,
		epoch: parts.epoch ?? 1,
		seq: parts.seq ?? 1,
		stars: parts.stars,
		issuedAt: unixSeconds(EPOCH_S + issuedAt),
		notAfter: unixSeconds(EPOCH_S + issuedAt + (parts.lastsS ?? leaseS + resumes * resumeS)),
		leaseS: seconds(leaseS),
		resumes,
		resumeS: seconds(resumeS),
		asOf: unixSeconds(EPOCH_S - 86_400),
		policy: new Uint8Array(8).fill(7),
		trace: new Uint8Array(8).fill(9),
		ask: parts.ask,
	};
	return seal("grant", grant, parts.signer ?? DEPOT, crypto);
}

/** xorshift32: the bench needs repeatable bytes, not good ones. */
function seededBytes(seed: number): (length: number) => Uint8Array {
	let x = seed | 1;
	return (length) =>
		Uint8Array.from({ length }, () => {
			x ^= x << 13;
			x ^= x >>> 17;
			x ^= x << 5;
			return x & 0xff;
		});
}

export type MessageKind = "keys" | "notice" | "grant" | "job";
export type Copies = [Uint8Array | null, Uint8Array | null];
type WriteEffect = Extract<DeviceEffect, { type: "write" }>;

/** One light on a test bench: the real core, virtual time, two copies in RAM, and everything that it did. */
export class LightBench {
	now: MonoMs = monoMs(5_000);
	state: DeviceState = initialState();
	copies: Copies;
	/** Off: writes wait in `writes` until the test answers them. */
	autoWrite = true;
	writes: WriteEffect[] = [];
	/** What the glass shows. */
	face: Face = { pattern: "neutral", stars: 0 };
	wakeAt: MonoMs | null = null;
	readonly states: LightReport[] = [];
	readonly events: LightEvent[] = [];
	readonly faces: Face[] = [];
	readonly logs: string[] = [];
	/** Signatures that the light has verified. */
	verifications = 0;
	private readonly answers: DeviceInput[] = [];
	readonly env: DeviceEnv;

	constructor(options: { seed?: number; copies?: Copies } = {}) {
		this.env = {
			crypto: {
				sha256: (message) => crypto.sha256(message),
				verify: (...parts) => {
					this.verifications += 1;
					return crypto.verify(...parts);
				},
			},
			signer: LIGHT_KEY,
			random: { bytes: seededBytes(options.seed ?? 42) },
			reportS: seconds(600),
			firmware: "bench",
		};
		const identity = { fleet: FLEET, light: LIGHT, rootKey: ROOT.publicKey };
		const record = enrolRecord(identity, keysMessage(1, [DEPOT]), this.env);
		this.copies = options.copies ?? [record, record];
	}

	/** Started, link up, nothing shown. */
	static started(options: { seed?: number; copies?: Copies } = {}): LightBench {
		const bench = new LightBench(options);
		bench.boot();
		bench.feed({ type: "link-up" });
		return bench;
	}

	boot(): void {
		this.writes = [];
		this.wakeAt = null;
		this.face = { pattern: "neutral", stars: 0 };
		this.feed({ type: "boot", copies: [this.copies[0], this.copies[1]] });
	}

	/** Power off and on again; writes on their way are lost, monotonic time starts anew. */
	powerCycle(): void {
		this.now = monoMs(100);
		this.boot();
		this.feed({ type: "link-up" });
	}

	/** Gives an input and does what follows, answers of writes included; `effects` are those of this input alone. */
	feed(input: DeviceInput): readonly DeviceEffect[] {
		const first = this.one(input);
		this.answerAll();
		return first;
	}

	/** The link comes up, told in one batch with what the broker kept; writes are answered after it. */
	connect(...kept: readonly (readonly [kind: MessageKind, bytes: Uint8Array])[]): void {
		const messages = kept.map(([kind, bytes]) => ({ type: "message", kind, bytes, retained: true }) as const);
		const batch = [{ type: "link-up" } as const, ...messages];
		for (const [n, input] of batch.entries()) this.one(n < batch.length - 1 ? { ...input, more: true } : input);
		this.answerAll();
	}

	private answerAll(): void {
		for (let next = this.answers.shift(); next !== undefined; next = this.answers.shift()) this.one(next);
	}

	private one(input: DeviceInput): readonly DeviceEffect[] {
		const { state, effects } = step(this.state, input, this.now, this.env);
		this.state = state;
		for (const effect of effects) this.run(effect);
		return effects;
	}

	message(kind: MessageKind, bytes: Uint8Array): readonly DeviceEffect[] {
		return this.feed({ type: "message", kind, bytes });
	}

	/** Signs and sends a grant for the newest ask (unless told otherwise). */
	grant(parts: Partial<GrantParts> & { stars: Stars }): Uint8Array {
		const bytes = grantMessage({ ask: this.ask(), ...parts });
		this.message("grant", bytes);
		return bytes;
	}

	/** Lets time pass; ticks come when they were asked for. */
	advance(ms: number): void {
		const end = monoMs(this.now + ms);
		while (this.wakeAt !== null && this.wakeAt <= end) {
			this.now = monoMs(Math.max(this.now, this.wakeAt));
			this.wakeAt = null;
			this.feed({ type: "tick" });
		}
		this.now = end;
	}

	/** The newest ask that was published. */
	ask(): Uint8Array {
		const last = this.states.at(-1);
		if (last === undefined) throw new Error("the light has not reported yet");
		return last.ask;
	}

	last(): LightReport {
		const last = this.states.at(-1);
		if (last === undefined) throw new Error("the light has not reported yet");
		return last;
	}

	/** Answers the oldest write that waits. */
	answerWrite(ok = true): void {
		const write = this.writes.shift();
		if (write === undefined) throw new Error("no write waits");
		if (ok) this.store(write);
		const { slot, generation } = write;
		this.feed(
			ok ? { type: "written", slot, generation } : { type: "write-failed", slot, generation, reason: "ENOSPC" },
		);
	}

	private store(write: WriteEffect): void {
		this.copies[write.slot] = write.bytes.slice();
	}

	private run(effect: DeviceEffect): void {
		if (effect.type === "show") {
			this.face = effect.face;
			this.faces.push(effect.face);
		} else if (effect.type === "wake") this.wakeAt = effect.at;
		else if (effect.type === "log") this.logs.push(effect.code);
		else if (effect.type === "publish") this.publish(effect);
		else if (this.autoWrite) {
			this.store(effect);
			this.answers.push({ type: "written", slot: effect.slot, generation: effect.generation });
		} else this.writes.push(effect);
	}

	private publish(effect: Extract<DeviceEffect, { type: "publish" }>): void {
		const opened = unseal(effect.kind, effect.bytes, [LIGHT_KEY.publicKey], crypto);
		if (!opened.ok)
			throw new Error(`the light published a ${effect.kind} that is ${opened.code}: ${toHex(effect.bytes)}`);
		if (effect.kind === "state") this.states.push(opened.message as LightReport);
		else this.events.push(opened.message as LightEvent);
	}
}
