import type { OutboxEntry } from "../model.ts";
import { isOwed, type Link, link, type WhyView } from "./link.ts";
import { askIsUsed, leaseEndMs, silenceOf } from "./links-light.ts";

/** What is under way for longer than this is stuck: an answer is awaited so long. */
const UNDER_WAY_MS = 10_000;

/** Whether the driver is signed in on the vehicle, and the light is on it. */
export function dutyLink({ subject, picture }: WhyView): Link {
	const { vehicle, light, driver } = subject;
	if (driver !== null) {
		const duty = picture.dutyOfDriver.get(driver);
		const ended = picture.endOfDriver.get(driver) ?? null;
		if (duty === undefined) return link("duty", false, "driver-off-duty", { driver }, ended);
	}
	if (vehicle === null) return link("duty", false, light?.vehicle == null ? "light-unbound" : "vehicle-left-fleet");
	const duty = picture.dutyOfVehicle.get(vehicle.key);
	const ended = picture.endOfVehicle.get(vehicle.key) ?? null;
	if (duty === undefined) return link("duty", false, ended === null ? "never-on-duty" : "no-duty", {}, ended);
	if (light === null) return link("duty", false, "no-light", {}, duty.from, duty.id);
	return link("duty", true, "on-duty", { driver: duty.driver, vehicle: vehicle.key }, duty.from, duty.id);
}

/** Why nothing is signed for any light, or null. */
function stopped({ time, blanking, storeFailed }: WhyView): Link | null {
	if (storeFailed) return link("grant", false, "store-failed");
	if (!time.trusted)
		return link("grant", false, time.code, { storedTime: time.storedTime, clock: time.now }, time.storedTime * 1000);
	return blanking ? link("grant", false, "blanking") : null;
}

/** Whether a grant for what is owed is signed and holds. */
export function grantLink(view: WhyView): Link {
	const { subject, picture, state, now } = view;
	if (subject.vehicle === null && subject.driver !== null) return link("grant", true, "grant-not-due");
	if (subject.light === null || state === null) return link("grant", false, "no-light");
	const stop = stopped(view);
	if (stop !== null) return stop;
	const { light } = subject.light;
	const entry = picture.entries.get(light) ?? null;
	const { desired } = state;
	const silent = silenceOf(view) !== null;
	if (!view.running && (silent || isOver(view, entry)))
		return link("grant", false, "no-gateway", { stars: desired.stars }, picture.meta.storedTime * 1000);
	if (entry === null || !isOwed(entry, desired) || entry.signed === null) {
		// Stars are signed for an ask of the light: until it speaks there is nothing that the depot could sign.
		if (silent) return link("grant", true, "grant-waits-for-light", { stars: desired.stars });
		const owed = entry !== null && isOwed(entry, desired);
		const since = owed ? entry.issuedAt * 1000 : (picture.changes.get(light)?.openedAt ?? now.unix);
		const fresh = now.unix - since < UNDER_WAY_MS;
		return link("grant", fresh, fresh ? "grant-under-way" : "grant-stuck", { stars: desired.stars }, since);
	}
	const id = `${entry.epoch}/${entry.seq}`;
	const facts = { epoch: entry.epoch, seq: entry.seq, stars: entry.stars };
	// A lease is renewed for a new ask: without one it is the light that did not speak.
	if (entry.stars > 0 && isOver(view, entry) && !silent && !askIsUsed(view))
		return link("grant", false, "grant-lapsed", facts, leaseEndMs(entry), id);
	return link("grant", true, "grant-signed", facts, entry.issuedAt * 1000, id);
}

const isOver = ({ time }: WhyView, entry: OutboxEntry | null): boolean =>
	entry !== null && entry.stars > 0 && time.ms >= leaseEndMs(entry);
