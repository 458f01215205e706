import type { Change, Observed, Snapshot } from "../../gateway/core/model.ts";
import type { LightView } from "../../gateway/core/types.ts";
import type { Crypto, Signer } from "../../protocol/ports/crypto.ts";
import { equalBytes, toHex } from "../../protocol/wire/bytes.ts";
import { decodePayload } from "../../protocol/wire/codec.ts";
import { assemble, disassemble, keyId } from "../../protocol/wire/cose.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import type { SimClock } from "../clock/sim-clock.ts";
import type { Said } from "./checker-light.ts";
import type { GatewayHost, GatewayWatcher } from "./gateway-host.ts";
import { EventLedger, OnlineWords } from "./hearsay.ts";
import { Renewals } from "./renewals.ts";
import { MAX_AGE_DAYS, type Taxi } from "./setup.ts";
import { readToBeSigned, type SignedGrant, type SignedLedger, type SignedNotice } from "./signed.ts";
import type { Truth } from "./truth.ts";

const DAY_S = 86_400;
/** From decision to signature a slow disk may take this long; within 5 s a clock that is behind may be bridged. */
const DECISION_S = 9;
/** The guard of protocol section 1, with room for rounding. */
const BEHIND_S = 5 + 2;
const AHEAD_S = DAY_S + 2;
/** A clock that is off by less signs on. */
const BRIDGED_MS = 5000;
/** At most one grant a second a light, counted over a while: a slow disk moves two of them closer together. */
const RATE_WINDOW_MS = 10_000;
const MAX_IN_WINDOW = 11;
/** Bytes of states kept to tell real ones from forged ones. */
const MAX_GENUINE = 50_000;

/** The judge of the gateway: what it signs, keeps, sends and says, against the simulator's own truth. */
export class GatewayChecker implements GatewayWatcher {
	gateway: GatewayHost | null = null;
	/** Newest depot time that was made durable in this line of stores, unix seconds. */
	newestTime = 0;
	readonly events = new EventLedger();
	private readonly online = new OnlineWords();
	private readonly sim: SimClock;
	private readonly crypto: Crypto;
	private readonly signedLedger: SignedLedger;
	private readonly truth: Truth;
	private readonly said: ReadonlyMap<LightId, ReadonlyMap<number, Said>>;
	private readonly report: (rule: string, light: string | null, words: string) => void;
	private readonly plates = new Map<LightId, string>();
	private readonly genuine = new Map<string, { readonly light: LightId; readonly counter: number }>();
	private readonly lastSigned = new Map<LightId, SignedGrant>();
	private readonly signedAt = new Map<LightId, number[]>();
	private readonly heardCounter = new Map<LightId, number>();
	private readonly observedCounter = new Map<LightId, number>();
	private readonly dirty = new Set<LightId>();
	private readonly renewals: Renewals;
	private highestEpoch = 0;
	private lineEpoch = 0;
	private afterRestore = false;
	private hasFailed = false;

	constructor(around: {
		readonly sim: SimClock;
		readonly crypto: Crypto;
		readonly signed: SignedLedger;
		readonly truth: Truth;
		readonly said: ReadonlyMap<LightId, ReadonlyMap<number, Said>>;
		readonly taxis: readonly Taxi[];
		readonly leaseS: number;
		readonly report: (rule: string, light: string | null, words: string) => void;
	}) {
		this.sim = around.sim;
		this.crypto = around.crypto;
		this.signedLedger = around.signed;
		this.truth = around.truth;
		this.said = around.said;
		this.report = around.report;
		this.renewals = new Renewals(around.leaseS);
		for (const taxi of around.taxis) this.plates.set(taxi.light, taxi.plate);
	}

	/** Rule 6 of the design: what was answered as accepted is in the store that a process starts on. */
	started(snapshot: Snapshot): void {
		this.renewals.reset();
		this.hasFailed = false;
		this.heardCounter.clear();
		this.observedCounter.clear();
		this.events.started();
		this.online.started(new Map([...snapshot.observed.values()].map((o) => [o.light, o.session])));
		for (const { light, counter } of snapshot.observed.values()) {
			this.observedCounter.set(light, counter);
			this.heardCounter.set(light, counter);
		}
		const duties = new Map([...snapshot.duties.values()].map((duty) => [duty.vehicle, duty.driver]));
		for (const vehicle of snapshot.vehicles.values()) {
			const wanted = this.truth.driverOn(vehicle.plate);
			if (wanted === undefined) continue;
			const key = duties.get(vehicle.key);
			const kept = key === undefined ? null : (snapshot.drivers.get(key)?.certificate ?? null);
			if (kept !== wanted) this.report("R3-accepted-lost", vehicle.plate, `duty: accepted ${wanted}, kept ${kept}`);
		}
		if (this.truth.ratingsOpen()) return;
		for (const driver of snapshot.drivers.values()) {
			const wanted = this.truth.rating(driver.certificate);
			const kept = snapshot.ratings.get(driver.key) ?? null;
			if (wanted?.score !== kept?.score || wanted?.asOf !== kept?.asOf) {
				this.report("R3-accepted-lost", null, `rating: accepted ${wanted?.score}, kept ${kept?.score}`);
			}
		}
	}

	/** What it hears from here on it need not note. */
	failed(): void {
		this.renewals.reset();
		this.hasFailed = true;
	}

	/** A duty call was answered as accepted: it has to be durable at this instant. */
	dutyAnswered(plate: string, certificate: string | null): void {
		const store = this.gateway?.store.view();
		const vehicle = [...(store?.vehicles.values() ?? [])].find((v) => v.plate === plate);
		const duty = [...(store?.duties.values() ?? [])].find((d) => d.vehicle === vehicle?.key);
		const kept = duty === undefined ? null : (store?.drivers.get(duty.driver)?.certificate ?? null);
		if (kept !== certificate) {
			this.report("R3-answered-before-durable", plate, `answered ${certificate}, the store has ${kept}`);
		}
	}

	/** The store was put back to an older copy, whose newest time is `newestTime`. */
	restored(newestTime: number): void {
		this.newestTime = newestTime;
		this.afterRestore = true;
		this.lineEpoch = 0;
		this.lastSigned.clear();
	}

	/** A person accepted the depot's clock as it is now. */
	clockAccepted(): void {
		this.newestTime = this.depotS();
	}

	committed(changes: readonly Change[]): void {
		for (const change of changes) {
			if (change.type === "observed") this.checkObserved(change.observed);
			// By the time that was stored, not by the one at which the disk had it: a second may turn in between.
			if (change.type === "meta") this.timeStored(change.meta.storedTime);
		}
	}

	/** A time that the guard must refuse is none that later ones may rest on, even if it was stored. */
	private timeStored(time: number): void {
		if (time > this.depotS()) return;
		if (this.newestTime === 0 || time <= this.newestTime + AHEAD_S) this.newestTime = Math.max(this.newestTime, time);
	}

	signed(toBeSigned: Uint8Array, signature: Uint8Array, signer: Signer): void {
		const read = readToBeSigned(toBeSigned);
		if (read === null || (read.kind !== "grant" && read.kind !== "notice")) {
			this.report("R7-signed-unknown", null, `the depot signed something of kind ${read?.kind}`);
			return;
		}
		const added = this.signedLedger.add(read.kind, read.payload, signature, signer.publicKey, this.sim.now());
		if (added === null) {
			this.report("R7-signed-malformed", null, `a ${read.kind} that no light can read`);
			return;
		}
		this.checkGuard();
		if (added.signed.kind === "notice") this.checkNotice(added.signed);
		if (added.signed.kind !== "grant") return;
		const whole = assemble(keyId(signer.publicKey, this.crypto), read.payload, signature);
		this.signedLedger.noteHash(added.signed, this.crypto.sha256(whole).subarray(0, 8));
		if (added.twin !== null) {
			const { light, epoch, seq } = added.twin.message;
			this.report("R7-pair-reused", light, `(${epoch}, ${seq}) was signed before with other content`);
		}
		this.checkGrant(added.signed);
	}

	published(topic: string, bytes: Uint8Array): void {
		if (!topic.endsWith("/grant")) return;
		const sent = this.signedLedger.find("grant", bytes);
		const light = topic.split("/")[4] ?? null;
		if (sent?.kind !== "grant" || sent.message.light !== light) {
			this.report("R7-sent-unsigned", light, "a grant that this depot did not sign for this light");
			return;
		}
		const store = this.gateway?.store.view();
		const entry = store?.entries.get(sent.message.light);
		if (entry?.epoch !== sent.message.epoch || entry.seq !== sent.message.seq) {
			this.report("R7-sent-not-newest", light, `sent seq ${sent.message.seq}, the store's newest is ${entry?.seq}`);
		}
		if (store?.meta.epoch !== sent.message.epoch) {
			this.report(
				"R7-sent-old-epoch",
				light,
				`sent in epoch ${sent.message.epoch}, the store has ${store?.meta.epoch}`,
			);
		}
	}

	/** Bytes of states that lights really sent, noted as they are sent. */
	sent(light: LightId, counter: number, bytes: Uint8Array): void {
		this.genuine.set(toHex(bytes), { light, counter });
		if (this.genuine.size > MAX_GENUINE) this.genuine.delete(this.genuine.keys().next().value as string);
	}

	/** Something of a light reached the gateway; forged states are not among those that were sent. */
	heard(topic: string, bytes: Uint8Array): void {
		const light = topic.split("/")[4] as LightId; // a topic of the subscription has the light's id there
		this.dirty.add(light);
		if (topic.endsWith("/online")) this.online.heard(light, bytes);
		if (!topic.endsWith("/state")) return;
		const real = this.genuine.get(toHex(bytes));
		if (real?.light === light) {
			this.heardReal(light, real.counter, bytes);
		}
	}

	logged(code: string, { light, counter, what }: Readonly<Record<string, unknown>>): void {
		if (code !== "light-event") return;
		const wrong = this.events.took(light, counter, what);
		if (wrong === null) return;
		const words = wrong === "again" ? "it was taken before" : "it never sent that";
		this.report(`R6-event-${wrong}`, String(light), `event ${what}, counter ${counter}: ${words}`);
	}

	/** After each event: was each low lease renewed in time? */
	afterStep(): void {
		const { gateway } = this;
		const brain = gateway?.view() ?? null;
		if (gateway === null || brain === null || this.hasFailed || this.renewals.isEmpty()) return;
		if (Math.abs(gateway.clock.offset()) > BRIDGED_MS || brain.depot(gateway.now()).clock !== null) {
			this.renewals.postpone(this.sim.now());
			return;
		}
		const late = this.renewals.late(this.truth, this.depotS(), this.sim.now());
		if (late !== null)
			this.report("R8-not-renewed", late, "less than half its lease was left, and no grant was signed");
	}

	private heardReal(light: LightId, counter: number, bytes: Uint8Array): void {
		const newest = this.heardCounter.get(light) ?? -1;
		if (counter <= newest) return;
		this.heardCounter.set(light, counter);
		const payload = disassemble(bytes)?.payload;
		const report = payload === undefined ? null : decodePayload("state", payload);
		const plate = this.plates.get(light);
		if (report === null || plate === undefined) return;
		this.online.state(light, report.session);
		const used = this.gateway?.store.view().entries.get(light)?.ask ?? null;
		if (used !== null && equalBytes(used, report.ask)) return;
		this.renewals.heard(report, plate, this.truth, this.depotS(), this.sim.now());
	}

	stepped(): void {
		const gateway = this.gateway;
		const brain = gateway?.view() ?? null;
		if (gateway === null || brain === null || this.hasFailed) return;
		for (const id of this.dirty) {
			const view = brain.light(id, gateway.now());
			if (view !== null) this.checkView(view);
		}
		this.dirty.clear();
	}

	private depotS(): number {
		return Math.floor((this.gateway?.now().unix ?? 0) / 1000);
	}

	private checkGuard(): void {
		const now = this.depotS();
		if (this.newestTime > 0 && now < this.newestTime - BEHIND_S) {
			this.report(
				"R7-clock-guard",
				null,
				`signed with a clock ${this.newestTime - now} s behind the newest stored time`,
			);
		}
		if (this.newestTime > 0 && now > this.newestTime + AHEAD_S) {
			this.report("R7-clock-guard", null, `signed with a clock ${now - this.newestTime} s ahead of the stored time`);
		}
	}

	private checkNotice(notice: SignedNotice): void {
		const { epoch } = notice.message;
		if (epoch <= this.lineEpoch)
			this.report("R7-notice-epoch", null, `notice epoch ${epoch} is not above ${this.lineEpoch}`);
		this.raiseEpoch(epoch, null);
	}

	private raiseEpoch(epoch: number, light: string | null): void {
		if (epoch < this.lineEpoch) this.report("R7-epoch-fell", light, `epoch ${epoch} after ${this.lineEpoch}`);
		if (this.afterRestore && epoch <= this.highestEpoch) {
			this.report("R7-restore-epoch", light, `after a restore epoch ${epoch}, before it ${this.highestEpoch}`);
		}
		this.afterRestore = false;
		this.lineEpoch = Math.max(this.lineEpoch, epoch);
		this.highestEpoch = Math.max(this.highestEpoch, epoch);
	}

	private checkGrant(grant: SignedGrant): void {
		const { light, epoch, seq, stars, asOf, notAfter } = grant.message;
		const plate = this.plates.get(light);
		this.raiseEpoch(epoch, light);
		const last = this.lastSigned.get(light)?.message;
		if (last !== undefined && (epoch < last.epoch || (epoch === last.epoch && seq <= last.seq))) {
			this.report("R7-pair-fell", light, `(${epoch}, ${seq}) after (${last.epoch}, ${last.seq})`);
		}
		this.lastSigned.set(light, grant);
		this.renewals.signed(light);
		const now = this.sim.now();
		const recent = (this.signedAt.get(light) ?? []).filter((t) => t > now - RATE_WINDOW_MS);
		recent.push(now);
		this.signedAt.set(light, recent);
		if (recent.length > MAX_IN_WINDOW) this.report("R9-sign-rate", light, `${recent.length} grants in 10 s`);
		const entry = this.gateway?.store.view().entries.get(light);
		if (entry === undefined || entry.epoch < epoch || (entry.epoch === epoch && entry.seq < seq)) {
			this.report("R7-signed-before-reserved", light, `(${epoch}, ${seq}) is not in the store`);
		}
		if (stars === 0 || plate === undefined) return;
		const depotS = this.depotS();
		const owed = this.truth.owed(plate, depotS - DECISION_S, depotS + 1);
		if (!owed.has(stars)) {
			this.report("R2-star-not-owed", light, `signed ${stars} stars, owed ${[...owed].join(" or ")}`);
		}
		if (!this.truth.rowsOn(plate).some((row) => row?.asOf === asOf)) {
			this.report("R2-age-of-truth", light, `the grant rests on a rating as of ${asOf}, which none of its drivers has`);
		}
		if (notAfter > asOf + MAX_AGE_DAYS * DAY_S + 1) {
			this.report("R9-outlives-rating", light, `notAfter is ${notAfter - asOf} s after the rating's as-of time`);
		}
	}

	private checkObserved(observed: Observed): void {
		const { light, session, counter, shown, pattern, epoch, seq, ask } = observed;
		const said = this.said.get(light)?.get(counter);
		const same =
			said !== undefined &&
			said.session === session &&
			said.shown === shown &&
			said.pattern === pattern &&
			said.epoch === epoch &&
			said.seq === seq &&
			said.ask === toHex(ask);
		if (!same)
			this.report("R6-observed-invented", light, `counter ${counter}, ${pattern} ${shown}: it never said that`);
		const before = this.observedCounter.get(light) ?? -1;
		if (counter < before) this.report("R6-observed-went-back", light, `counter ${counter} after ${before}`);
		this.observedCounter.set(light, Math.max(before, counter));
	}

	/** `observed` is what the newest state that was heard says, and that is what the lamps showed when it was made. */
	private checkView(view: LightView): void {
		if (view.reason === "offline" && !this.online.mayBeOffline(view.light)) {
			this.report("R6-late-will", view.light, "called offline, and no will of its present session says so");
		}
		const counter = this.heardCounter.get(view.light);
		if (view.observed === null || counter === undefined) return;
		const said = this.said.get(view.light)?.get(counter);
		if (said !== undefined && said.shown !== view.observed) {
			this.report(
				"R6-observed-differs",
				view.light,
				`view ${view.observed}, shown ${said.shown} at counter ${counter}`,
			);
		}
	}
}
