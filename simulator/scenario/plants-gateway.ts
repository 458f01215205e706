import type { Change } from "../../gateway/core/model.ts";
import type { CoreConfig, CoreEffect, CoreEnv, CoreEvent, LightView, Now } from "../../gateway/core/types.ts";
import { toHex, utf8Encode } from "../../protocol/wire/bytes.ts";
import { decodePayload, encodePayload } from "../../protocol/wire/codec.ts";
import { assemble, disassemble, toBeSigned } from "../../protocol/wire/cose.ts";
import type { LightReport } from "../../protocol/wire/messages.ts";
import type { Stars } from "../../protocol/wire/units.ts";
import { readWord } from "./hearsay.ts";
import type { GatewayBrain } from "./parts.ts";

/** A bug in the gateway's core: its settings, what it may ask of its host, or what it does. */
export interface GatewayPlant {
	readonly name: string;
	readonly description: string;
	config?(config: CoreConfig): CoreConfig;
	env?(env: CoreEnv): CoreEnv;
	gateway?(inner: GatewayBrain): GatewayBrain;
}

/** The same core with another `step`. */
const withStep = (inner: GatewayBrain, step: GatewayBrain["step"]): GatewayBrain => ({
	step,
	lights: (now) => inner.lights(now),
	light: (id, now) => inner.light(id, now),
	depot: (now) => inner.depot(now),
});

const APPLIED = { ok: true, value: { applied: true } } as const;

function keepsStar(inner: GatewayBrain): GatewayBrain {
	return withStep(inner, (event, now) => {
		const isSignOut = event.type === "command" && event.command.what === "sign-out";
		return isSignOut ? [{ type: "answer", id: event.id, answer: APPLIED }] : inner.step(event, now);
	});
}

function answersEarly(inner: GatewayBrain): GatewayBrain {
	const answered = new Set<string>();
	return withStep(inner, (event, now) => {
		const effects = inner.step(event, now).filter((e) => e.type !== "answer" || !answered.has(e.id));
		if (event.type !== "command") return effects;
		const isDuty = event.command.what === "sign-in" || event.command.what === "sign-out";
		if (!isDuty || effects.some((e) => e.type === "answer") || !effects.some((e) => e.type === "commit"))
			return effects;
		answered.add(event.id);
		return [{ type: "answer", id: event.id, answer: APPLIED }, ...effects];
	});
}

/** The core hears `committed` at once, and acts on it before anything is durable. */
function sendsEarly(inner: GatewayBrain): GatewayBrain {
	const told = new Set<number>();
	const pass = (effects: readonly CoreEffect[], now: Now): readonly CoreEffect[] =>
		effects.flatMap((effect) => {
			if (effect.type !== "commit" || told.has(effect.tx)) return [effect];
			told.add(effect.tx);
			return [effect, ...pass(inner.step({ type: "committed", tx: effect.tx }, now), now)];
		});
	return withStep(inner, (event, now) =>
		event.type === "committed" && told.has(event.tx) ? [] : pass(inner.step(event, now), now),
	);
}

/** Numbers are given out but not kept: after a crash they are given out again. */
function forgetsNumbers(inner: GatewayBrain): GatewayBrain {
	const isReserve = (change: Change) => change.type === "entry" && change.entry.signed === null;
	return withStep(inner, (event, now) =>
		inner
			.step(event, now)
			.map((e) => (e.type === "commit" ? { ...e, changes: e.changes.filter((c) => !isReserve(c)) } : e)),
	);
}

function acceptsAnyClock(inner: GatewayBrain): GatewayBrain {
	return withStep(inner, (event, now) => {
		const before = inner.depot(now).clock === null ? [] : acceptClock(inner, now);
		const effects = inner.step(event, now);
		return [...before, ...effects, ...(inner.depot(now).clock === null ? [] : acceptClock(inner, now))];
	});
}

const acceptClock = (inner: GatewayBrain, now: Now): CoreEffect[] =>
	inner
		.step({ type: "command", id: "planted", command: { what: "clock-accept" } }, now)
		.filter((e) => e.type !== "answer" || e.id !== "planted");

/** The report in a message of a light, with its form; null for anything else. */
function reportIn(event: CoreEvent): { report: LightReport; kid: Uint8Array; signature: Uint8Array } | null {
	if (event.type !== "message" || !event.topic.endsWith("/state")) return null;
	const parts = disassemble(event.bytes);
	const report = parts === null ? null : decodePayload("state", parts.payload);
	return parts === null || report === null ? null : { report, kid: parts.kid, signature: parts.signature };
}

/** Every lease looks fresh to it. The signature is still checked, over what the light really said. */
function neverRenews(): Pick<GatewayPlant, "env" | "gateway"> {
	let original: Uint8Array | null = null;
	return {
		env: (env) => ({
			...env,
			crypto: {
				...env.crypto,
				verify: (key, message, signature) => env.crypto.verify(key, original ?? message, signature),
			},
		}),
		gateway: (inner) =>
			withStep(inner, (event, now) => {
				const found = reportIn(event);
				if (found === null || event.type !== "message" || found.report.shown === 0) return inner.step(event, now);
				const { report, kid, signature } = found;
				const fresh = encodePayload("state", { ...report, leaseLeftS: 100_000 });
				original = toBeSigned("state", kid, encodePayload("state", report));
				const effects = inner.step({ ...event, bytes: assemble(kid, fresh, signature) }, now);
				original = null;
				return effects;
			}),
	};
}

/** `observed` follows whatever state came last, however old. */
function believesOldStates(inner: GatewayBrain): GatewayBrain {
	const last = new Map<string, Stars>();
	const patch = (view: LightView): LightView => ({ ...view, observed: last.get(view.light) ?? view.observed });
	return {
		step(event, now) {
			const found = reportIn(event);
			if (found !== null) last.set(found.report.light, found.report.shown);
			return inner.step(event, now);
		},
		lights: (now) => inner.lights(now).map(patch),
		light: (id, now) => {
			const view = inner.light(id, now);
			return view === null ? null : patch(view);
		},
		depot: (now) => inner.depot(now),
	};
}

/** Every will is taken for one of the newest session. */
function believesLateWill(inner: GatewayBrain): GatewayBrain {
	const newest = new Map<string, number>();
	return withStep(inner, (event, now) => {
		if (event.type !== "message" || !event.topic.endsWith("/online")) return inner.step(event, now);
		const word = readWord(event.bytes);
		if (word === null) return inner.step(event, now);
		const session = Math.max(word.session, newest.get(event.topic) ?? 0);
		newest.set(event.topic, session);
		const bytes = utf8Encode(JSON.stringify({ online: word.online, session }));
		return inner.step({ ...event, bytes }, now);
	});
}

/** An event that comes again is noted again. */
function takesEventAgain(inner: GatewayBrain): GatewayBrain {
	const taken = new Set<string>();
	return withStep(inner, (event, now) => {
		const effects = inner.step(event, now);
		if (event.type !== "message" || !event.topic.endsWith("/event")) return effects;
		const name = toHex(event.bytes);
		const payload = disassemble(event.bytes)?.payload;
		const again = taken.has(name) && payload !== undefined ? decodePayload("event", payload) : null;
		if (effects.some((e) => e.type === "log" && e.code === "light-event")) taken.add(name);
		if (again === null) return effects;
		const { light, counter, what } = again;
		return [...effects, { type: "log", level: "info", code: "light-event", fields: { light, counter, what } }];
	});
}

export const GATEWAY_PLANTS: readonly GatewayPlant[] = [
	{
		name: "gateway-keeps-star-after-sign-out",
		description: "a sign-out is answered, and the star stays owed",
		gateway: keepsStar,
	},
	{
		name: "gateway-answers-before-commit",
		description: "a sign-in is answered before it is durable",
		gateway: answersEarly,
	},
	{
		name: "gateway-sends-before-commit",
		description: "a grant is signed and sent before its number is durable",
		gateway: sendsEarly,
	},
	{
		name: "gateway-reuses-seq",
		description: "numbers of grants are not kept, and given out again after a crash",
		gateway: forgetsNumbers,
	},
	{
		name: "gateway-trusts-unverified-state",
		description: "a state with a wrong signature makes observed",
		env: (env) => ({ ...env, crypto: { ...env.crypto, verify: () => true } }),
	},
	{
		name: "gateway-believes-old-state",
		description: "a state that comes late or again makes observed",
		gateway: believesOldStates,
	},
	{
		name: "gateway-believes-late-will",
		description: "the last will of an earlier session marks a light dead that lives",
		gateway: believesLateWill,
	},
	{
		name: "gateway-takes-event-again",
		description: "an event that is repeated on the way is noted a second time",
		gateway: takesEventAgain,
	},
	{
		name: "gateway-ignores-rating-age",
		description: "a rating past its limit still owes its stars",
		config: (config) => ({ ...config, policy: { ...config.policy, maxAgeDays: 5000 } }),
	},
	{
		name: "gateway-accepts-any-pull",
		description: "a pull that removes or lowers too many drivers is not held for a person",
		config: (config) => ({ ...config, heldRemovedShare: 1, heldLoweredShare: 1 }),
	},
	{
		name: "gateway-forgets-clock-guard",
		description: "it signs with a clock that is behind or far ahead of its stored time",
		gateway: acceptsAnyClock,
	},
	{
		name: "gateway-never-renews",
		description: "a lease that runs out is not renewed, and lights go dark that owe stars",
		...neverRenews(),
	},
];
