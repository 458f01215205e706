import type { Change, StarChange } from "../../gateway/core/model.ts";
import type { CoreEffect, Now } from "../../gateway/core/types.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { decodePayload } from "../../protocol/wire/codec.ts";
import { disassemble } from "../../protocol/wire/cose.ts";
import type { GatewayBrain } from "./parts.ts";
import type { GatewayPlant } from "./plants-gateway.ts";

/** The same core whose effects pass through `change`. */
const withEffects = (
	inner: GatewayBrain,
	change: (effects: readonly CoreEffect[], now: Now) => readonly CoreEffect[],
): GatewayBrain => ({
	step: (event, now) => change(inner.step(event, now), now),
	lights: (now) => inner.lights(now),
	light: (id, now) => inner.light(id, now),
	depot: (now) => inner.depot(now),
});

const mapRows = (effects: readonly CoreEffect[], row: (change: Change) => Change): readonly CoreEffect[] =>
	effects.map((effect) => (effect.type === "commit" ? { ...effect, changes: effect.changes.map(row) } : effect));

/** A change that a lease went by or a refusal ended, and one of each three that was shown, is never written as ended. */
function leavesOpen(inner: GatewayBrain): GatewayBrain {
	const forgets = ({ n, end }: StarChange): boolean => end !== null && (end.what !== "shown" || n % 3 === 0);
	return withEffects(inner, (effects) =>
		mapRows(effects, (row) =>
			row.type === "star-change" && row.follows === null && forgets(row.change)
				? { ...row, change: { ...row.change, end: null } }
				: row,
		),
	);
}

/** The trace of a grant in a message of the gateway, hex; null for anything else. */
function traceIn(effect: CoreEffect): string | null {
	if (effect.type !== "publish" || !effect.topic.endsWith("/grant")) return null;
	const payload = disassemble(effect.bytes)?.payload;
	const grant = payload === undefined ? null : decodePayload("grant", payload);
	return grant === null ? null : toHex(grant.trace);
}

/** A change counts as shown as soon as its grant was sent: the next commit says so, and what comes later is no news. */
function shownAtSent(inner: GatewayBrain): GatewayBrain {
	const open = new Map<string, StarChange>();
	const told = new Map<string, StarChange>();
	const sent: StarChange[] = [];
	const asTold = (change: StarChange): StarChange => told.get(toHex(change.trace)) ?? change;
	const row = (change: Change): Change => {
		if (change.type !== "star-change") return change;
		if (change.change.end === null) open.set(toHex(change.change.trace), change.change);
		const follows = change.follows === null ? null : asTold(change.follows);
		return { ...change, change: asTold(change.change), follows };
	};
	return withEffects(inner, (effects, now) => {
		for (const effect of effects) {
			const trace = traceIn(effect) ?? "";
			const change = open.get(trace);
			if (change !== undefined && open.delete(trace)) sent.push(change);
		}
		return effects.map((effect) => {
			if (effect.type !== "commit") return effect;
			const shown = sent.splice(0).map((change): StarChange => {
				const ended: StarChange = { ...change, end: { what: "shown", by: null, at: now.unix } };
				told.set(toHex(change.trace), ended);
				return ended;
			});
			const rows = shown.map((change): Change => ({ type: "star-change", change, follows: null }));
			return { ...effect, changes: [...rows, ...effect.changes.map(row)] };
		});
	});
}

/** Bugs in the ledger of star changes. */
export const LEDGER_PLANTS: readonly GatewayPlant[] = [
	{
		name: "ledger-leaves-open",
		description: "a change of a star that was refused, not shown within a lease, or shown, stays open",
		gateway: leavesOpen,
	},
	{
		name: "ledger-says-shown-at-sent",
		description: "a change of a star counts as shown once its grant was sent, whatever the lamps do",
		gateway: shownAtSent,
	},
];
