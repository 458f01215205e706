import { createPrivateKey } from "node:crypto";
import { connectAsync, type MqttClient } from "mqtt";
import { NodeCrypto, NodeSigner } from "../../gateway/depot/node-crypto.ts";
import { parseProvision } from "../../protocol/schema/provision.ts";
import type { Grant, LightReport } from "../../protocol/wire/messages.ts";
import { seal, unseal } from "../../protocol/wire/seal.ts";
import { topicOf } from "../../protocol/wire/topics.ts";
import type { Stars } from "../../protocol/wire/units.ts";
import { until } from "./broker.ts";

/**
 * A light by hand over a real MQTT connection: says what the test tells it to say, takes grants down and obeys nothing. The
 * signing keys that it trusts come from its provisioning file.
 */
export class HandLight {
	readonly grants: Grant[] = [];
	readonly rawGrants: Uint8Array[] = [];
	readonly id;
	private readonly provision;
	private readonly signer: NodeSigner;
	private readonly crypto = new NodeCrypto();
	private client: MqttClient | null = null;
	private counter = 0;
	readonly session: number;

	constructor(provisioningFile: string, session = 1) {
		this.provision = parseProvision(provisioningFile);
		this.signer = new NodeSigner(createPrivateKey(this.provision.privateKey));
		this.id = this.provision.light;
		this.session = session;
	}

	async connect(): Promise<void> {
		const { fleet, broker, keys, rootPublicKey } = this.provision;
		const opened = unseal("keys", keys, [rootPublicKey], this.crypto);
		if (!opened.ok) throw new Error(`keys: ${opened.code}`);
		const trusted = opened.message.keys;
		const client = await connectAsync(broker, { clientId: this.id, clean: true, reconnectPeriod: 0 });
		client.stream.on("error", () => undefined);
		this.client = client;
		client.on("message", (topic, payload) => {
			if (topic !== topicOf.grant(fleet, this.id)) return;
			const grant = unseal("grant", payload, trusted, this.crypto);
			if (!grant.ok) throw new Error(`grant: ${grant.code}`);
			this.grants.push(grant.message);
			this.rawGrants.push(Uint8Array.from(payload));
		});
		await client.subscribeAsync(topicOf.grant(fleet, this.id), { qos: 1 });
	}

	/** Publishes a signed state: the newest ask, what is shown, and the pair of the stored grant. */
	async say(ask: Uint8Array, shown: Stars, more: Partial<LightReport> = {}): Promise<void> {
		this.counter += 1;
		const report: LightReport = {
			fleet: this.provision.fleet,
			light: this.id,
			session: this.session,
			counter: this.counter,
			ask,
			shown,
			pattern: shown === 0 ? "neutral" : "stars",
			sensed: true,
			epoch: 0,
			seq: 0,
			...more,
		};
		const bytes = seal("state", report, this.signer, this.crypto);
		await this.client?.publishAsync(topicOf.state(this.provision.fleet, this.id), Buffer.from(bytes), {
			qos: 1,
			retain: true,
		});
	}

	/** The first grant that fits, waiting for it. */
	async grantWhere(fits: (grant: Grant) => boolean, withinMs = 10_000): Promise<Grant> {
		await until(`a fitting grant for ${this.id}`, () => this.grants.some(fits), withinMs);
		const found = this.grants.find(fits);
		if (found === undefined) throw new Error("gone");
		return found;
	}

	async close(): Promise<void> {
		await this.client?.endAsync(true);
	}
}
