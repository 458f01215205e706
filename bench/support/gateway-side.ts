import { readFileSync } from "node:fs";
import { type BrokerOptions, openBroker } from "../../gateway/broker/aedes-broker.ts";
import { settingsSchema } from "../../gateway/config/schema.ts";
import type { Command, CommandAnswer } from "../../gateway/core/types.ts";
import { type Depot, startDepot } from "../../gateway/depot/depot.ts";
import { NodeCrypto, type NodeSigner, signerFromPem } from "../../gateway/depot/node-crypto.ts";
import { openLog } from "../../gateway/log/pino-log.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import { type LightId, toUnixSeconds } from "../../protocol/wire/units.ts";
import { eachOf } from "../../simulator/fleet/depot-client.ts";
import { BrokerTap } from "./broker-tap.ts";
import { clock, machineMs, pause } from "./clock.ts";
import { CommitProbe } from "./commit-probe.ts";
import { benchFailed } from "./failure.ts";
import { type Laid, layOut, signAgain, verifies } from "./floor.ts";
import { serve } from "./peer.ts";
import { certificateOf, fleetImport, type Owed, plateOf, Ratings, starsOf } from "./rated-fleet.ts";

/** Commands whose answer is awaited at once. */
const COMMANDS_AT_ONCE = 1_000;
/** The floor signs in turns of this length, as the gateway does, so that replies interleave. */
const SIGN_TURN_MS = 5;
const FLEET = "bench";

const crypto = new NodeCrypto();
let depot: Depot | null = null;
let tap: BrokerTap | null = null;
let signer: NodeSigner | null = null;
let ratings = new Ratings(0, 0);
let probe: CommitProbe | null = null;
const offDuty = new Set<number>();
const lights = new Map<LightId, Uint8Array>();
let floor: { readonly light: LightId; readonly topic: string; readonly grant: Laid }[] = [];

function open_<T>(value: T | null): T {
	if (value === null) throw benchFailed("The gateway is not open.");
	return value;
}

/** The product's own composition, with the tap on its broker. */
async function open({ data }: { data: string }) {
	const settings = settingsSchema.parse({
		...{ data, fleet: FLEET, http: { port: 0 }, mqtt: { port: 0 }, log: { level: "error" } },
		// Every driver's stars fall at once: a depot in service would ask a person first.
		heldLoweredShare: 1,
	});
	const withTap = async (options: BrokerOptions) => {
		tap = new BrokerTap(await openBroker(options), (light) => depot?.light(light) ?? null);
		return tap;
	};
	const { log } = openLog("error", clock);
	const ports = { clock, timers: clock, soon: (run: () => void) => void setImmediate(run), log, openBroker: withTap };
	depot = await startDepot(settings, ports);
	depot.onChanged((light) => tap?.changed(light));
	signer = signerFromPem(readFileSync(depot.folder.signingKey, "utf8"), "signing key");
	return { http: depot.http, mqtt: depot.mqtt, token: depot.token, depotKey: signer.publicKey, fleet: FLEET };
}

async function ask(command: Command): Promise<CommandAnswer> {
	const answer = await open_(depot).command(command);
	if (!answer.ok) throw benchFailed(`${command.what}: ${answer.code} ${answer.message}`);
	return answer;
}

const askAll = (commands: readonly Command[]): Promise<void> =>
	eachOf(commands, COMMANDS_AT_ONCE, async (command) => void (await ask(command)));

/** Fleet file, lights, bindings, a rated driver on duty in each vehicle. */
async function register(made: readonly { light: LightId; publicKey: Uint8Array }[]): Promise<void> {
	ratings = new Ratings(made.length, toUnixSeconds(clock.unixMs()));
	await ask(fleetImport(made.length));
	for (const { light, publicKey } of made) lights.set(light, publicKey);
	await askAll(made.map(({ light, publicKey }) => ({ what: "light-add", light, publicKey })));
	await askAll(made.map(({ light }, n) => ({ what: "light-bind", light, plate: plateOf(n) })));
	await ask(ratings.all("four"));
	await askAll(made.map((_, n) => signIn(n)));
}

const who = (n: number) => ({ vehicle: { plate: plateOf(n) }, driver: { certificate: certificateOf(n) }, at: null });

function signIn(n: number): Command {
	offDuty.delete(n);
	return { what: "sign-in", ...who(n) };
}

function signOut(n: number): Command {
	offDuty.add(n);
	return { what: "sign-out", ...who(n) };
}

/** Machine milliseconds: the core gets the list, the rows are other ones, the pull is answered. */
interface ChangeTimes {
	readonly from: number;
	readonly changedAt: number;
	readonly pulledAt: number;
}

/** Every rating changes at once. */
async function change(owed: Owed): Promise<ChangeTimes> {
	const command = ratings.all(owed);
	open_(tap).awaitStates(lights.keys(), starsOf(owed));
	const from = machineMs();
	const answered = ask(command);
	// The core has decided by now; stored, signed and sent is what follows.
	const changedAt = machineMs();
	await answered;
	return { from, changedAt, pulledAt: machineMs() };
}

/** One rating changes; instants as with `change`. */
async function changeOne(n: number) {
	const command = ratings.swapOne(n);
	const from = machineMs();
	await ask(command);
	return { from, pulledAt: machineMs(), stars: starsOf(ratings.of(n)) };
}

function layFloor(): void {
	const { broker } = open_(tap);
	const states = new Map<LightId, Laid>();
	floor = [...lights.keys()].map((light) => {
		const topic = topicOf.grant(FLEET, light);
		const [grant, state] = [broker.retained(topic), broker.retained(topicOf.state(FLEET, light))];
		if (grant === null || state === null) throw benchFailed(`${light} has no grant or no state.`);
		states.set(light, layOut("state", state));
		return { light, topic, grant: layOut("grant", grant) };
	});
	open_(tap).divert(lights.keys(), (light, payload) => {
		const [laid, key] = [states.get(light), lights.get(light)];
		return laid !== undefined && key !== undefined && verifies(laid, payload, key, crypto);
	});
}

/** Signs and sends every grant; answers the instant of the first. */
async function runFloor(): Promise<number> {
	const [{ broker }, depotSigner] = [open_(tap), open_(signer)];
	const from = machineMs();
	for (let at = 0; at < floor.length; ) {
		const until = performance.now() + SIGN_TURN_MS;
		for (; at < floor.length && performance.now() < until; at++) {
			const one = floor[at];
			if (one !== undefined) void broker.publish(one.topic, signAgain(one.grant, depotSigner), true);
		}
		await new Promise<void>((next) => setImmediate(next));
	}
	return from;
}

/** Resident and used memory after so many collections of the whole heap. */
async function memoryAfter(collections: number) {
	for (let n = 0; n < collections; n++) {
		(globalThis as { gc?: () => void }).gc?.();
		await pause(50);
	}
	const { rss, heapUsed, external } = process.memoryUsage();
	return { rss, heapUsed, external };
}

serve(
	{
		open,
		register,
		change,
		changeOne,
		back: () => open_(tap).statesBack(),
		armBack: (stars: number) => open_(tap).awaitStates(lights.keys(), stars),
		layFloor,
		runFloor,
		floorBack: () => open_(tap).floorBack(),
		endFloor: () => {
			floor = [];
			open_(tap).divert([], null);
		},
		stats: () => open_(tap).stats(),
		/** Lights that show this many, by their own signed word. */
		right: (stars: number) =>
			open_(depot)
				.lights()
				.filter((row) => row.observed === stars && row.status === "right").length,
		retainedAll: () => {
			const { broker } = open_(tap);
			const kinds = [topicOf.grant, topicOf.state, topicOf.online];
			const topics = [...lights.keys()].flatMap((light) => kinds.map((topic) => topic(FLEET, light)));
			return [topicOf.keys(FLEET), topicOf.notice(FLEET), ...topics].flatMap((topic) => {
				const bytes = broker.retained(topic);
				return bytes === null ? [] : [[topic, new Uint8Array(bytes)]];
			});
		},
		/** Ends every grant by a notice in a new epoch; afterwards each light is given its star again. */
		blank: () => ask({ what: "blank-fleet" }),
		/** Milliseconds of one durable commit of the gateway's rows, in the same folder. */
		commitOnce: async () => {
			probe ??= await CommitProbe.open(open_(depot).folder.path);
			return probe.once();
		},
		/** Drivers go off duty and come back, round the fleet. */
		turnOver: ({ from, count }: { from: number; count: number }) => {
			const some = Array.from({ length: count }, (_, n) => (from + n) % ratings.count);
			return askAll(some.map((n): Command => (offDuty.has(n) ? signIn(n) : signOut(n))));
		},
		// Three times, with a turn between: what finalizers let go is collected by the next.
		memory: () => memoryAfter(3),
		memoryOnce: () => memoryAfter(1),
	},
	async () => {
		await probe?.close();
		await depot?.stop();
	},
);
