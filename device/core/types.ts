import type { Crypto, Signer } from "../../protocol/ports/crypto.ts";
import type { Random } from "../../protocol/ports/random.ts";
import type { LampState, Pattern } from "../../protocol/wire/messages.ts";
import type { LightId, MonoMs, Seconds, Stars } from "../../protocol/wire/units.ts";

/** Who a light is: written at enrolment (or from a provisioning file), never changed by a message. */
export interface Identity {
	readonly fleet: string;
	readonly light: LightId;
	/** Raw 32 bytes; the only key that signs `keys`. */
	readonly rootKey: Uint8Array;
}

/** Everything the reducer may ask of its host: no clock (time comes with each input). */
export interface DeviceEnv {
	readonly crypto: Crypto;
	/** The light's own key; signs `state` and `event`. */
	readonly signer: Signer;
	readonly random: Random;
	/** Report period, default 600 s. */
	readonly reportS: Seconds;
	readonly firmware: string;
}

/** What the lamps are told: `stars` with 1..5, or dark for every other pattern (identify and self-test are never a count). */
export interface Face {
	readonly pattern: Pattern;
	readonly stars: Stars;
}

/**
 * What can happen to a light. `now` is monotonic; it starts anew at each `boot`.
 *
 * `more` = another input of the same batch follows in this very turn of the host, whatever the effects are. What is due for it,
 * darkness and writes, is done at once as ever; reports and the wake are left to the one that follows, so that one `state` answers a
 * whole batch. The last of a batch has no `more`.
 */
export type DeviceInput =
	/** Power on: the two copies of the record as read (null = missing or unreadable). Must be the first input. */
	| { readonly type: "boot"; readonly copies: readonly [Uint8Array | null, Uint8Array | null] }
	| { readonly type: "link-up"; readonly more?: true }
	| { readonly type: "link-down" }
	/** Bytes from the broker (or, later, a serial line). `retained`: kept by the broker from before this connection. */
	| {
			readonly type: "message";
			readonly kind: "keys" | "notice" | "grant" | "job";
			readonly bytes: Uint8Array;
			readonly retained?: boolean;
			readonly more?: true;
	  }
	/** The unsigned `0011` with 0 stars: always obeyed. */
	| { readonly type: "unsigned-zero" }
	/** One copy of the record is durably on its medium. */
	| { readonly type: "written"; readonly slot: 0 | 1; readonly generation: number }
	/** A copy could not be written (disk full, no right): the light stays or goes dark and says so. */
	| { readonly type: "write-failed"; readonly slot: 0 | 1; readonly generation: number; readonly reason: string }
	/** The lamps' states from left to right, as sensed; `sensed` false = not measured. */
	| { readonly type: "lamps"; readonly lamps: readonly LampState[]; readonly sensed: boolean }
	/** Time went on; sent at the latest when the last `wake` asked for it. */
	| { readonly type: "tick" };

/** What the host has to do, in this order. */
export type DeviceEffect =
	| { readonly type: "show"; readonly face: Face }
	/** Write this copy durably, then answer `written` (or `write-failed`). One write is outstanding at a time. */
	| { readonly type: "write"; readonly slot: 0 | 1; readonly generation: number; readonly bytes: Uint8Array }
	/** Publish a signed `state` (retained) or `event` on this light's topic. */
	| { readonly type: "publish"; readonly kind: "state" | "event"; readonly bytes: Uint8Array }
	/** Send `tick` at this monotonic instant, in place of any earlier wake. */
	| { readonly type: "wake"; readonly at: MonoMs }
	| {
			readonly type: "log";
			readonly level: "info" | "warn" | "error";
			readonly code: string;
			readonly fields: Readonly<Record<string, string | number | boolean>>;
	  };
