import { toHex } from "../../protocol/wire/bytes.ts";
import { decodePayload, MAX_BYTES } from "../../protocol/wire/codec.ts";
import { disassemble } from "../../protocol/wire/cose.ts";
import type { LightReport } from "../../protocol/wire/messages.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import type { SimClock } from "../clock/sim-clock.ts";
import { JobLedger, type JobRefusal } from "./job-ledger.ts";
import type { LightHost, LightWatcher } from "./light-host.ts";
import { LightLedger, type LitRefusal } from "./light-ledger.ts";
import type { SignedLedger, SignedMessage } from "./signed.ts";

/** What a light said of itself and what its lamps showed at that instant. */
export interface Said {
	readonly session: number;
	readonly counter: number;
	readonly shown: number;
	readonly pattern: string;
	readonly epoch: number;
	readonly seq: number;
	readonly ask: string;
}

/** `state` messages that a light may send in any second (protocol section 2). */
const STATES_A_SECOND = 5;
/** Said states kept a light, for what a slow or hostile broker brings late. */
const MAX_SAID = 4096;

/** Rule, said in words, for each way in which a star can stand on nothing. */
const LIT_RULES: Readonly<Record<LitRefusal, readonly [rule: string, words: string]>> = {
	"never-delivered": ["R1-lit-without-grant", "no grant with this count was ever delivered to it with a live ask"],
	"not-its-ask": ["R1-lit-without-grant", "the grant does not echo an ask that it drew before"],
	"older-after-newer": ["R4-older-after-newer", "it has acted on something newer than the grant behind this star"],
	"ask-dead": ["R4-ended-before", "a notice, a zero or a newer order had ended that grant or its ask"],
	"ended-before": ["R4-ended-shown-again", "the grant behind this star had gone dark for good before"],
	"lit-before-written": ["R4-lit-before-written", "not both copies of the record held the grant"],
	"lease-over": ["R1-lease-over", "the lease is over by true time"],
	"not-after-over": ["R1-not-after-over", "notAfter is over by true time"],
	"resumes-over": ["R1-resumes-over", "no resume, or no time of one, is left after the loss of power"],
};

/** The same for a job's pattern. */
const JOB_RULES: Readonly<Record<JobRefusal, readonly [rule: string, words: string]>> = {
	"never-ordered": ["R5-job-not-ordered", "no such job with an ask that was live was delivered to it"],
	"done-before": ["R5-job-done-again", "each such job that it got had been done before"],
	"too-long": ["R5-job-too-long", "the pattern goes on for longer than a job may"],
};

/** The judge of lights: looks at lamps, messages, writes and power, and never into a core. */
export class LightChecker implements LightWatcher {
	/** Everything said, by light and counter. */
	readonly saidBy = new Map<LightId, Map<number, Said>>();
	private readonly ledgers = new Map<LightId, LightLedger>();
	private readonly jobs = new Map<LightId, JobLedger>();
	private readonly sim: SimClock;
	private readonly signed: SignedLedger;
	private readonly report: (rule: string, light: string | null, words: string) => void;
	private readonly lastCounter = new Map<LightId, number>();
	private readonly recentStates = new Map<LightId, number[]>();

	constructor(
		sim: SimClock,
		signed: SignedLedger,
		report: (rule: string, light: string | null, words: string) => void,
	) {
		this.sim = sim;
		this.signed = signed;
		this.report = report;
	}

	ledger(id: LightId): LightLedger {
		let ledger = this.ledgers.get(id);
		if (ledger === undefined) {
			ledger = new LightLedger(id);
			this.ledgers.set(id, ledger);
		}
		return ledger;
	}

	private jobsOf(id: LightId): JobLedger {
		const known = this.jobs.get(id);
		if (known !== undefined) return known;
		const made = new JobLedger();
		this.jobs.set(id, made);
		return made;
	}

	/** After each event: is each star still right? */
	afterStep(): void {
		const now = this.sim.now();
		for (const [id, jobs] of this.jobs) this.wrongJob(id, jobs.still(now));
		for (const ledger of this.ledgers.values()) {
			const refusal = ledger.stillLit(now);
			if (refusal !== null) this.wrong(ledger.id, ledger.lit?.stars ?? 0, refusal);
		}
	}

	powered(light: LightHost, on: boolean): void {
		const ledger = this.ledger(light.taxi.light);
		this.recentStates.delete(ledger.id);
		if (on) ledger.powerOn(this.sim.now());
		else {
			ledger.powerOff(this.sim.now());
			this.jobsOf(ledger.id).powerOff();
		}
	}

	drew(light: LightHost, ask: string): void {
		this.ledger(light.taxi.light).drew(ask, this.sim.now());
		this.jobsOf(light.taxi.light).drew(ask);
	}

	got(light: LightHost, kind: string, bytes: Uint8Array): void {
		if (kind !== "grant" && kind !== "notice" && kind !== "keys" && kind !== "job") return;
		const message = this.signed.find(kind, bytes);
		if (message !== null) this.gotSigned(this.ledger(light.taxi.light), message);
	}

	/** `0011` with 0 stars: dark in this very step, and what came before is void. */
	zero(light: LightHost): void {
		this.ledger(light.taxi.light).killAtOnce("unsigned zero", this.sim.now());
	}

	showed(light: LightHost): void {
		const ledger = this.ledger(light.taxi.light);
		const face = light.lamp.told();
		if (face.pattern === "stars" && face.stars > 0) {
			const refusal = ledger.goLit(face.stars, this.sim.now());
			if (refusal !== null) this.wrong(ledger.id, face.stars, refusal);
		} else ledger.goDark(this.sim.now(), face.pattern === "neutral");
		this.wrongJob(ledger.id, this.jobsOf(ledger.id).showed(face.pattern, this.sim.now()));
		if (face.pattern !== "stars" && face.stars !== 0) {
			this.report("R5-pattern-with-count", ledger.id, `pattern ${face.pattern} with ${face.stars} stars`);
		}
	}

	wrote(light: LightHost, what: "began" | "done" | "failed", slot: 0 | 1, begunAt: number): void {
		const ledger = this.ledger(light.taxi.light);
		if (what === "began") ledger.writeBegan(begunAt);
		else if (what === "done") ledger.writeDone(slot, begunAt);
		else ledger.writeFailed(slot);
		if (light.memory.underWay() > 1) this.report("R4-two-writes", ledger.id, "both copies are being written at once");
	}

	said(light: LightHost, kind: "state" | "event", bytes: Uint8Array): void {
		const id = light.taxi.light;
		const parts = bytes.length > MAX_BYTES[kind] ? null : disassemble(bytes);
		const message = parts === null ? null : decodePayload(kind, parts.payload);
		if (message === null) {
			this.report("R9-message-bound", id, `a ${kind} of ${bytes.length} bytes that does not decode`);
			return;
		}
		const last = this.lastCounter.get(id) ?? -1;
		if (message.counter <= last) this.report("R6-counter-fell", id, `counter ${message.counter} after ${last}`);
		this.lastCounter.set(id, message.counter);
		if (kind === "event") return;
		this.countStates(id);
		this.checkReport(light, message as LightReport); // kind is state, and decodePayload goes by the kind
	}

	stepped(light: LightHost): void {
		const ledger = this.ledger(light.taxi.light);
		ledger.settle();
		const face = light.lamp.told();
		if (light.lamp.broken() && face.pattern === "stars") {
			this.report("R5-broken-lamp-counts", ledger.id, `${face.stars} stars on lamps ${light.lamp.sensed().join(" ")}`);
		}
	}

	/** What a report names has been acted on, and nothing older may ever be shown again. */
	private checkReport(light: LightHost, report: LightReport): void {
		const id = light.taxi.light;
		const ledger = this.ledger(id);
		const face = light.lamp.told();
		const real = light.lamp.toldStars();
		if (report.shown !== real || report.pattern !== face.pattern) {
			this.report("R6-report-differs", id, `says ${report.pattern} ${report.shown}, shows ${face.pattern} ${real}`);
		}
		const { session, counter, epoch, seq } = report;
		const mine = this.saidBy.get(id) ?? new Map<number, Said>();
		this.saidBy.set(id, mine);
		mine.set(counter, { session, counter, shown: real, pattern: face.pattern, epoch, seq, ask: toHex(report.ask) });
		if (mine.size > MAX_SAID) mine.delete(mine.keys().next().value as number);
		const byHash = report.grant === undefined ? null : this.signed.grantByHash(report.grant);
		for (const grant of [byHash, this.signed.grantOf(id, epoch, seq)]) {
			ledger.acted = Math.max(ledger.acted, grant?.order ?? -1);
		}
		ledger.actedNotice = Math.max(ledger.actedNotice, report.noticeEpoch ?? 0);
		ledger.keysReported = Math.max(ledger.keysReported, report.keysVersion ?? 0);
		ledger.lookAgain();
	}

	private countStates(id: LightId): void {
		const now = this.sim.now();
		const recent = (this.recentStates.get(id) ?? []).filter((t) => t > now - 990);
		recent.push(now);
		this.recentStates.set(id, recent);
		if (recent.length > STATES_A_SECOND) this.report("R9-state-rate", id, `${recent.length} states in a second`);
	}

	private gotSigned(ledger: LightLedger, got: SignedMessage): void {
		const now = this.sim.now();
		if (got.kind === "grant") {
			if (got.message.light !== ledger.id) return;
			const newest = ledger.gotGrant(got, now);
			if (newest && got.message.stars === 0 && this.trusts(ledger, got.key)) {
				ledger.kill("zero stars", now, () => true);
			}
		} else if (got.kind === "notice") {
			const { epoch } = got.message;
			if (ledger.gotNotice(epoch) && this.trusts(ledger, got.key)) {
				ledger.kill("notice", now, (grant) => grant.message.epoch < epoch);
			}
		} else if (got.kind === "job") {
			if (got.message.light === ledger.id) this.jobsOf(ledger.id).got(got);
		} else {
			const newest = ledger.keysDelivered.every((k) => k.message.version < got.message.version);
			ledger.keysDelivered.push(got);
			if (!newest || got.message.version <= ledger.keysReported) return;
			const kept = new Set(got.message.keys.map(toHex));
			ledger.kill("keys", now, (grant) => !kept.has(grant.key));
		}
	}

	/** Whether the light surely trusts a key: each set that it may hold has it. */
	private trusts(ledger: LightLedger, key: string): boolean {
		const reported = this.signed.keysOf(ledger.keysReported);
		const sets = ledger.keysDelivered.filter((k) => k.message.version >= ledger.keysReported);
		if (reported !== null) sets.push(reported);
		return sets.length > 0 && sets.every((k) => k.message.keys.some((trusted) => toHex(trusted) === key));
	}

	private wrongJob(id: LightId, refusal: JobRefusal | null): void {
		if (refusal === null) return;
		const [rule, words] = JOB_RULES[refusal];
		this.report(rule, id, words);
	}

	private wrong(id: LightId, stars: number, refusal: LitRefusal): void {
		const [rule, words] = LIT_RULES[refusal];
		this.report(rule, id, `${stars} stars: ${words}`);
	}
}
