import { isLampFault, MOVING_MS, type Silence, silence } from "../lights/reconcile.ts";
import type { Observed } from "../model.ts";
import { ANSWER_WAIT_MS, taken } from "../outbox/delivery.ts";
import { isOwed, type Link, link, type WhyView } from "./link.ts";

const observedOf = ({ subject, picture }: WhyView): Observed | null =>
	subject.light === null ? null : (picture.observed.get(subject.light.light) ?? null);

/** Why nothing is known of the light now; null = it was heard lately. */
export function silenceOf(view: WhyView): Silence | null {
	if (view.state === null) return "never-heard";
	return silence(view.state, observedOf(view), view.config.silentAfterS, view.now.unix);
}

/** Whether the light was reached and took what is owed. */
export function deliveryLink(view: WhyView): Link {
	const { subject, picture, state, now } = view;
	if (subject.vehicle === null && subject.driver !== null) return link("delivery", true, "waits-for-grant");
	if (subject.light === null || state === null) return link("delivery", false, "no-light");
	const observed = observedOf(view);
	const entry = picture.entries.get(subject.light.light) ?? null;
	const silent = silenceOf(view);
	if (silent !== null) return link("delivery", false, silent, {}, observed?.heardAt ?? null);
	const { delivery, desired } = state;
	const id = entry === null ? null : `${entry.epoch}/${entry.seq}`;
	const at = observed?.heardAt ?? null;
	if (entry !== null && isOwed(entry, desired) && taken(delivery, entry, observed))
		return link("delivery", true, "taken", { stars: entry.stars }, at, id);
	if (delivery.refused !== null) return link("delivery", false, "refused", { code: delivery.refused }, at, id);
	if (desired.stars === 0 && observed?.shown === 0) return link("delivery", true, "dark-anyway", {}, at, id);
	if (delivery.phase !== "sent" || delivery.sentAt === null)
		return delivery.phase === "answered"
			? link("delivery", false, "not-taken", {}, at, id)
			: link("delivery", true, "waits-for-grant", {}, at, id);
	const fresh = now.mono - delivery.sentAt < ANSWER_WAIT_MS;
	return link("delivery", fresh, fresh ? "on-its-way" : "no-answer", {}, at, id);
}

/** Whether the glass shows what is owed, by the light's own signed report. */
export function glassLink(view: WhyView): Link {
	const { state, now } = view;
	const observed = observedOf(view);
	if (view.subject.vehicle === null && view.subject.driver !== null) return link("glass", true, "no-glass");
	if (state === null || observed === null) return link("glass", false, "glass-unknown");
	const { shown, heardAt, lamps } = observed;
	const { stars } = state.desired;
	const facts = { shown, desired: stars };
	const bad = lamps?.find(isLampFault);
	if (bad !== undefined)
		return link("glass", false, `lamp-${bad}`, { ...facts, lamp: (lamps?.indexOf(bad) ?? 0) + 1 }, heardAt);
	if (observed.pattern === "fault") return link("glass", false, "fault-pattern", facts, heardAt);
	if (observed.pattern === "identify" || observed.pattern === "self-test")
		return link("glass", true, "glass-flashes", facts, heardAt);
	const left = observed.leaseLeftS;
	const over = shown > 0 && left !== null ? heardAt + left * 1000 : null;
	if (over !== null && now.unix >= over) return link("glass", false, "lease-over", facts, over);
	if (shown === stars) return link("glass", true, "right", facts, heardAt);
	const moving = state.differsSince !== null && now.mono - state.differsSince < MOVING_MS;
	return link("glass", moving, moving ? "moving" : "differs", facts, heardAt);
}
