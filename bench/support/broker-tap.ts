import type { Broker, LightMessage } from "../../gateway/broker/aedes-broker.ts";
import type { LightView } from "../../gateway/core/types.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import { machineMs } from "./clock.ts";

/** Takes a state in the depot's place; true = it was good. */
type Floor = (light: LightId, payload: Uint8Array) => boolean;

/**
 * The gateway's own broker with an ear behind it: notes when each light's signed state has been taken by the depot, or hands the
 * states of a floor to that floor. Between measurements it does nothing but pass on.
 */
export class BrokerTap implements Broker {
	readonly broker: Broker;
	private readonly view: (light: LightId) => LightView | null;
	private readonly pending = new Set<LightId>();
	/** Lights of which a state came that the depot has not taken yet. */
	private readonly heard = new Set<LightId>();
	private stars = 0;
	private times: number[] = [];
	private back: ((times: number[]) => void) | null = null;
	private floor: Floor | null = null;
	private floorTimes: number[] = [];
	private floorLeft = new Set<LightId>();
	private floorDone: ((times: number[]) => void) | null = null;

	constructor(broker: Broker, view: (light: LightId) => LightView | null) {
		this.broker = broker;
		this.view = view;
	}

	/** From now on: each of these lights has to say by a signed state that it shows `stars`. */
	awaitStates(lights: Iterable<LightId>, stars: number): void {
		this.stars = stars;
		this.times = [];
		this.pending.clear();
		this.heard.clear();
		for (const light of lights) this.pending.add(light);
	}

	/** Machine milliseconds at which the depot had each light's state. */
	statesBack(): Promise<number[]> {
		return new Promise((resolve) => {
			if (this.pending.size === 0) resolve(this.times);
			else this.back = resolve;
		});
	}

	/** States go to a floor (null = to the depot again). */
	divert(lights: Iterable<LightId>, floor: Floor | null): void {
		this.floor = floor;
		this.floorTimes = [];
		this.floorLeft = new Set(lights);
	}

	floorBack(): Promise<number[]> {
		return new Promise((resolve) => {
			if (this.floorLeft.size === 0) resolve(this.floorTimes);
			else this.floorDone = resolve;
		});
	}

	onMessage(hear: (message: LightMessage) => void): void {
		this.broker.onMessage((message) => {
			const isState = message.topic.endsWith("/state");
			if (this.floor !== null) {
				if (isState) this.takeFloor(this.floor, message);
				return;
			}
			if (isState && message.publisher !== null && this.pending.has(message.publisher))
				this.heard.add(message.publisher);
			hear(message);
		});
	}

	/** The depot has looked at a light: where a state came and the row is right, that state has been taken. */
	changed(light: LightId): void {
		if (!this.heard.has(light)) return;
		const row = this.view(light);
		if (row?.observed !== this.stars || row.status !== "right") return;
		this.heard.delete(light);
		if (!this.pending.delete(light)) return;
		this.times.push(machineMs());
		if (this.pending.size === 0) this.back?.(this.times);
	}

	private takeFloor(floor: Floor, { publisher, payload }: LightMessage): void {
		if (publisher === null || !floor(publisher, payload) || !this.floorLeft.delete(publisher)) return;
		this.floorTimes.push(machineMs());
		if (this.floorLeft.size === 0) this.floorDone?.(this.floorTimes);
	}

	publish(topic: string, bytes: Uint8Array, retain: boolean): Promise<void> {
		return this.broker.publish(topic, bytes, retain);
	}
	listen(host: string, port: number): Promise<string> {
		return this.broker.listen(host, port);
	}
	retained(topic: string): Uint8Array | null {
		return this.broker.retained(topic);
	}
	stats(): ReturnType<Broker["stats"]> {
		return this.broker.stats();
	}
	close(): Promise<void> {
		return this.broker.close();
	}
}
