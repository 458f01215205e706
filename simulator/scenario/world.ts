import { enrolRecord } from "../../device/core/enrol.ts";
import type { Snapshot } from "../../gateway/core/model.ts";
import type { Signer } from "../../protocol/ports/crypto.ts";
import { decodePayload } from "../../protocol/wire/codec.ts";
import { disassemble } from "../../protocol/wire/cose.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { SimClock } from "../clock/sim-clock.ts";
import { emptySnapshot } from "../hardware/sim-store.ts";
import { SimBroker } from "../link/sim-broker.ts";
import { Prng } from "../random/prng.ts";
import { Caller } from "./calls.ts";
import { ChangesChecker } from "./checker-changes.ts";
import { GatewayChecker } from "./checker-gateway.ts";
import { LightChecker } from "./checker-light.ts";
import { GatewayHost } from "./gateway-host.ts";
import { LightHost, type LightWatcher } from "./light-host.ts";
import type { Parts, SimCrypto, TraceSink, Violation } from "./parts.ts";
import { FLEET, keysMessage, MAX_AGE_DAYS, makeSetup, type Setup, START_UNIX_S } from "./setup.ts";
import { SignedLedger } from "./signed.ts";
import { Truth, type TruthCopy } from "./truth.ts";

/** Violations kept; one is enough to fail. */
const MAX_VIOLATIONS = 20;

/** Copies of the store that are kept. */
const MAX_BACKUPS = 4;

export interface Backup {
	readonly snapshot: Snapshot;
	readonly truth: TruthCopy;
	readonly newestTime: number;
}

/** One run: the real cores, everything around them, and the judge. */
export class World {
	readonly clock = new SimClock();
	readonly random: Prng;
	readonly setup: Setup;
	readonly crypto: SimCrypto;
	readonly broker: SimBroker;
	readonly gateway: GatewayHost;
	readonly lights: readonly LightHost[];
	readonly truth: Truth;
	readonly signed = new SignedLedger();
	readonly lightChecker: LightChecker;
	readonly gatewayChecker: GatewayChecker;
	readonly changesChecker: ChangesChecker;
	readonly caller: Caller;
	readonly violations: Violation[] = [];
	/** Faults and hostile moves so far, by kind. */
	readonly faults = new Map<string, number>();
	/** Lights that are kept from being right on purpose, until this true time: the calm does not judge them. */
	readonly excluded = new Map<LightId, number>();
	/** Lights to which nothing is let through, until this true time; a calm ends the first, not the second. */
	readonly withheld = new Map<string, number>();
	readonly starved = new Map<string, number>();
	/** Lights that are cut off for longer than a lease. */
	readonly islands = new Set<LightId>();
	/** Copies of the store, with the truth of their instant. */
	readonly backups: Backup[] = [];
	/** Whether this seed's depot clock may run ahead, and whether it did: then no older store is put back (docs/simulation.md). */
	readonly mayRunAhead: boolean;
	clockWasAhead = false;
	/** Trusted keys: the version and the signers. */
	keys: { readonly version: number; readonly trusted: readonly Signer[] };

	constructor(seed: number, crypto: SimCrypto, parts: Parts, trace: TraceSink) {
		this.random = new Prng(seed);
		this.crypto = crypto;
		this.setup = makeSetup(this.random.split("setup"), crypto);
		const { setup, clock } = this;
		const report = (rule: string, light: string | null, words: string) => this.report(rule, light, words);
		this.truth = new Truth(
			setup.taxis.map((t) => t.plate),
			MAX_AGE_DAYS,
		);
		this.broker = new SimBroker(clock, this.random.split("broker"));
		// Nobody connects before the gateway has published what is newest.
		this.broker.stop(false);
		this.lightChecker = new LightChecker(clock, this.signed, report);
		const { taxis, config } = setup;
		const judged = { sim: clock, signed: this.signed, truth: this.truth, taxis, leaseS: config.leaseS, report };
		this.gatewayChecker = new GatewayChecker({ ...judged, crypto, said: this.lightChecker.saidBy });
		this.changesChecker = new ChangesChecker(judged);
		const signer = setup.signing[0] as Signer; // makeSetup makes eight
		this.keys = { version: START_UNIX_S, trusted: [signer] };
		const keys = keysMessage(setup, this.keys.version, this.keys.trusted, crypto);
		this.noteKeys(keys);
		this.gateway = new GatewayHost({
			sim: clock,
			broker: this.broker,
			random: this.random.split("gateway"),
			config: setup.config,
			parts,
			crypto,
			watcher: this.changesChecker.beside(this.gatewayChecker, () => this.gateway.clock.offset()),
			trace,
			snapshot: emptySnapshot(FLEET),
			signer,
			keysMessage: keys,
			ownBroker: this.random.split("broker kind").chance(0.5),
		});
		this.gatewayChecker.gateway = this.gateway;
		this.caller = new Caller(clock, this.gateway, this.random.split("calls"));
		const watcher = this.watcher();
		this.lights = setup.taxis.map(
			(taxi, index) =>
				new LightHost({
					taxi,
					index,
					reportS: setup.config.reportS,
					sim: clock,
					broker: this.broker,
					random: this.random.split(`light ${index}`),
					parts,
					crypto,
					watcher,
					trace,
				}),
		);
		for (const light of this.lights) this.enrol(light, keys);
		this.mayRunAhead = this.random.split("ahead").chance(0.5);
		this.broker.withhold = (to) => {
			return Math.max(this.withheld.get(to) ?? 0, this.starved.get(to) ?? 0) > clock.now();
		};
		this.broker.onDeliver = (to, message) =>
			trace.line(`${clock.now()} deliver ${to} ${message.topic} ${shortHash(crypto, message.payload)}`);
	}

	/** Wall time of the depot, unix seconds. */
	depotS(): number {
		return Math.floor(this.gateway.now().unix / 1000);
	}

	fault(kind: string): void {
		this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
	}

	report(rule: string, light: string | null, words: string): void {
		if (this.violations.length < MAX_VIOLATIONS) {
			this.violations.push({ rule, atMs: this.clock.now(), light, words });
		}
	}

	/** Keeps a copy of the store as it is now, if nothing is undecided. */
	backUp(): void {
		if (this.truth.anyOpen() || this.gateway.clock.offset() !== 0) return;
		const { store } = this.gateway;
		const newestTime = this.gatewayChecker.newestTime;
		this.backups.push({ snapshot: store.snapshot(), truth: this.truth.copy(), newestTime });
		if (this.backups.length > MAX_BACKUPS) this.backups.shift();
	}

	/** Makes the next `keys` message, with these signers trusted. */
	makeKeys(trusted: readonly Signer[]): Uint8Array {
		const version = Math.max(this.keys.version + 1, START_UNIX_S + Math.floor(this.clock.now() / 1000));
		this.keys = { version, trusted };
		const message = keysMessage(this.setup, version, trusted, this.crypto);
		this.noteKeys(message);
		return message;
	}

	private noteKeys(message: Uint8Array): void {
		const parts = disassemble(message);
		if (parts === null) return;
		this.signed.add("keys", parts.payload, parts.signature, this.setup.root.publicKey, this.clock.now());
	}

	private enrol(light: LightHost, keys: Uint8Array): void {
		const identity = { fleet: FLEET, light: light.taxi.light, rootKey: this.setup.root.publicKey };
		light.enrol(enrolRecord(identity, keys, { crypto: this.crypto }));
		this.lightChecker.ledger(light.taxi.light).keysReported = this.keys.version;
	}

	/** The judge of lights, with the judge of the gateway listening to what lights send. */
	private watcher(): LightWatcher {
		const { lightChecker, gatewayChecker, changesChecker } = this;
		return {
			powered: (light, on) => {
				lightChecker.powered(light, on);
				changesChecker.showed(light);
			},
			drew: (light, ask) => lightChecker.drew(light, ask),
			got: (light, kind, bytes) => lightChecker.got(light, kind, bytes),
			zero: (light) => lightChecker.zero(light),
			showed: (light) => {
				lightChecker.showed(light);
				changesChecker.showed(light);
			},
			wrote: (light, what, slot, begunAt) => lightChecker.wrote(light, what, slot, begunAt),
			stepped: (light) => lightChecker.stepped(light),
			said: (light, kind, bytes) => {
				lightChecker.said(light, kind, bytes);
				if (kind === "event") gatewayChecker.events.sent(light.taxi.light, bytes);
				const payload = kind === "state" ? disassemble(bytes)?.payload : undefined;
				const report = payload === undefined ? null : decodePayload("state", payload);
				if (report === null) return;
				gatewayChecker.sent(light.taxi.light, report.counter, bytes);
				changesChecker.said(report);
			},
		};
	}
}

function shortHash(crypto: SimCrypto, bytes: Uint8Array): string {
	let out = "";
	for (const b of crypto.sha256(bytes).subarray(0, 12)) out += b.toString(16).padStart(2, "0");
	return out;
}
