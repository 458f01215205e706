import { connectAsync } from "mqtt";
import { LineLog } from "../../device/drivers/line-log.ts";
import { NodeRandom } from "../../device/drivers/node-clock.ts";
import { signerFromPem } from "../../device/drivers/node-crypto.ts";
import { dataFolder } from "../../gateway/depot/data-folder.ts";
import { NodeCrypto } from "../../gateway/depot/node-crypto.ts";
import { lightMaker } from "../../gateway/depot/provision.ts";
import type { Signer } from "../../protocol/ports/crypto.ts";
import { encodeOnline } from "../../protocol/schema/online.ts";
import { parseProvision } from "../../protocol/schema/provision.ts";
import { DEFAULT_REPORT_S } from "../../protocol/wire/messages.ts";
import { eachOf } from "../../simulator/fleet/depot-client.ts";
import { ramFlash } from "../../simulator/fleet/light-flash.ts";
import { makeTaxi, type Taxi } from "../../simulator/fleet/taxi.ts";
import { clock, machineMs } from "./clock.ts";
import { benchFailed } from "./failure.ts";
import { floorLight } from "./floor.ts";
import { Gate, MiniLink, Pings } from "./mini-link.ts";
import { serve } from "./peer.ts";
import { plateOf } from "./rated-fleet.ts";

/** Handshakes under way at once: more only fills the kernel's queue of connections. */
const CONNECTS_AT_ONCE = 200;
/** keys, notice, grant: the first three subscriptions of a light. */
const KEYS_AND_GRANT = 0b101;
const KEYS_NOTICE_GRANT = 0b111;

/** One simulated light: the demo's own, over a mini client. */
interface Light {
	readonly taxi: Taxi;
	readonly signer: Signer;
	link: MiniLink | null;
}

/** What is waited for: done for each light once, with the instants. */
class Awaited {
	private readonly left: Set<string>;
	private readonly times: number[] = [];
	private finished: ((times: number[]) => void) | null = null;
	constructor(keys: Iterable<string>) {
		this.left = new Set(keys);
	}
	done(key: string): void {
		if (!this.left.delete(key)) return;
		this.times.push(machineMs());
		if (this.left.size === 0) this.finished?.(this.times);
	}
	/** Machine milliseconds at which each came, in order. */
	all(): Promise<number[]> {
		return new Promise((resolve) => {
			if (this.left.size === 0) resolve(this.times);
			else this.finished = resolve;
		});
	}
	get missing(): number {
		return this.left.size;
	}
}

const crypto = new NodeCrypto();
const random = new NodeRandom();
const lights = new Map<string, Light>();
const bare: MiniLink[] = [];
let wanted = KEYS_AND_GRANT;
let lit: Awaited | null = null;
let litStars = 0;
let served: Awaited | null = null;
const host = {
	gate: new Gate(CONNECTS_AT_ONCE),
	pings: new Pings(),
	wanted: () => wanted,
	onServed: (link: MiniLink) => served?.done(link.options.clientId),
};
const log = new LineLog(() => undefined, clock, "silent");

const linkOf = (light: Light): MiniLink => {
	if (light.link === null) throw benchFailed(`${light.taxi.light} has no link.`);
	return light.link;
};
const links = (): MiniLink[] => (bare.length > 0 ? bare : [...lights.values()].map(linkOf));

/** Makes lights of the depot in this data folder; answers their public halves for its register. */
async function make({ data, broker, count }: { data: string; broker: string; count: number }) {
	const provision = lightMaker(dataFolder(data), broker, random, crypto);
	const made: { light: string; publicKey: Uint8Array }[] = [];
	const taxiHost = { clock, random, log, crypto, reportS: DEFAULT_REPORT_S, memory: ramFlash };
	for (let n = 0; n < count; n++) {
		const { light, publicKey, file } = provision(null);
		const one: { link: MiniLink | null } = { link: null };
		const taxi = await makeTaxi(plateOf(n), file, broker, {
			...taxiHost,
			link: (options) => {
				one.link = new MiniLink(options, host);
				return one.link;
			},
			onGlass: (t) => {
				if (lit !== null && t.glass() === litStars) lit.done(t.light);
			},
		});
		lights.set(light, Object.assign(one, { taxi, signer: signerFromPem(parseProvision(file).privateKey) }));
		made.push({ light, publicKey });
	}
	return made;
}

/** Links that are nobody's light, with the same subscriptions and wills: what a broker alone has to serve. They wait for `reconnect`. */
interface Bare {
	readonly clientId: string;
	readonly subscriptions: readonly string[];
	readonly will: string;
}
function makeBare({ broker, topics }: { broker: string; topics: readonly Bare[] }): void {
	const quiet = { up: () => undefined, down: () => undefined, message: () => undefined };
	for (const { clientId, subscriptions, will } of topics) {
		const last = { topic: will, payload: encodeOnline({ online: false, session: 1 }), retain: true };
		const link = new MiniLink({ broker, clientId, will: last, clock, timers: clock, random, log }, host);
		link.prepare(subscriptions, quiet);
		bare.push(link);
	}
}

/** Puts retained messages into a broker. */
async function fill({ broker, messages }: { broker: string; messages: readonly (readonly [string, Uint8Array])[] }) {
	const client = await connectAsync(broker, { protocolVersion: 4 });
	await eachOf(messages, 100, async ([topic, payload]) => {
		await client.publishAsync(topic, Buffer.from(payload), { qos: 1, retain: true });
	});
	await client.endAsync();
}

const times = (awaited: Awaited | null): Promise<number[]> => awaited?.all() ?? Promise.resolve([]);

serve(
	{
		make,
		makeBare,
		fill,
		/** Switches every light on; answered when each has its keys (and a grant, if it was ever given one). */
		start: async () => {
			await eachOf([...lights.values()], 64, ({ taxi }) => taxi.start());
		},
		/** From now on each light whose glass shows this many is noted. */
		armLit: (stars: number) => {
			litStars = stars;
			lit = new Awaited(
				[...lights.values()].filter(({ taxi }) => taxi.glass() !== stars).map(({ taxi }) => taxi.light),
			);
		},
		/** The same for one light, by its place. */
		armOne: ({ index, stars }: { index: number; stars: number }) => {
			const light = [...lights.keys()][index] ?? "";
			litStars = stars;
			lit = new Awaited(lights.get(light)?.taxi.glass() === stars ? [] : [light]);
		},
		lit: () => times(lit),
		/** Lamps that are not as last waited for. */
		wrong: () => [...lights.values()].filter(({ taxi }) => taxi.glass() !== litStars).length,
		armServed: (withNotice: boolean) => {
			wanted = withNotice ? KEYS_NOTICE_GRANT : KEYS_AND_GRANT;
			served = new Awaited(links().map(({ options }) => options.clientId));
		},
		served: () => times(served),
		notServed: () => served?.missing ?? 0,
		/** Every cable is pulled. */
		cut: () => {
			for (const link of links()) link.cut();
		},
		/** Everybody comes back at once; answers the instant. */
		reconnect: () => {
			const at = machineMs();
			for (const link of links()) link.reconnect();
			return at;
		},
		/** A few cables are pulled and put back. */
		flap: ({ from, count }: { from: number; count: number }) => {
			const all = links();
			for (let n = 0; n < count; n++) {
				const link = all[(from + n) % all.length];
				link?.cut();
				link?.reconnect();
			}
		},
		lost: () => links().reduce((sum, link) => sum + link.lost, 0),
		/** Each light becomes its floor, or a light again. */
		floor: (depotKey: Uint8Array) => {
			for (const light of lights.values()) floorLight(linkOf(light), light.signer, depotKey, crypto);
		},
		real: () => {
			for (const light of lights.values()) linkOf(light).divert(null);
		},
	},
	async () => {
		host.pings.stop();
		for (const link of links()) void link.close();
	},
);
