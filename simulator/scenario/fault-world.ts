import { enrolRecord } from "../../device/core/enrol.ts";
import { GatewayCore } from "../../gateway/core/core.ts";
import type { Command, CommandAnswer, CoreEffect, CoreEnv, FleetRow, RatedRow } from "../../gateway/core/types.ts";
import type { Explanation } from "../../gateway/core/why/link.ts";
import type { WhyQuery } from "../../gateway/core/why/subject.ts";
import type { Signer } from "../../protocol/ports/crypto.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { type LightId, seconds, unixSeconds } from "../../protocol/wire/units.ts";
import { SimClock } from "../clock/sim-clock.ts";
import { emptySnapshot } from "../hardware/sim-store.ts";
import { SimBroker } from "../link/sim-broker.ts";
import { Prng } from "../random/prng.ts";
import { Caller } from "./calls.ts";
import { GatewayHost, type GatewayWatcher } from "./gateway-host.ts";
import { LightHost, type LightWatcher } from "./light-host.ts";
import type { Parts, SimCrypto } from "./parts.ts";
import { REAL_PARTS } from "./real-parts.ts";
import { FLEET, keysMessage, makeSetup, type Setup, START_UNIX_S, type Taxi } from "./setup.ts";
import { gradeOfScore } from "./star-table.ts";

const DAY_S = 86_400;
/** A fleet of this size: enough for a driver to be elsewhere, few enough for hundreds of runs. */
export const TAXIS = 4;
/** Short leases whatever the seed says: what a fault does shows within minutes. */
const PACE = {
	leaseS: seconds(600),
	reportS: seconds(200),
	silentAfterS: seconds(500),
	resumes: 0,
	resumeS: seconds(0),
};
/** Everybody's star is lit by then. */
const SETTLED_MS = 45_000;

/** What the world begins with; a fault may change it before the first step. */
export interface Plan {
	/** Rows of the first rating file, by certificate. */
	readonly ratings: Map<string, RatedRow>;
	readonly quarantined: { readonly row: number; readonly reason: string; readonly certificate: string }[];
	/** Whether a rating file comes at all, and before or after the fleet file. */
	pull: boolean;
	fleetFirst: boolean;
	/** Who is signed in at first, by plate. */
	readonly duties: Map<string, string>;
	/** Lights enrolled by somebody else's root, registered with another key, never powered. */
	readonly otherRoot: Set<LightId>;
	readonly otherKey: Set<LightId>;
	readonly neverOn: Set<LightId>;
}

const nothing = (): void => {};
const NO_GATEWAY_WATCHER: GatewayWatcher = {
	started: nothing,
	failed: nothing,
	signed: nothing,
	committed: nothing,
	published: nothing,
	heard: nothing,
	stepped: nothing,
	logged: nothing,
};

const NO_LIGHT_WATCHER: LightWatcher = {
	powered: nothing,
	drew: nothing,
	got: nothing,
	zero: nothing,
	showed: nothing,
	wrote: nothing,
	stepped: nothing,
	said: nothing,
};

/** A calm small fleet with the real gateway core and real light cores, in which one thing at a time is broken on purpose. */
export class FaultWorld {
	readonly clock = new SimClock();
	readonly random: Prng;
	readonly setup: Setup;
	readonly taxis: readonly Taxi[];
	readonly broker: SimBroker;
	readonly gateway: GatewayHost;
	readonly lights: ReadonlyMap<LightId, LightHost>;
	readonly caller: Caller;
	readonly plan: Plan;
	/** Signatures never come back while true. */
	signerStuck = false;
	/** Ratings that the newest file had. */
	rows: Map<string, RatedRow>;
	private readonly crypto: SimCrypto;
	private readonly env: CoreEnv;
	private core: GatewayCore | null = null;

	constructor(seed: number, crypto: SimCrypto) {
		this.random = new Prng(seed);
		this.crypto = crypto;
		const setup = makeSetup(this.random.split("setup"), crypto, TAXIS);
		this.setup = { ...setup, config: { ...setup.config, ...PACE, allowUnassigned: true } };
		this.taxis = setup.taxis;
		const { clock } = this;
		this.broker = new SimBroker(clock, this.random.split("broker"));
		this.broker.stop(false);
		const signer = setup.signing[0] as Signer; // makeSetup makes eight
		const keys = keysMessage(setup, START_UNIX_S, [signer], crypto);
		this.env = { crypto, random: this.random.split("view"), signingKey: signer.publicKey, keysMessage: keys };
		const trace = { line: nothing };
		const parts = this.parts();
		this.gateway = new GatewayHost({
			sim: clock,
			broker: this.broker,
			random: this.random.split("gateway"),
			config: this.setup.config,
			parts,
			crypto,
			watcher: NO_GATEWAY_WATCHER,
			trace,
			snapshot: emptySnapshot(FLEET),
			signer,
			keysMessage: keys,
			ownBroker: this.random.split("broker kind").chance(0.5),
		});
		this.caller = new Caller(clock, this.gateway, this.random.split("calls"));
		const watcher = NO_LIGHT_WATCHER;
		this.lights = new Map(
			this.taxis.map((taxi, index) => {
				const { reportS } = this.setup.config;
				const around = { taxi, index, reportS, sim: clock, broker: this.broker, parts, crypto, watcher, trace };
				return [taxi.light, new LightHost({ ...around, random: this.random.split(`light ${index}`) })];
			}),
		);
		this.plan = this.firstPlan();
		this.rows = this.plan.ratings;
	}

	/** All but the planted: files, bindings, shifts, power; then until everybody is lit. */
	begin(): void {
		const { plan, random, setup } = this;
		this.rows = plan.ratings;
		const foreign = setup.signing.slice(2, 4);
		const root = foreign[0] as Signer; // of eight
		const other = foreign[1] as Signer; // of eight
		for (const [id, light] of this.lights) {
			const foreignRoot = plan.otherRoot.has(id);
			const identity = { fleet: FLEET, light: id, rootKey: foreignRoot ? root.publicKey : setup.root.publicKey };
			const keys = foreignRoot
				? keysMessage({ ...setup, root }, START_UNIX_S, [other], this.crypto)
				: this.env.keysMessage;
			light.enrol(enrolRecord(identity, keys, { crypto: this.crypto }));
			if (!plan.neverOn.has(id)) this.clock.after("power", random.int(100, 8000), () => light.powerOn());
		}
		this.gateway.start();
		if (plan.fleetFirst) this.fleet(this.fleetRows());
		if (plan.pull) this.pull(plan.ratings, plan.quarantined);
		if (!plan.fleetFirst) this.fleet(this.fleetRows());
		for (const { light, signer, plate } of this.taxis) {
			const publicKey = plan.otherKey.has(light) ? other.publicKey : signer.publicKey;
			this.tell({ what: "light-add", light, publicKey });
			this.bind(light, plate);
		}
		for (const [plate, certificate] of plan.duties) this.signIn(plate, certificate);
		this.advance(SETTLED_MS);
	}

	advance(ms: number): void {
		this.clock.runUntil(this.clock.now() + ms);
	}

	/** Gives a command to the gateway, and again until it is answered; the answer comes as time goes on. */
	tell(command: Command, done: (answer: CommandAnswer) => void = nothing): void {
		this.caller.call(command, done);
	}

	signIn(plate: string, certificate: string): void {
		this.tell({ what: "sign-in", vehicle: { plate }, driver: { certificate }, at: null });
	}

	signOut(plate: string): void {
		this.tell({ what: "sign-out", vehicle: { plate }, driver: null, at: null });
	}

	bind(light: LightId, plate: string | null): void {
		this.tell({ what: "light-bind", light, plate });
	}

	fleet(rows: readonly FleetRow[]): void {
		this.tell({ what: "fleet-import", rows, dryRun: false });
	}

	fleetRows(): readonly FleetRow[] {
		return this.setup.fleetRows;
	}

	/** A rating file with exactly these rows. */
	pull(rows: ReadonlyMap<string, RatedRow>, quarantined: Plan["quarantined"] = []): void {
		this.rows = new Map(rows);
		const accepted = [...rows.values()].map((row, i) => ({ ...row, row: i + 1 }));
		this.tell({
			what: "ratings-pull",
			source: "csv",
			name: "simulated.csv",
			contentHash: toHex(this.random.bytes(32)),
			rows: accepted.length + quarantined.length,
			accepted,
			quarantined,
		});
	}

	/** The process ends and comes again. */
	restart(): void {
		this.gateway.kill();
		this.advance(this.random.int(300, 3000));
		this.gateway.start();
	}

	lightOf(taxi: Taxi): LightHost {
		return this.lights.get(taxi.light) as LightHost; // each taxi of this world has one
	}

	/** The internal key of a driver, as an operator sees it in lists. */
	driverKey(certificate: string): string | null {
		for (const driver of this.gateway.store.view().drivers.values())
			if (driver.certificate === certificate) return driver.key;
		return null;
	}

	/** Asks the running gateway, or the store where none runs, as the command does. */
	why(query: WhyQuery): Explanation | null {
		const now = this.gateway.now();
		const running = this.gateway.running() ? this.core : null;
		const core = running ?? new GatewayCore(this.setup.config, this.env, this.gateway.store.snapshot(), now);
		return core.why(query, now);
	}

	/** A rating with stars that lasts. */
	rated(certificate: string, row: number): RatedRow {
		const score = this.random.int(0, 60) / 2;
		return {
			row,
			certificate,
			grade: gradeOfScore(score),
			score,
			period: "2025",
			asOf: unixSeconds(START_UNIX_S - this.random.int(1, 300) * DAY_S),
		};
	}

	private firstPlan(): Plan {
		const { random } = this;
		return {
			ratings: new Map(this.setup.certificates.map((c, i) => [c, this.rated(c, i + 1)])),
			quarantined: [],
			pull: true,
			fleetFirst: random.chance(0.6),
			duties: new Map(this.taxis.map((taxi) => [taxi.plate, random.chance(0.7) ? taxi.main : taxi.deputy])),
			otherRoot: new Set(),
			otherKey: new Set(),
			neverOn: new Set(),
		};
	}

	private parts(): Parts {
		return {
			light: REAL_PARTS.light,
			gateway: (config, env, snapshot, now) => {
				const core = new GatewayCore(config, env, snapshot, now);
				this.core = core;
				const kept = (effect: CoreEffect) => !(this.signerStuck && effect.type === "sign");
				return {
					step: (event, at) => core.step(event, at).filter(kept),
					lights: (at) => core.lights(at),
					light: (id, at) => core.light(id, at),
					depot: (at) => core.depot(at),
				};
			},
		};
	}
}
