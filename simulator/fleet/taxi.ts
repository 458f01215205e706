import { enrolRecord } from "../../device/core/enrol.ts";
import type { DeviceEnv } from "../../device/core/types.ts";
import { MemoryLamp } from "../../device/drivers/memory-lamp.ts";
import { MqttLink, type MqttLinkOptions } from "../../device/drivers/mqtt-link.ts";
import { signerFromPem } from "../../device/drivers/node-crypto.ts";
import { LightRuntime } from "../../device/drivers/runtime.ts";
import type { Memory } from "../../device/hal/memory.ts";
import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Crypto } from "../../protocol/ports/crypto.ts";
import type { Link } from "../../protocol/ports/link.ts";
import type { Log } from "../../protocol/ports/log.ts";
import type { Random } from "../../protocol/ports/random.ts";
import { parseProvision } from "../../protocol/schema/provision.ts";
import type { LightId, Seconds, Stars } from "../../protocol/wire/units.ts";

/** What all taxis of one process share. */
export interface TaxiHost {
	readonly clock: Clock & Timers;
	readonly random: Random;
	readonly log: Log;
	/** One adapter for all: it keeps parsed keys. */
	readonly crypto: Crypto;
	readonly reportS: Seconds;
	/** Where a light's two copies live; given the first record of a light that was never on. */
	readonly memory: (light: LightId, first: Uint8Array) => Promise<Memory>;
	/** Another link than the real light's own, e.g. one that is cheaper to hold ten thousand times. */
	readonly link?: (options: MqttLinkOptions) => Link;
	/** Told of each change on any glass. */
	readonly onGlass: (taxi: Taxi) => void;
}

/** One taxi of the simulation: the real light runtime over the real MQTT link, with a lamp that can be looked at. */
export interface Taxi {
	readonly plate: string;
	readonly light: LightId;
	/** Star lamps that glow, counted on the lamp itself. */
	glass(): Stars;
	start(): Promise<void>;
	stop(): Promise<void>;
}

/** Puts a taxi together from its light's provisioning file. Throws `provision-invalid`, `keys-refused`. */
export async function makeTaxi(plate: string, provisioning: string, broker: string, host: TaxiHost): Promise<Taxi> {
	const { fleet, light, privateKey, rootPublicKey, keys } = parseProvision(provisioning);
	const { clock, random, crypto } = host;
	const makeLink = host.link ?? ((options: MqttLinkOptions) => new MqttLink(options));
	const log = host.log.child({ light });
	const lamp = new MemoryLamp(() => host.onGlass(taxi));
	const env: DeviceEnv = {
		crypto,
		signer: signerFromPem(privateKey),
		random,
		reportS: host.reportS,
		firmware: "simulated",
	};
	const runtime = new LightRuntime({
		identity: { fleet, light },
		env,
		memory: await host.memory(light, enrolRecord({ fleet, light, rootKey: rootPublicKey }, keys, env)),
		lamp,
		clock,
		timers: clock,
		log,
		link: (will) => makeLink({ broker, clientId: light, will, clock, timers: clock, random, log }),
	});
	const taxi: Taxi = {
		plate,
		light,
		glass: () => lamp.glass().filter((glows) => glows).length as Stars, // five lamps: 0..5
		start: () => runtime.start(),
		stop: () => runtime.stop(),
	};
	return taxi;
}
