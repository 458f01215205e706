import type { DeviceEffect, DeviceEnv, DeviceInput } from "../../device/core/types.ts";
import type { Snapshot } from "../../gateway/core/model.ts";
import type {
	CoreConfig,
	CoreEffect,
	CoreEnv,
	CoreEvent,
	DepotView,
	LightView,
	Now,
} from "../../gateway/core/types.ts";
import type { Crypto, Signer } from "../../protocol/ports/crypto.ts";
import type { LightId, MonoMs } from "../../protocol/wire/units.ts";

/** Crypto for a simulation: real signatures with keys that follow from the seed. */
export interface SimCrypto extends Crypto {
	/** Ed25519 signer whose private key is these 32 bytes. */
	signerFromSeed(seed: Uint8Array): Signer;
}

/** Takes what is hashed: one line for each delivered message, lamp change and commit. */
export interface TraceSink {
	line(text: string): void;
}

/** One light's core between power-on and power-off. */
export interface LightBrain {
	step(input: DeviceInput, now: MonoMs): readonly DeviceEffect[];
}

/** The gateway's core between start and crash. */
export interface GatewayBrain {
	step(event: CoreEvent, now: Now): readonly CoreEffect[];
	lights(now: Now): readonly LightView[];
	light(id: LightId, now: Now): LightView | null;
	depot(now: Now): DepotView;
}

/** The parts under test. A plant is another set of parts: nothing in the product knows of it. */
export interface Parts {
	light(id: LightId, env: DeviceEnv): LightBrain;
	gateway(config: CoreConfig, env: CoreEnv, snapshot: Snapshot, now: Now): GatewayBrain;
}

/** A rule that did not hold. */
export interface Violation {
	/** E.g. `lease-over`; the first letters and digits name the group (docs/simulation.md). */
	readonly rule: string;
	/** True time, milliseconds since the start. */
	readonly atMs: number;
	readonly light: string | null;
	readonly words: string;
}
