import { cpus } from "node:os";
import { parseLightId } from "../protocol/wire/light-id.ts";
import { topicOf } from "../protocol/wire/topics.ts";
import { pause } from "./support/clock.ts";
import { atEnd, endAll, type Flags, readFlags, runBench, say } from "./support/command-line.ts";
import { benchFailed } from "./support/failure.ts";
import { findMosquitto, HOW_TO_GET_IT, Mosquitto } from "./support/mosquitto.ts";
import { Peer } from "./support/peer.ts";
import { largest, median, quantile, round } from "./support/statistics.ts";
import { World } from "./support/world.ts";

const USAGE = `All lights reconnect at once while the retained store is full: until each has its keys, notice and grant again and its signed
state is back at the gateway. Beside it the time a tuned Mosquitto needs to serve the same subscriptions to the same clients.

  npm run bench:storm -- --lights 10000 --json

  --lights N,N       fleet sizes (10000)
  --rounds N         interleaved rounds, medians are told (5)
  --mosquitto PATH   the program, where it is not in a usual place
  --json             one line of JSON, the last on standard output`;

const GOAL = 1.5;
/** A light is starved when it waits more than this many times as long as the median one. */
const STARVED = 10;
const GONE_MS = 120_000;

/** One storm: milliseconds from its begin, in order. */
interface Storm {
	readonly served: readonly number[];
	/** Signed states back; empty where the clients are bare. */
	readonly back: readonly number[];
	readonly lost: number;
}
const lastOf = ({ served, back }: Storm): number => Math.max(largest(served), largest(back));

/** Waits until the broker has seen every connection go. */
async function gone(world: World): Promise<void> {
	const until = performance.now() + GONE_MS;
	while ((await world.gateway.call<{ lights: number }>("stats")).lights > 0) {
		if (performance.now() > until) throw benchFailed("The broker did not notice that its lights went.");
		await pause(100);
	}
	await world.quiet();
}

async function realStorm(world: World): Promise<Storm> {
	await world.lights.call("cut");
	await gone(world);
	await world.lights.call("armServed", true);
	await world.gateway.call("armBack", world.stars);
	const before = await world.lights.call<number>("lost");
	const from = await world.lights.call<number>("reconnect");
	const served = await world.lights.call<number[]>("served");
	const back = await world.gateway.call<number[]>("back");
	const lost = (await world.lights.call<number>("lost")) - before;
	return { served: served.map((t) => t - from), back: back.map((t) => t - from), lost };
}

/** The same subscriptions by clients that are no lights, on either broker. */
async function bareStorm(peer: Peer): Promise<Storm> {
	await peer.call("cut");
	await pause(2_000);
	await peer.call("collect");
	await peer.call("armServed", true);
	const before = await peer.call<number>("lost");
	const from = await peer.call<number>("reconnect");
	const served = await peer.call<number[]>("served");
	const lost = (await peer.call<number>("lost")) - before;
	return { served: served.map((t) => t - from), back: [], lost };
}

/** Clients in a process of their own, with the lights' ids, topics and wills; not connected yet. */
async function bareClients(broker: string, ids: readonly string[], fleet: string): Promise<Peer> {
	const peer = new Peer("lights-side", ["--max-old-space-size=8192"]);
	atEnd(() => peer.stop());
	const topics = ids.map((id) => {
		const light = parseLightId(id);
		if (light === null) throw benchFailed(`${id} is no light id.`);
		const subscriptions = [
			topicOf.keys(fleet),
			topicOf.notice(fleet),
			topicOf.grant(fleet, light),
			topicOf.job(fleet, light),
		];
		return { clientId: id, subscriptions, will: topicOf.online(fleet, light) };
	});
	await peer.call("makeBare", { broker, topics });
	return peer;
}

interface Floor {
	readonly mosquitto: Peer;
	readonly ours: Peer;
}

/** The retained store of the gateway, copied into a Mosquitto, and bare clients on both. */
async function openFloor(world: World, ids: readonly string[], program: string): Promise<Floor> {
	const mosquitto = await Mosquitto.start(program, world.data);
	atEnd(() => mosquitto.stop());
	const peer = await bareClients(mosquitto.url, ids, world.opened.fleet);
	say("copying the retained messages into Mosquitto");
	await peer.call("fill", { broker: mosquitto.url, messages: await world.gateway.call("retainedAll") });
	return { mosquitto: peer, ours: await bareClients(world.opened.mqtt, ids, world.opened.fleet) };
}

interface Round {
	readonly real: Storm;
	readonly bare: Storm | null;
	readonly floor: Storm | null;
}

async function oneRound(world: World, floor: Floor | null): Promise<Round> {
	let bare: Storm | null = null;
	let served: Storm | null = null;
	if (floor !== null) {
		// The lights are away meanwhile: their pings and reports are nobody's cost.
		await world.lights.call("cut");
		await gone(world);
		served = await bareStorm(floor.mosquitto);
		await floor.mosquitto.call("cut");
		bare = await bareStorm(floor.ours);
		await floor.ours.call("cut");
	}
	return { real: await realStorm(world), bare, floor: served };
}

async function size(count: number, flags: Flags) {
	const world = await World.open(count);
	const ids = await world.register();
	await world.switchOn();
	await world.blank();
	const program = findMosquitto(flags.text("mosquitto"));
	if (program === null) say(HOW_TO_GET_IT);
	const floor = program === null ? null : await openFloor(world, ids, program);
	const rounds: Round[] = [];
	for (let n = 0; n <= flags.number("rounds"); n++) {
		const one = await oneRound(world, floor);
		const ms = (storm: Storm | null) => (storm === null ? "none" : `${lastOf(storm).toFixed(0)} ms`);
		say(
			`${count} lights, ${n === 0 ? "warming up" : `round ${n}`}: ours ${ms(one.real)}, bare clients ${ms(one.bare)}, Mosquitto ${ms(one.floor)}`,
		);
		if (n > 0) rounds.push(one);
	}
	const { retained } = await world.gateway.call<{ retained: number }>("stats");
	await endAll();
	const reals = rounds.map((r) => r.real);
	const of = (storms: readonly (Storm | null)[]) => {
		const there = storms.filter((s) => s !== null);
		return there.length === 0 ? null : median(there.map(lastOf));
	};
	const ratioTo = (pick: (r: Round) => Storm | null) => {
		const ratios = rounds.flatMap((r) => {
			const [one, other] = [pick(r), r.floor];
			return one === null || other === null ? [] : [lastOf(one) / lastOf(other)];
		});
		return ratios.length === 0 ? null : round(median(ratios));
	};
	const share = (q: number) => round(median(reals.map((s) => quantile(s.back, q))), 0);
	return {
		lights: count,
		ourMs: round(of(reals) ?? 0, 0),
		floorMs: floor === null ? null : round(of(rounds.map((r) => r.floor)) ?? 0, 0),
		ratio: ratioTo((r) => r.real),
		servedMs: round(median(reals.map((s) => largest(s.served))), 0),
		bareMs: floor === null ? null : round(of(rounds.map((r) => r.bare)) ?? 0, 0),
		bareRatio: ratioTo((r) => r.bare),
		backP50Ms: share(0.5),
		backP99Ms: share(0.99),
		backMaxMs: share(1),
		starved: median(reals.map((s) => s.back.filter((t) => t > STARVED * quantile(s.back, 0.5)).length)),
		retained,
		lostConnections: median(reals.map((s) => s.lost)),
		rounds: rounds.length,
	};
}

const flags = readFlags(USAGE, { lights: [10_000], numbers: { rounds: 5 }, texts: { mosquitto: "" } });
await runBench(flags, async (table) => {
	const results: Awaited<ReturnType<typeof size>>[] = [];
	for (const count of flags.lights) results.push(await size(count, flags));
	table(`All lights reconnect at once. Medians of interleaved rounds, ${cpus().length} cores, Node ${process.version}`);
	for (const r of results) {
		table(`${r.lights} lights, ${r.retained} retained messages`);
		table(`  ours, until the last has keys, notice, grant     ${r.servedMs} ms`);
		table(`  ours, until the last signed state is back        ${r.ourMs} ms (p50 ${r.backP50Ms}, p99 ${r.backP99Ms})`);
		table(`  ours, the same subscriptions by bare clients     ${r.bareMs ?? "not measured"} ms`);
		table(`  Mosquitto, tuned, the same bare clients          ${r.floorMs ?? "not measured"} ms`);
		table(
			`  ratio ${r.ratio ?? "none"}, bare ${r.bareRatio ?? "none"}; starved ${r.starved}; tries lost ${r.lostConnections}`,
		);
		if (r.floorMs === null) table(HOW_TO_GET_IT);
	}
	const met = results.every((r) => r.ratio !== null && r.ratio <= GOAL && r.starved === 0);
	return { results, goal: { ratio: GOAL, starved: 0 }, met };
});
