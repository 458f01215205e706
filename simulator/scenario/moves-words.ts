import { utf8Encode } from "../../protocol/wire/bytes.ts";
import { decodePayload, encodePayload } from "../../protocol/wire/codec.ts";
import { assemble, disassemble } from "../../protocol/wire/cose.ts";
import type { Job, JobWhat, LightEvent } from "../../protocol/wire/messages.ts";
import { seal } from "../../protocol/wire/seal.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import type { Prng } from "../random/prng.ts";
import { readWord } from "./hearsay.ts";
import type { LightHost } from "./light-host.ts";
import { type Move, poweredLights } from "./moves.ts";
import { cut } from "./moves-light.ts";
import { FLEET } from "./setup.ts";
import type { World } from "./world.ts";

type Topic = "job" | "event" | "online" | "state";
const topic = (of: Topic, light: LightHost): string => topicOf[of](FLEET, light.taxi.light);
const seen = (world: World, of: Topic, light: LightHost): readonly Uint8Array[] => world.broker.seen(topic(of, light));

/** Longer than a job's pattern, so that a second one cannot pass for the first. */
const AFTER_SELF_TEST_MS = 5_000;
const AFTER_IDENTIFY_MS = 63_000;
/** While a light still blinks. */
const MEANWHILE_MS = 30_000;
/** Lights that get a job in one move. */
const JOBS_AT_ONCE = 4;
/** Lights whose late will comes in one move. */
const WILLS_AT_ONCE = 3;
/** Lights whose newest event comes again in one move. */
const EVENTS_AT_ONCE = 6;

function give(world: World, to: "depot" | "light", of: Topic, light: LightHost, payload: Uint8Array): void {
	const name = to === "depot" ? "depot" : light.taxi.light;
	world.broker.inject(name, { topic: topic(of, light), payload, retain: false });
}

/** A powered light of which such a message was seen. */
function lightWith(world: World, random: Prng, of: Topic): LightHost | null {
	const fitting = poweredLights(world).filter((l) => seen(world, of, l).length > 0);
	return fitting.length === 0 ? null : random.pick(fitting);
}

/** An installer's tool at the depot has a job signed for the newest ask that was heard. */
function sendJob(world: World, random: Prng): LightHost | null {
	const { gateway, crypto, broker } = world;
	const lights = poweredLights(world).filter((l) => l.link.isUp() && seen(world, "state", l).length > 0);
	if (lights.length === 0 || !gateway.running()) return null;
	const light = random.pick(lights);
	const said = disassemble(seen(world, "state", light).at(-1) as Uint8Array)?.payload;
	const ask = said === undefined ? undefined : decodePayload("state", said)?.ask;
	if (ask === undefined) return null;
	const what: JobWhat = random.pick(["identify", "identify", "self-test", "self-test", "configure"] as const);
	const bytes = seal(
		"job",
		{ fleet: FLEET, light: light.taxi.light, ask, what, parameters: null },
		gateway.signer,
		crypto,
	);
	const parts = disassemble(bytes);
	if (parts === null) return null;
	world.signed.add("job", parts.payload, parts.signature, gateway.signer.publicKey, world.clock.now());
	broker.publish("depot", { topic: topic("job", light), payload: bytes, retain: false });
	return light;
}

/** A few jobs; what was done once comes again: at once, after a self-test, and when a minute of blinking has ended. */
function jobs(world: World, random: Prng): boolean {
	const sent = Array.from({ length: JOBS_AT_ONCE }, () => sendJob(world, random)).filter((light) => light !== null);
	for (const light of sent) {
		for (const at of [random.int(50, 2000), AFTER_SELF_TEST_MS, MEANWHILE_MS, AFTER_IDENTIFY_MS]) {
			world.clock.after("replay a job", at, () => repeatNewest(world, "light", "job", light));
		}
		world.clock.after("replay an event", random.int(500, 4000), () => repeatNewest(world, "depot", "event", light));
	}
	return sent.length > 0;
}

function repeatNewest(world: World, to: "depot" | "light", of: Topic, light: LightHost): void {
	const newest = seen(world, of, light).at(-1);
	if (newest !== undefined) give(world, to, of, light, newest);
}

/** The same message with other content under the old signature. */
function forged<K extends "job" | "event">(
	kind: K,
	bytes: Uint8Array | undefined,
	change: (message: K extends "job" ? Job : LightEvent) => K extends "job" ? Job : LightEvent,
): Uint8Array | null {
	const parts = bytes === undefined ? null : disassemble(bytes);
	const message = parts === null ? null : decodePayload(kind, parts.payload);
	if (parts === null || message === null) return null;
	// decodePayload goes by the kind.
	return assemble(parts.kid, encodePayload(kind, change(message as never) as never), parts.signature);
}

const word = (online: boolean, session: number): Uint8Array => utf8Encode(JSON.stringify({ online, session }));

/** Sessions of a light that `online` has named, lowest first. */
const sessionsOf = (world: World, light: LightHost): readonly number[] => [
	...new Set(seen(world, "online", light).flatMap((bytes) => readWord(bytes)?.session ?? [])),
];

/** Jobs, events and `online`: honest ones, and what a hostile broker makes of them. */
export const WORD_MOVES: readonly Move[] = [
	{ kind: "job", deals: 3, run: jobs },
	{
		kind: "replay-job-across-cut",
		deals: 1,
		run(world, random) {
			const light = lightWith(world, random, "job");
			if (light === null) return false;
			const old = [...seen(world, "job", light)];
			cut(world, light, random.int(300, 3000));
			world.clock.after("replay jobs after a cut", 7000, () => {
				for (const bytes of random.shuffle(old).slice(0, 3)) give(world, "light", "job", light, bytes);
			});
			return true;
		},
	},
	{
		kind: "forge-job",
		deals: 1,
		run(world, random) {
			const light = lightWith(world, random, "job");
			if (light === null) return false;
			const ask = disassemble(seen(world, "state", light).at(-1) ?? new Uint8Array());
			const said = ask === null ? null : decodePayload("state", ask.payload);
			const bytes = forged("job", seen(world, "job", light).at(-1), (message) => ({
				...message,
				what: "identify",
				ask: said?.ask ?? message.ask,
			}));
			if (bytes !== null) give(world, "light", "job", light, bytes);
			return bytes !== null;
		},
	},
	{
		kind: "anothers-job",
		deals: 1,
		run(world, random) {
			const other = lightWith(world, random, "job");
			const light = random.pick(poweredLights(world));
			if (other === null || other === light) return false;
			give(world, "light", "job", light, seen(world, "job", other).at(-1) as Uint8Array);
			return true;
		},
	},
	{
		kind: "replay-event",
		deals: 3,
		run(world, random) {
			const fitting = poweredLights(world).filter((l) => seen(world, "event", l).length > 0);
			for (const light of random.shuffle(fitting).slice(0, EVENTS_AT_ONCE)) {
				repeatNewest(world, "depot", "event", light);
				give(world, "depot", "event", light, random.pick(seen(world, "event", light)));
			}
			return fitting.length > 0;
		},
	},
	{
		kind: "forge-event",
		deals: 1,
		run(world, random) {
			const light = lightWith(world, random, "event");
			if (light === null) return false;
			const bytes = forged("event", seen(world, "event", light).at(-1), (event) => ({
				...event,
				what: "lamp-fault",
				counter: event.counter + 1,
			}));
			if (bytes !== null) give(world, "depot", "event", light, bytes);
			return bytes !== null;
		},
	},
	{
		kind: "late-will",
		deals: 3,
		run(world, random) {
			const fitting = poweredLights(world).filter((l) => l.link.isUp() && sessionsOf(world, l).length > 1);
			for (const light of random.shuffle(fitting).slice(0, WILLS_AT_ONCE)) {
				const old = sessionsOf(world, light).slice(0, -1);
				give(world, "depot", "online", light, word(false, random.pick(old)));
			}
			return fitting.length > 0;
		},
	},
	{
		kind: "forge-online",
		deals: 1,
		run(world, random) {
			const light = random.pick(poweredLights(world));
			const session = random.pick([0, 1, sessionsOf(world, light).at(-1) ?? 1, 0xffff_ffff]);
			give(world, "depot", "online", light, word(random.chance(0.3), session));
			return true;
		},
	},
];
