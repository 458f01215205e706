import { generateKeyPairSync, sign } from "node:crypto";
import { GatewayCore } from "../../../gateway/core/core.ts";
import type { Change, Grade, Snapshot } from "../../../gateway/core/model.ts";
import type { StarPolicy } from "../../../gateway/core/stars/policy.ts";
import type {
	Command,
	CommandAnswer,
	CoreConfig,
	CoreEffect,
	CoreEvent,
	LightView,
	Now,
} from "../../../gateway/core/types.ts";
import { NodeCrypto, rawPublicKey } from "../../../gateway/depot/node-crypto.ts";
import type { Signer } from "../../../protocol/ports/crypto.ts";
import { copyBytes, utf8Encode } from "../../../protocol/wire/bytes.ts";
import { makeLightId } from "../../../protocol/wire/light-id.ts";
import type { Grant, LightReport, Notice } from "../../../protocol/wire/messages.ts";
import { seal, unseal } from "../../../protocol/wire/seal.ts";
import { parseTopic, topicOf } from "../../../protocol/wire/topics.ts";
import {
	type LightId,
	monoMs,
	type Stars,
	seconds,
	type UnixMs,
	unixMs,
	unixSeconds,
} from "../../../protocol/wire/units.ts";
import { emptySnapshot, SimStore } from "../../../simulator/hardware/sim-store.ts";

export const FLEET = "demo";
/** 2026-03-01T00:00:00Z. */
export const T0 = 1_772_323_200;
export const crypto = new NodeCrypto();

export function makeSigner(): Signer {
	const { privateKey } = generateKeyPairSync("ed25519");
	return { publicKey: rawPublicKey(privateKey), sign: (message) => Uint8Array.from(sign(null, message, privateKey)) };
}

export const policy: StarPolicy = {
	name: "test",
	version: 1,
	by: "score",
	scoreBands: [
		{ from: 20, stars: 5 },
		{ from: 11, stars: 4 },
		{ from: 7, stars: 3 },
		{ from: 4, stars: 2 },
		{ from: 0, stars: 1 },
	],
	gradeStars: { AAA: 5, AA: 4, A: 3, B: 1, unrated: 0 },
	gradeBands: { AAA: 20, AA: 11, A: 4, B: 0 },
	scoreRange: [0, 30],
	maxAgeDays: 550,
	hash: crypto.sha256(utf8Encode("test policy")),
};

export const config: CoreConfig = {
	fleet: FLEET,
	policy,
	leaseS: seconds(3600),
	resumes: 0,
	resumeS: seconds(0),
	reportS: seconds(600),
	allowUnassigned: false,
	heldRemovedShare: 0.02,
	heldLoweredShare: 0.05,
	silentAfterS: seconds(1500),
};

const KEYS_MESSAGE = utf8Encode("a root-signed keys message");

/** Counts up: no two asks or traces are equal, and a run is the same each time. */
export function counting(start = 1): { bytes(length: number): Uint8Array } {
	let n = start;
	return {
		bytes(length) {
			const out = new Uint8Array(length);
			new DataView(out.buffer).setUint32(0, n++);
			return out;
		},
	};
}

/** Loss of power, thrown out of the middle of a step's effects. */
export class Crash extends Error {}

/** A message handed to the broker. */
export interface Sent {
	readonly topic: string;
	readonly bytes: Uint8Array;
	readonly at: number;
}

/**
 * A depot in virtual time: commits go to a store in memory, signing is done with a test key. By itself it does each effect at once;
 * `hold` keeps commits or signatures back until the test releases them.
 */
export class Depot {
	readonly config: CoreConfig;
	signer = makeSigner();
	readonly random = counting(1_000_000);
	store: SimStore;
	core: GatewayCore;
	unix: number;
	mono = 0;
	hold: { commits: boolean; signs: boolean } = { commits: false, signs: false };
	heldCommits: { tx: number; changes: readonly Change[] }[] = [];
	heldSigns: { job: number; toBeSigned: Uint8Array }[] = [];
	sent: Sent[] = [];
	readonly commits: { at: number; changes: readonly Change[] }[] = [];
	readonly signatures: number[] = [];
	readonly logs: Extract<CoreEffect, { type: "log" }>[] = [];
	readonly answers = new Map<string, CommandAnswer>();
	changed: LightId[] = [];
	private wakeAt: number | null = null;
	private nextCommand = 1;

	constructor(overrides: Partial<CoreConfig> = {}, snapshot: Snapshot = emptySnapshot(FLEET), unix = T0 * 1000) {
		this.config = { ...config, ...overrides };
		this.store = new SimStore(snapshot);
		this.unix = unix;
		this.core = this.build();
	}

	now(): Now {
		return { unix: unixMs(this.unix), mono: monoMs(this.mono) };
	}

	private build(): GatewayCore {
		const env = { crypto, random: this.random, signingKey: this.signer.publicKey, keysMessage: KEYS_MESSAGE };
		return new GatewayCore(this.config, env, this.store.snapshot(), this.now());
	}

	/** A stolen key is replaced: from the next start another one signs. */
	newKey(): void {
		this.signer = makeSigner();
	}

	start(): this {
		this.feed({ type: "start" });
		return this;
	}

	/** Loss of power and a new start: what was not committed is gone, and the broker has forgotten everything. */
	restart(): this {
		this.heldCommits = [];
		this.heldSigns = [];
		this.hold = { commits: false, signs: false };
		this.wakeAt = null;
		this.sent = [];
		this.core = this.build();
		return this.start();
	}

	feed(event: CoreEvent): void {
		for (const effect of this.core.step(event, this.now())) this.run(effect);
	}

	/** Burns with each effect, and once more inside a commit; throws `Crash` when it is burnt down. */
	fuse: number | null = null;
	readonly everSent: Sent[] = [];

	private burn(): void {
		if (this.fuse !== null && this.fuse-- <= 0) throw new Crash();
	}

	private run(effect: CoreEffect): void {
		this.burn();
		switch (effect.type) {
			case "commit":
				if (this.hold.commits) this.heldCommits.push(effect);
				else this.commit(effect);
				break;
			case "sign":
				if (this.hold.signs) this.heldSigns.push(effect);
				else this.sign(effect);
				break;
			case "publish":
				this.sent.push({ topic: effect.topic, bytes: effect.bytes, at: this.mono });
				this.everSent.push({ topic: effect.topic, bytes: effect.bytes, at: this.mono });
				break;
			case "answer":
				if (this.answers.has(effect.id)) throw new Error(`${effect.id} was answered twice`);
				this.answers.set(effect.id, effect.answer);
				break;
			case "changed":
				this.changed.push(effect.light);
				break;
			case "wake":
				this.wakeAt = this.wakeAt === null ? effect.at : Math.min(this.wakeAt, effect.at);
				break;
			case "log":
				this.logs.push(effect);
				break;
		}
	}

	private commit({ tx, changes }: { tx: number; changes: readonly Change[] }): void {
		this.store.commit(changes);
		this.commits.push({ at: this.mono, changes });
		this.burn();
		this.feed({ type: "committed", tx });
	}

	private sign({ job, toBeSigned }: { job: number; toBeSigned: Uint8Array }): void {
		this.signatures.push(this.mono);
		this.feed({ type: "signed", job, signature: this.signer.sign(toBeSigned) });
	}

	/** Lets the oldest held commit, then everything that follows as far as it is not held. */
	releaseCommit(): void {
		const commit = this.heldCommits.shift();
		if (commit !== undefined) this.commit(commit);
	}

	releaseSign(): void {
		const job = this.heldSigns.shift();
		if (job !== undefined) this.sign(job);
	}

	/** Time passes; the core is woken when it asked for it. */
	advance(ms: number): void {
		const until = this.mono + ms;
		while (this.wakeAt !== null && this.wakeAt <= until) {
			const at = Math.max(this.wakeAt, this.mono);
			this.wakeAt = null;
			this.unix += at - this.mono;
			this.mono = at;
			this.feed({ type: "tick" });
		}
		this.unix += until - this.mono;
		this.mono = until;
	}

	/** The answer to a command, or null while there is none. */
	ask(command: Command): CommandAnswer | null {
		const id = `c${this.nextCommand++}`;
		this.feed({ type: "command", id, command });
		return this.answers.get(id) ?? null;
	}

	/** The value of a command that must succeed. */
	tell(command: Command): Readonly<Record<string, unknown>> {
		const answer = this.ask(command);
		if (answer === null || !answer.ok) throw new Error(`refused: ${JSON.stringify(answer)}`);
		return answer.value;
	}

	signIn(plate: string, certificate: string, at: number | null = null): CommandAnswer | null {
		return this.ask({ what: "sign-in", vehicle: { plate }, driver: { certificate }, at: at as UnixMs | null });
	}

	signOut(plate: string, certificate: string | null = null, at: number | null = null): CommandAnswer | null {
		const driver = certificate === null ? null : { certificate };
		return this.ask({ what: "sign-out", vehicle: { plate }, driver, at: at as UnixMs | null });
	}

	pull(ratings: Readonly<Record<string, number | null>>, more: PullOptions = {}): CommandAnswer | null {
		const accepted = Object.entries(ratings).map(([certificate, score], i) => ({
			row: i + 1,
			certificate,
			grade: score === null ? ("unrated" as const) : gradeOf(score),
			score,
			period: "2025",
			asOf: unixSeconds(more.asOf ?? T0 - 86_400),
		}));
		const quarantined = more.quarantined ?? [];
		return this.ask({
			what: "ratings-pull",
			...(more.snapshot === undefined ? { source: "csv" } : { source: "http", asOf: unixSeconds(more.snapshot) }),
			name: "ratings.csv",
			contentHash: more.hash ?? JSON.stringify([ratings, more.asOf]),
			rows: accepted.length + quarantined.length,
			accepted,
			quarantined,
		});
	}

	/** Vehicles with their main and deputy drivers. */
	fleet(cars: Readonly<Record<string, readonly string[]>>): CommandAnswer | null {
		const rows = Object.entries(cars).map(([plate, [main = "", deputy = ""]], i) => ({
			row: i + 1,
			plate,
			plateColour: 5,
			company: "Testing Taxi",
			terminal: "",
			main,
			deputy,
		}));
		return this.ask({ what: "fleet-import", rows, dryRun: false });
	}

	view(light: LightId): LightView {
		const view = this.core.light(light, this.now());
		if (view === null) throw new Error("no such light");
		return view;
	}

	/** Grants sent to this light, opened, oldest first. */
	grants(light: LightId): Grant[] {
		return this.sent.filter((s) => s.topic === topicOf.grant(FLEET, light)).map((s) => this.open(s.bytes));
	}

	open(bytes: Uint8Array): Grant {
		const opened = unseal("grant", bytes, [this.signer.publicKey], crypto);
		if (!opened.ok) throw new Error(opened.code);
		return opened.message;
	}

	notices(): Notice[] {
		return this.sent
			.filter((s) => s.topic === topicOf.notice(FLEET))
			.map((s) => {
				const opened = unseal("notice", s.bytes, [this.signer.publicKey], crypto);
				if (!opened.ok) throw new Error(opened.code);
				return opened.message;
			});
	}

	/** Kinds of the topics sent, in order. */
	kinds(): string[] {
		return this.sent.map(({ topic }) => parseTopic(topic)?.kind ?? topic);
	}
}

export interface PullOptions {
	/** A platform's list that was made then; left out = a file. */
	readonly snapshot?: number;
	readonly asOf?: number;
	readonly hash?: string;
	readonly quarantined?: readonly { row: number; reason: string; certificate: string }[];
}

const gradeOf = (score: number): Grade => (score >= 20 ? "AAA" : score >= 11 ? "AA" : score >= 4 ? "A" : "B");

export const lightId = (n: number): LightId => makeLightId(`T${String(n).padStart(10, "0")}`);

/** A light that says what the test lets it say, under its own key, with counters and asks as the protocol has them. */
export class ScriptedLight {
	readonly id: LightId;
	readonly signer = makeSigner();
	private readonly depot: Depot;
	private readonly random: { bytes(length: number): Uint8Array };
	session = 1;
	counter = 0;
	ask: Uint8Array;
	shown: Stars = 0;
	pair = { epoch: 0, seq: 0 };
	private stored: Uint8Array | null = null;
	private litUntil = 0;

	constructor(depot: Depot, n: number) {
		this.depot = depot;
		this.id = lightId(n);
		this.random = counting(n * 10_000);
		this.ask = this.random.bytes(8);
	}

	/** Registers it, bound to a plate. */
	bind(plate: string): this {
		this.depot.tell({ what: "light-add", light: this.id, publicKey: this.signer.publicKey });
		this.depot.tell({ what: "light-bind", light: this.id, plate });
		return this;
	}

	newAsk(): this {
		this.ask = this.random.bytes(8);
		return this;
	}

	/** The bytes of its next state; each call is one counter on. */
	state(more: Partial<LightReport> = {}): Uint8Array {
		this.counter += 1;
		const left = Math.max(0, Math.floor((this.litUntil - this.depot.mono) / 1000));
		const report: LightReport = {
			fleet: FLEET,
			light: this.id,
			session: this.session,
			counter: this.counter,
			ask: this.ask,
			shown: this.shown,
			pattern: this.shown > 0 ? "stars" : "neutral",
			sensed: true,
			...this.pair,
			...(this.stored === null ? {} : { grant: copyBytes(crypto.sha256(this.stored), 0, 8) }),
			...(this.shown > 0 ? { leaseLeftS: left } : {}),
			...more,
		};
		return seal("state", report, this.signer, crypto);
	}

	/** Tells the depot its state. */
	report(more: Partial<LightReport> = {}): this {
		this.deliver(this.state(more));
		return this;
	}

	deliver(bytes: Uint8Array): void {
		this.depot.feed({ type: "message", topic: topicOf.state(FLEET, this.id), bytes, publisher: null });
	}

	/** A report period is over: a new ask is drawn and told. */
	period(more: Partial<LightReport> = {}): this {
		return this.newAsk().report(more);
	}

	/** Takes the newest grant that the depot sent, shows it, draws an ask; says nothing yet. */
	accept(): Grant {
		const newest = this.depot.sent.findLast((s) => s.topic === topicOf.grant(FLEET, this.id));
		if (newest === undefined) throw new Error("no grant was sent");
		const grant = this.depot.open(newest.bytes);
		this.stored = newest.bytes;
		this.shown = grant.stars;
		this.pair = { epoch: grant.epoch, seq: grant.seq };
		this.litUntil = this.depot.mono + grant.leaseS * 1000;
		this.newAsk();
		return grant;
	}

	/** Takes the newest grant and tells so. */
	take(): Grant {
		const grant = this.accept();
		this.report();
		return grant;
	}

	/** Goes dark, as at the end of a lease. */
	goDark(): this {
		this.shown = 0;
		return this;
	}
}

/** A started depot with one car: driver C5 owes 5 stars, C3 owes 3 (its deputy), C0 is not rated; the light is bound, not heard. */
export function oneTaxi(overrides: Partial<CoreConfig> = {}): { depot: Depot; light: ScriptedLight } {
	const depot = new Depot(overrides).start();
	depot.fleet({ "A-10001": ["C5", "C3"], "A-10002": ["C4", "C0"] });
	depot.pull({ C5: 24, C3: 8, C4: 12 });
	const light = new ScriptedLight(depot, 1).bind("A-10001");
	return { depot, light };
}
