import { isOwed, type Link, link, type WhyView } from "./link.ts";
import { silenceOf } from "./links-light.ts";

/** What is under way for longer than this is stuck: an answer is awaited so long. */
const UNDER_WAY_MS = 10_000;

/** Whether the driver is signed in on the vehicle, and the light is on it. */
export function dutyLink({ subject, picture }: WhyView): Link {
	const { vehicle, light, driver } = subject;
	if (driver !== null) {
		const duty = picture.dutyOfDriver.get(driver);
		const ended = picture.endOfDriver.get(driver) ?? null;
		if (duty === undefined) return link("duty", false, "driver-off-duty", { driver }, ended);
		return link("duty", true, "on-duty", { driver, vehicle: duty.vehicle }, duty.from, duty.id);
	}
	if (vehicle === null) return link("duty", false, light?.vehicle == null ? "light-unbound" : "vehicle-left-fleet");
	const duty = picture.dutyOfVehicle.get(vehicle.key);
	const ended = picture.endOfVehicle.get(vehicle.key) ?? null;
	if (duty === undefined) return link("duty", false, ended === null ? "never-on-duty" : "no-duty", {}, ended);
	return link("duty", true, "on-duty", { driver: duty.driver, vehicle: vehicle.key }, duty.from, duty.id);
}

/** Whether a grant for what is owed is signed and holds. */
export function grantLink(view: WhyView): Link {
	const { subject, picture, state, time, now } = view;
	if (subject.vehicle === null && subject.driver !== null) return link("grant", true, "grant-not-due");
	if (subject.light === null || state === null) return link("grant", false, "no-light");
	if (!time.trusted)
		return link("grant", false, time.code, { storedTime: time.storedTime, clock: time.now }, time.storedTime * 1000);
	if (view.blanking) return link("grant", false, "blanking");
	const { light } = subject.light;
	const entry = picture.entries.get(light) ?? null;
	const { desired } = state;
	const silent = silenceOf(view) !== null;
	if (entry === null || !isOwed(entry, desired) || entry.signed === null) {
		// Stars are signed for an ask of the light: until it speaks there is nothing that the depot could sign.
		if (silent) return link("grant", true, "grant-waits-for-light", { stars: desired.stars });
		const since = picture.changes.get(light)?.openedAt ?? now.unix;
		const fresh = now.unix - since < UNDER_WAY_MS;
		return link("grant", fresh, fresh ? "grant-under-way" : "grant-stuck", { stars: desired.stars }, since);
	}
	const id = `${entry.epoch}/${entry.seq}`;
	const facts = { epoch: entry.epoch, seq: entry.seq, stars: entry.stars };
	const over = Math.min(entry.notAfter, entry.issuedAt + entry.leaseS);
	if (entry.stars > 0 && time.s >= over && !silent) return link("grant", false, "grant-lapsed", facts, over * 1000, id);
	return link("grant", true, "grant-signed", facts, entry.issuedAt * 1000, id);
}
