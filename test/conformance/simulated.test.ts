import { SimClock } from "../../simulator/clock/sim-clock.ts";
import { SimMemory } from "../../simulator/hardware/sim-memory.ts";
import { SimMemoryPort, SimStorePort } from "../../simulator/hardware/sim-ports.ts";
import { emptySnapshot, SimStore } from "../../simulator/hardware/sim-store.ts";
import { SimBroker } from "../../simulator/link/sim-broker.ts";
import { SimLink } from "../../simulator/link/sim-link.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { FLEET } from "../support/depot-records.ts";
import { linkSuite } from "./link-suite.ts";
import { memorySuite } from "./memory-suite.ts";
import { storeSuite } from "./store-suite.ts";

/** Virtual minutes after which a link that says nothing is broken. */
const PATIENCE_MS = 120_000;

linkSuite("the simulated link", async () => {
	const clock = new SimClock();
	const broker = new SimBroker(clock, new Prng(11));
	const make = (id: string) => new SimLink(clock, broker, new Prng(11).split(id), id);
	const [light, depot] = [make("light"), make("depot")];
	return {
		light,
		depot,
		until: async (what, done) => {
			const end = clock.now() + PATIENCE_MS;
			while (!done()) {
				if (!clock.step()) clock.runUntil(end);
				if (!done() && clock.now() >= end) throw new Error(`waited for ${what}; next is ${clock.nextName()}`);
			}
		},
		cut: () => broker.drop("light", "cut"),
		end: async () => {
			await light.close();
			await depot.close();
		},
	};
});

memorySuite("the simulated memory", async () => {
	const memory = new SimMemory();
	return {
		memory: new SimMemoryPort(memory),
		again: async () => new SimMemoryPort(memory),
		destroy: async (slot) => memory.rot(slot, new Prng(1)),
		end: async () => {},
	};
});

storeSuite("the simulated store", async () => {
	const medium = new SimStore(emptySnapshot(FLEET));
	let open: SimStorePort | null = null;
	return {
		refused: { type: "no such change" } as never,
		open: async () => {
			open = new SimStorePort(medium);
			return open;
		},
		crash: async () => open?.kill(),
		cleanup: async () => {},
	};
});
