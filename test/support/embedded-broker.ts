import { type Broker, type BrokerOptions, type LightMessage, openBroker } from "../../gateway/broker/aedes-broker.ts";
import { monoMs } from "../../protocol/wire/units.ts";
import { FLEET } from "./depot-records.ts";
import { silentLog } from "./silent-log.ts";

/** The embedded broker on a free port, with what its depot has heard. */
export interface Embedded {
	readonly broker: Broker;
	readonly url: string;
	readonly heard: LightMessage[];
}

export async function embedded(change: Partial<BrokerOptions> = {}): Promise<Embedded> {
	const broker = await openBroker({
		...{ fleet: FLEET, isKnownLight: () => true, log: silentLog },
		clock: { monoMs: () => monoMs(performance.now()) },
		...change,
	});
	const heard: LightMessage[] = [];
	broker.onMessage((message) => heard.push({ ...message, payload: Uint8Array.from(message.payload) }));
	return { broker, url: await broker.listen("127.0.0.1", 0), heard };
}
