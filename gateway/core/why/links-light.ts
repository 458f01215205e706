import { MAX_STARS } from "../../../protocol/wire/bounds.ts";
import { equalBytes } from "../../../protocol/wire/bytes.ts";
import { isLampFault } from "../../../protocol/wire/lamp-fault.ts";
import { MOVING_MS, type Silence, silence } from "../lights/reconcile.ts";
import type { Observed, OutboxEntry } from "../model.ts";
import { ANSWER_WAIT_MS, taken } from "../outbox/delivery.ts";
import { isOwed, type Link, link, type WhyView } from "./link.ts";

/** A report period may be late by this much before the light is said to be overdue. */
const REPORT_SLACK_S = 15;

const observedOf = ({ subject, picture }: WhyView): Observed | null =>
	subject.light === null ? null : (picture.observed.get(subject.light.light) ?? null);

const entryOf = ({ subject, picture }: WhyView): OutboxEntry | null =>
	subject.light === null ? null : (picture.entries.get(subject.light.light) ?? null);

/** Why nothing is known of the light now; null = it was heard lately. */
export function silenceOf(view: WhyView): Silence | null {
	if (view.state === null) return "never-heard";
	return silence(view.state, observedOf(view), view.config.silentAfterS, view.now.unix);
}

/** Whether the newest ask that was heard has its grant already: the depot can sign no other until the light draws a new one. */
export function askIsUsed(view: WhyView): boolean {
	const entry = entryOf(view);
	const observed = observedOf(view);
	return entry?.ask != null && observed !== null && equalBytes(entry.ask, observed.ask);
}

/** When a grant goes dark at the latest, unix milliseconds. */
export const leaseEndMs = (entry: OutboxEntry): number =>
	Math.min(entry.notAfter, entry.issuedAt + entry.leaseS) * 1000;

/** Whether the light was reached and took what is owed. */
export function deliveryLink(view: WhyView): Link {
	const { subject, state } = view;
	if (subject.vehicle === null && subject.driver !== null) return link("delivery", true, "waits-for-grant");
	if (subject.light === null || state === null) return link("delivery", false, "no-light");
	const observed = observedOf(view);
	const entry = entryOf(view);
	const at = observed?.heardAt ?? null;
	const silent = silenceOf(view);
	if (observed === null || silent !== null) return link("delivery", false, silent ?? "never-heard", {}, at);
	const { desired } = state;
	const id = entry === null ? null : `${entry.epoch}/${entry.seq}`;
	if (isOverdue(view, observed, entry)) return link("delivery", false, "overdue", {}, at, id);
	if (entry !== null && isOwed(entry, desired) && taken(state.delivery, entry, observed))
		return link("delivery", true, "taken", { stars: entry.stars }, at, id);
	if (desired.stars === 0 && observed.shown === 0) return link("delivery", true, "dark-anyway", {}, at, id);
	return onTheWay(view, observed, entry);
}

/** Its lease is over, or it did not take its grant, and the report for which the next one waits did not come. */
function isOverdue(
	{ state, config, now, time, ...view }: WhyView,
	observed: Observed,
	entry: OutboxEntry | null,
): boolean {
	const late = now.unix - observed.heardAt > (config.reportS + REPORT_SLACK_S) * 1000;
	if (!late || state === null || state.desired.stars === 0 || entry === null) return false;
	const holds = taken(state.delivery, entry, observed) && time.ms < leaseEndMs(entry);
	return !holds && askIsUsed({ state, config, now, time, ...view });
}

/** What is owed was not taken yet: how far it is. */
function onTheWay(view: WhyView, observed: Observed, entry: OutboxEntry | null): Link {
	const { state, now } = view;
	const at = observed.heardAt;
	const id = entry === null ? null : `${entry.epoch}/${entry.seq}`;
	if (state === null) return link("delivery", false, "no-light");
	const { delivery, desired } = state;
	// Between two tries the newest one has no answer yet; what became of the last one stands in its state.
	const again = delivery.misses > 0 && observed.refused?.kind === "grant" ? observed.refused.code : null;
	const refused = delivery.refused ?? again;
	// What a light cannot keep it does not answer: its fault is what has to be mended.
	if (observed.pattern === "fault") return link("delivery", true, "fault-first", {}, at, id);
	if (refused === "not-fresh" && isOvertaken(view, observed)) return link("delivery", true, "overtaken", {}, at, id);
	if (refused !== null) return link("delivery", false, "refused", { code: refused }, at, id);
	const moves = state.differsSince !== null && now.mono - state.differsSince < MOVING_MS;
	const tried = delivery.misses > 0 && !moves;
	const since = delivery.sentAt ?? delivery.reservedAt;
	const fresh = since === null || now.mono - since < ANSWER_WAIT_MS;
	if (delivery.phase === "sent" || delivery.phase === "answered") {
		if (fresh && !tried) return link("delivery", true, "on-its-way", {}, at, id);
		return link("delivery", false, delivery.phase === "sent" ? "no-answer" : "not-taken", {}, at, id);
	}
	if (tried && entry !== null && entry.stars === desired.stars) return link("delivery", false, "not-taken", {}, at, id);
	return link("delivery", true, "waits-for-grant", {}, at, id);
}

/** Dark, it drew a new ask before the grant for the last one came: what it was told on its own side voids them. */
const isOvertaken = (view: WhyView, { shown, pattern }: Observed): boolean =>
	shown === 0 && pattern === "neutral" && !askIsUsed(view);

/** Whether the glass shows what is owed, by the light's own signed report. */
export function glassLink(view: WhyView): Link {
	const { state, now } = view;
	const observed = observedOf(view);
	if (view.subject.vehicle === null && view.subject.driver !== null) return link("glass", true, "no-glass");
	if (state === null || observed === null) return link("glass", false, "glass-unknown");
	const { shown, heardAt } = observed;
	const { stars } = state.desired;
	const facts = { shown, desired: stars };
	const fault = faultOf(observed, facts);
	if (fault !== null) return fault;
	if (silenceOf(view) !== null) return link("glass", false, "glass-then", facts, heardAt);
	if (observed.pattern === "identify" || observed.pattern === "self-test")
		return link("glass", true, "glass-flashes", facts, heardAt);
	const left = observed.leaseLeftS;
	const over = shown > 0 && left !== null ? heardAt + left * 1000 : null;
	if (over !== null && now.unix >= over) return link("glass", false, "lease-over", facts, over);
	if (shown === stars) return link("glass", true, "right", facts, heardAt);
	if (wentDark(view, observed)) return link("glass", false, "went-dark", facts, heardAt);
	const moving = state.differsSince !== null && now.mono - state.differsSince < MOVING_MS;
	return link("glass", moving, moving ? "moving" : "differs", facts, heardAt);
}

/** What is wrong with the lamps, by the light's own sensing, or null. */
function faultOf({ lamps, pattern, heardAt }: Observed, facts: Link["facts"]): Link | null {
	const bad = lamps?.find(isLampFault);
	if (bad !== undefined)
		return link("glass", false, `lamp-${bad}`, { ...facts, lamp: (lamps?.indexOf(bad) ?? 0) + 1 }, heardAt);
	if (lamps !== null && lamps.length > 0 && lamps.length !== MAX_STARS)
		return link("glass", false, "lamp-count", { ...facts, lamps: lamps.length, wanted: MAX_STARS }, heardAt);
	return pattern === "fault" ? link("glass", false, "fault-pattern", facts, heardAt) : null;
}

/** It names the newest grant as the one it holds, whose lease goes on, and shows nothing: something on its side put it out. */
function wentDark(view: WhyView, observed: Observed): boolean {
	const { state, time } = view;
	const entry = entryOf(view);
	if (state === null || entry === null || observed.shown > 0 || observed.pattern !== "neutral") return false;
	if (state.delivery.misses > 0 && observed.refused?.code === "not-fresh" && isOvertaken(view, observed)) return true;
	const held = entry.stars > 0 && entry.signed !== null && taken(state.delivery, entry, observed);
	return held && isOwed(entry, state.desired) && time.ms < leaseEndMs(entry);
}
