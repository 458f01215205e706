import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause } from "./clock.ts";
import { atEnd, say } from "./command-line.ts";
import { benchFailed } from "./failure.ts";
import { Peer } from "./peer.ts";
import { type Owed, other, starsOf } from "./rated-fleet.ts";

/** Setting up grows with the fleet: 10,000 lights take half a minute on a busy machine. */
const SET_UP_MS = 300_000;
/** Longer than the pause between two grants of a light and than a write that waits for company. */
const QUIET_MS = 1_500;

/** What the gateway process answers to `open`. */
export interface Opened {
	readonly http: string;
	readonly mqtt: string;
	readonly token: string;
	readonly depotKey: Uint8Array;
	readonly fleet: string;
}

/** One round, in milliseconds from the instant at which the core got the list. */
export interface FanoutRound {
	/** When each lamp was right, and when the depot had each signed state, in order. */
	readonly lamps: readonly number[];
	readonly states: readonly number[];
	/** When the pull itself was answered (its ratings durable). */
	readonly pulledMs: number;
}

/** A gateway in a process of its own and N lights in another. */
export class World {
	readonly gateway: Peer;
	readonly lights: Peer;
	readonly data: string;
	readonly count: number;
	readonly opened: Opened;
	private owed: Owed = "four";

	private constructor(count: number, data: string, gateway: Peer, lights: Peer, opened: Opened) {
		this.count = count;
		this.data = data;
		this.gateway = gateway;
		this.lights = lights;
		this.opened = opened;
	}

	/** Opens an empty depot. It ends with the run, or earlier by `endAll`. */
	static async open(count: number): Promise<World> {
		const data = mkdtempSync(join(tmpdir(), "liangxing-bench-"));
		atEnd(() => rmSync(data, { recursive: true, force: true }));
		const gateway = new Peer("gateway-side");
		atEnd(() => gateway.stop());
		const lights = new Peer("lights-side", ["--max-old-space-size=8192"]);
		atEnd(() => lights.stop());
		return new World(count, data, gateway, lights, await gateway.call<Opened>("open", { data: join(data, "depot") }));
	}

	/** Makes, registers, binds and rates the lights; nobody is switched on yet. */
	async register(): Promise<readonly string[]> {
		const { count, data } = this;
		say(`${count} lights: making them`);
		const ask = { data: join(data, "depot"), broker: this.opened.mqtt, count };
		const made = await this.lights.call<{ light: string }[]>("make", ask, SET_UP_MS);
		say(`${count} lights: registering, binding, signing drivers in`);
		await this.gateway.call("register", made, SET_UP_MS);
		return made.map(({ light }) => light);
	}

	/** Switches the lights on and waits until every glass and every signed state is right. */
	async switchOn(): Promise<void> {
		say(`${this.count} lights: switching on`);
		const stars = starsOf(this.owed);
		await this.lights.call("armLit", stars);
		await this.gateway.call("armBack", stars);
		await this.lights.call("start", null, SET_UP_MS);
		await this.lights.call("lit", null, SET_UP_MS);
		await this.gateway.call("back", null, SET_UP_MS);
	}

	/** Stars that every light owes now. */
	get stars(): number {
		return starsOf(this.owed);
	}

	/** Blanks the fleet by a notice, and waits until each light has its star again by a grant of the new epoch. */
	async blank(): Promise<void> {
		say(`${this.count} lights: one notice to all`);
		await this.gateway.call("blank");
		const until = performance.now() + SET_UP_MS;
		for (let settled = 0; settled < 2; ) {
			await pause(1_000);
			const right = await this.gateway.call<number>("right", this.stars);
			settled = right === this.count && (await this.lights.call<number>("wrong")) === 0 ? settled + 1 : 0;
			if (performance.now() > until) throw benchFailed("The lights did not come right after a notice.");
		}
	}

	/** Lets pauses between grants and late writes go by, and collects both heaps. */
	async quiet(): Promise<void> {
		await pause(QUIET_MS);
		await Promise.all([this.gateway.call("collect"), this.lights.call("collect")]);
	}

	/** Every rating changes at once. Throws when a lamp is not right at the end. */
	async fanout(): Promise<FanoutRound> {
		this.owed = other(this.owed);
		const stars = starsOf(this.owed);
		await this.lights.call("armLit", stars);
		const { from, pulledAt } = await this.gateway.call<{ from: number; pulledAt: number }>("change", this.owed);
		const lamps = await this.lights.call<number[]>("lit");
		const states = await this.gateway.call<number[]>("back");
		return { lamps: lamps.map((t) => t - from), states: states.map((t) => t - from), pulledMs: pulledAt - from };
	}

	/** CPU of both processes so far, in microseconds. */
	async cpuUs(): Promise<{ readonly gateway: number; readonly lights: number }> {
		const [gateway, lights] = await Promise.all([this.gateway.cpuUs(), this.lights.cpuUs()]);
		return { gateway, lights };
	}
}
