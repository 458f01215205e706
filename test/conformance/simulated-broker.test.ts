import { SimClock } from "../../simulator/clock/sim-clock.ts";
import { SimBroker } from "../../simulator/link/sim-broker.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { FLEET } from "../support/depot-records.ts";
import { brokerSuite, type Came } from "./broker-suite.ts";

/** Virtual time after which a message that has not come will not come. */
const PATIENCE_MS = 60_000;

brokerSuite("the simulated broker", async () => {
	const clock = new SimClock();
	const broker = new SimBroker(clock, new Prng(7));
	const heard: (Came & { readonly publisher: null })[] = [];
	const filters = ["state", "event", "online"].map((kind) => `lx/1/${FLEET}/l/+/${kind}`);
	broker.attach(
		{ id: "depot", message: (m) => heard.push({ ...m, publisher: null }), lost: () => undefined },
		filters,
		() => undefined,
	);
	return {
		connect: async (light, topics) => {
			const received: Came[] = [];
			let down = false;
			const lost = () => {
				down = true;
			};
			broker.attach({ id: light, message: (message) => received.push(message), lost }, topics, () => undefined);
			return {
				received,
				publish: (topic, payload, retain) => broker.publish(light, { topic, payload, retain }),
				close: async () => broker.detach(light),
				cut: () => broker.drop(light, "cut"),
				isDown: () => down,
			};
		},
		depot: {
			received: heard,
			publish: (topic, payload, retain) => broker.publish("depot", { topic, payload, retain }),
		},
		until: async (what, done) => {
			const end = clock.now() + PATIENCE_MS;
			while (!done()) {
				if (!clock.step()) clock.runUntil(end);
				if (!done() && clock.now() >= end) throw new Error(`waited for ${what}`);
			}
		},
		close: async () => undefined,
	};
});
