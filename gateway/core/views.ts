import { toHex } from "../../protocol/wire/bytes.ts";
import { isLampFault } from "../../protocol/wire/lamp-fault.ts";
import { toUnixSeconds } from "../../protocol/wire/units.ts";
import type { ClockReading } from "./lights/clock-guard.ts";
import type { LightState } from "./lights/light-state.ts";
import { standing } from "./lights/reconcile.ts";
import type { LightRecord } from "./model.ts";
import { activePolicy, type Parts } from "./parts.ts";
import type { DepotView, LightView, Now } from "./types.ts";

/** One light as lists show it. */
export function lightView(
	parts: Parts,
	record: LightRecord,
	state: LightState,
	time: ClockReading,
	now: Now,
): LightView {
	const { records, config } = parts;
	const observed = records.observed.get(record.light) ?? null;
	const vehicle = record.vehicle === null ? undefined : records.vehicles.get(record.vehicle);
	const { desired } = state;
	const blocked = time.trusted ? null : time.code;
	const { status, reason } = standing(state, observed, config.silentAfterS, blocked, now.unix, now.mono);
	const known = observed !== null && status !== "silent";
	const heardAgoS = observed === null ? 0 : Math.max(0, Math.floor((now.unix - observed.heardAt) / 1000));
	const left = known ? observed.leaseLeftS : null;
	return {
		light: record.light,
		plate: vehicle?.plate ?? null,
		company: vehicle?.company ?? null,
		channel: "mqtt",
		desired: desired.stars,
		acked: state.acked,
		observed: known ? observed.shown : null,
		ageS: desired.asOf === 0 ? null : Math.max(0, toUnixSeconds(now.unix) - desired.asOf),
		status,
		reason,
		leaseLeftS: left === null ? null : Math.max(0, left - heardAgoS),
		onDuty: vehicle !== undefined && records.dutyOfVehicle.has(vehicle.key),
		heardAt: observed?.heardAt ?? null,
		trace: toHex(desired.trace),
		lamps: known && observed.lamps?.some(isLampFault) ? observed.lamps : null,
		operating: known ? (observed.operating ?? null) : null,
		refused: parts.refusals.last(record.light),
	};
}

/** The depot as `/readyz` and the console show it. */
export function depotView(parts: Parts, time: ClockReading): DepotView {
	const { records, config } = parts;
	const policy = activePolicy(parts);
	return {
		fleet: config.fleet,
		epoch: records.meta.epoch,
		clock: time.trusted ? null : { code: time.code, storedTime: time.storedTime, now: time.now },
		policy: { name: policy.name, hash: toHex(policy.hash), maxAgeDays: policy.maxAgeDays },
		lights: records.lights.size,
		drivers: records.drivers.size,
		vehicles: records.vehicles.size,
		held: records.heldChanges.size,
		lastPull: records.pulls.at(-1)?.id ?? null,
		refusals: parts.refusals.view(),
		dropped: parts.dropped.view(),
	};
}
