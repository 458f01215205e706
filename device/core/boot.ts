import { MAX_UINT32 } from "../../protocol/wire/bounds.ts";
import { decodePayload } from "../../protocol/wire/codec.ts";
import { disassemble } from "../../protocol/wire/cose.ts";
import { endLease, type Lease, resumeLease } from "../../protocol/wire/lease.ts";
import { timeAt } from "../../protocol/wire/light-time.ts";
import { unseal } from "../../protocol/wire/seal.ts";
import { emptyMemory } from "./memory-plan.ts";
import { decodeRecord, type LightRecord } from "./record.ts";
import { initialState, log, type Turn } from "./state.ts";
import { beginWrite } from "./writes.ts";

/**
 * Power on. The newer readable copy holds; it is written to both again, with the session one higher and, where the stored grant is
 * shown again, a resume less, before anything is shown, published or answered.
 */
export function boot(turn: Turn, copies: readonly [Uint8Array | null, Uint8Array | null]): void {
	const { state, now } = turn;
	Object.assign(state, initialState(), { phase: "starting", bootAt: now });
	const records = [decodeRecord(copies[0]), decodeRecord(copies[1])] as const;
	const stored = newer(records[0], records[1]);
	if (stored === null) {
		state.phase = "lost";
		log(turn, "error", "identity-lost", { next: "Enrol this light again: neither copy of its record can be read." });
		return;
	}
	state.record = stored;
	state.time = { unix: stored.time, at: now };
	state.memory = { ...emptyMemory, held: [records[0]?.generation ?? null, records[1]?.generation ?? null] };
	state.reporting = { ...state.reporting, counter: stored.counterReserved };
	if (records[0]?.generation !== records[1]?.generation) {
		log(turn, "warn", "copy-rewritten", { slot: records[0]?.generation === stored.generation ? 1 : 0 });
	}
	beginWrite(
		turn,
		"boot",
		stored,
		{ session: Math.min(stored.session + 1, MAX_UINT32) },
		leaseAfterPowerLoss(turn, stored),
	);
}

/** The copy with the higher generation; equal ones are the same record. */
function newer(first: LightRecord | null, second: LightRecord | null): LightRecord | null {
	if (first === null || second === null) return first ?? second;
	return second.generation > first.generation ? second : first;
}

/** The stored grant after a loss of power: shown again only with a resume left and its signature still good. */
function leaseAfterPowerLoss(turn: Turn, record: LightRecord): Lease | null {
	if (record.grantBytes === null) return null;
	const payload = disassemble(record.grantBytes)?.payload;
	const grant = payload === undefined ? null : decodePayload("grant", payload);
	if (grant === null) return null;
	const { ended, resumesLeft } = record;
	const lease = resumeLease({ grant, ended, resumesLeft }, turn.now, timeAt(turn.state.time, turn.now));
	const trusted = unseal("grant", record.grantBytes, record.trustedKeys, turn.env.crypto);
	return trusted.ok ? lease : endLease(lease, "key-gone");
}
