import { REFUSAL_CODES } from "../../protocol/wire/state.ts";
import { END_WORDS } from "../core/figures/change-tally.ts";
import { CHANNELS, type Channel, type ChannelFigures, STATUSES } from "../core/figures/figures.ts";
import { DROP_CODES } from "../core/lights/receive.ts";
import type { MetricFacts } from "./facts.ts";
import { counted, each, type MetricSpec, one, type Sample } from "./spec.ts";

const CHANNEL = `how the lights are reached: ${CHANNELS.join(", ")}`;

/** One sample a channel; null = not known there. */
const perChannel = (facts: MetricFacts, read: (figures: ChannelFigures) => number | null): readonly Sample[] =>
	(Object.entries(facts.figures.channels) as [Channel, ChannelFigures][]).flatMap(([channel, figures]) => {
		const value = read(figures);
		return value === null ? [] : [{ labels: { channel }, value }];
	});

/** Several samples a channel. */
const inChannels = (facts: MetricFacts, read: (figures: ChannelFigures) => readonly Sample[]): readonly Sample[] =>
	Object.entries(facts.figures.channels).flatMap(([channel, figures]) =>
		read(figures).map(({ labels, value }) => ({ labels: { channel, ...labels }, value })),
	);

/** Truth, stars, changes, and the way to the lights. */
export const DEPOT_METRICS: readonly MetricSpec[] = [
	{
		name: "liangxing_pull_applied_age_seconds",
		type: "gauge",
		help: "Seconds since the newest pull whose ratings hold: applied, accepted, or unchanged, which confirms the ones before. Absent before the first.",
		labels: {},
		read: (f) => one(f.figures.pulls.appliedAgeS),
	},
	{
		name: "liangxing_pull_age_seconds",
		type: "gauge",
		help: "Seconds since the newest pull of any outcome, held ones included. Absent before the first.",
		labels: {},
		read: (f) => one(f.figures.pulls.ageS),
	},
	{
		name: "liangxing_pulls_held",
		type: "gauge",
		help: "Pulls that wait for a person.",
		labels: {},
		read: (f) => one(f.figures.pulls.held),
	},
	{
		name: "liangxing_age_of_truth_seconds",
		type: "gauge",
		help: "Seconds since the as-of time of the rating behind the owed star, over lights on duty whose star rests on one; quantile 1 is the oldest. Absent while there is none.",
		labels: { channel: CHANNEL, quantile: "0.5, 0.95, 1" },
		read: (f) =>
			inChannels(f, ({ age }) =>
				age === null ? [] : each("quantile", { "0.5": age.p50, "0.95": age.p95, "1": age.max }),
			),
	},
	{
		name: "liangxing_lights",
		type: "gauge",
		help: "Registered lights by status; each light is in exactly one. right: a verified state not older than the silence limit shows exactly the owed stars, no lamp fault.",
		labels: { channel: CHANNEL, status: STATUSES.join(", ") },
		read: (f) => inChannels(f, ({ status }) => each("status", status)),
	},
	{
		name: "liangxing_lights_on_duty",
		type: "gauge",
		help: "Lights whose vehicle carries a driver on duty.",
		labels: { channel: CHANNEL },
		read: (f) => perChannel(f, (c) => c.onDuty),
	},
	{
		name: "liangxing_lights_on_duty_right",
		type: "gauge",
		help: "Lights on duty whose newest verified state shows exactly the owed stars: observed equals desired, not silent, no lamp fault.",
		labels: { channel: CHANNEL },
		read: (f) => perChannel(f, (c) => c.onDutyRight),
	},
	{
		name: "liangxing_lights_on_duty_silent",
		type: "gauge",
		help: "Lights on duty that were never heard, not heard for the silence limit, or are said to be offline.",
		labels: { channel: CHANNEL },
		read: (f) => perChannel(f, (c) => c.onDutySilent),
	},
	{
		name: "liangxing_right_star_share_ratio",
		type: "gauge",
		help: "Right-star share: liangxing_lights_on_duty_right / liangxing_lights_on_duty, 0 to 1. Absent while nobody is on duty.",
		labels: { channel: CHANNEL },
		read: (f) => perChannel(f, (c) => (c.onDuty === 0 ? null : c.onDutyRight / c.onDuty)),
	},
	{
		name: "liangxing_convergence_seconds",
		type: "histogram",
		help: "From the opening of a change of an owed star to the verified state that shows it; only changes that ended as shown.",
		labels: { channel: CHANNEL },
		read: (f) =>
			Object.entries(f.figures.channels).map(([channel, { convergenceS }]) => ({
				labels: { channel },
				view: convergenceS,
			})),
	},
	{
		name: "liangxing_changes_ended_total",
		type: "counter",
		help: "Changes of an owed star by how they ended. One that expired and is shown after all counts under both.",
		labels: { channel: CHANNEL, end: END_WORDS.join(", ") },
		read: (f) => inChannels(f, ({ ends }) => each("end", ends)),
	},
	{
		name: "liangxing_outbox_entries",
		type: "gauge",
		help: "Grants that are reserved, being signed, or sent, and neither answered nor dropped. heard: the light was heard lately, so an answer is due; absent: it is silent.",
		labels: { channel: CHANNEL, reach: "heard, absent" },
		read: (f) => inChannels(f, ({ outbox: o }) => each("reach", { heard: o.heard.entries, absent: o.absent.entries })),
	},
	{
		name: "liangxing_outbox_oldest_age_seconds",
		type: "gauge",
		help: "Seconds since the oldest of these grants was reserved; 0 without one.",
		labels: { channel: CHANNEL, reach: "heard, absent" },
		read: (f) => inChannels(f, ({ outbox: o }) => each("reach", { heard: o.heard.oldestS, absent: o.absent.oldestS })),
	},
	{
		name: "liangxing_light_refusals_total",
		type: "counter",
		help: "Verified states in which a light says that it refused a message, by the light's code.",
		labels: { channel: CHANNEL, code: REFUSAL_CODES.join(", ") },
		read: (f) => inChannels(f, ({ refusals }) => counted("code", REFUSAL_CODES, refusals)),
	},
	{
		name: "liangxing_messages_dropped_total",
		type: "counter",
		help: "Messages from the broker that the depot did not believe or know, by code.",
		labels: { code: DROP_CODES.join(", ") },
		read: (f) => counted("code", DROP_CODES, f.figures.dropped),
	},
	{
		name: "liangxing_clock_trusted",
		type: "gauge",
		help: "1 while the wall clock fits the newest stored time, 0 while nothing is signed because it does not.",
		labels: {},
		read: (f) => one(f.figures.clock === "trusted" ? 1 : 0),
	},
	{
		name: "liangxing_epoch",
		type: "gauge",
		help: "The store's epoch; each new one ends every older grant.",
		labels: {},
		read: (f) => one(f.figures.epoch),
	},
	{
		name: "liangxing_records",
		type: "gauge",
		help: "Records held.",
		labels: { kind: "lights, drivers, vehicles" },
		read: ({ figures: { lights, drivers, vehicles } }) => each("kind", { lights, drivers, vehicles }),
	},
];
