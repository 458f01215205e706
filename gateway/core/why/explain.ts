import type { Explanation, WhyView } from "./link.ts";
import { deliveryLink, glassLink } from "./links-light.ts";
import { dutyLink, grantLink } from "./links-order.ts";
import { policyLink, ratingLink } from "./links-rating.ts";
import { lastSeen } from "./most.ts";

/** Walks from the rating to the glass. Pure; holds no certificate number. */
export function explain(view: WhyView): Explanation {
	const { subject, picture, state } = view;
	const light = subject.light?.light ?? null;
	const chain = [
		ratingLink(view),
		policyLink(view),
		dutyLink(view),
		grantLink(view),
		deliveryLink(view),
		glassLink(view),
	];
	return {
		plate: subject.vehicle?.plate ?? null,
		light,
		desired: state?.desired.stars ?? 0,
		chain,
		broken: chain.find(({ ok }) => !ok)?.link ?? null,
		change: light === null ? null : (picture.changes.get(light) ?? null),
		seen: light === null ? null : lastSeen(picture.observed.get(light) ?? null, picture.entries.get(light) ?? null),
	};
}
