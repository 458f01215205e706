import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Random } from "../../protocol/ports/random.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { LineLog } from "../drivers/line-log.ts";
import { MemoryLamp } from "../drivers/memory-lamp.ts";
import { MqttLink } from "../drivers/mqtt-link.ts";
import { NodeCrypto } from "../drivers/node-crypto.ts";
import { LightRuntime, type LightStatus } from "../drivers/runtime.ts";
import { TextLamp } from "../drivers/text-lamp.ts";
import type { Lamp } from "../hal/lamp.ts";
import type { LightOptions } from "./options.ts";
import { defaultMemoryFolder, openMemory, readProvisioning } from "./provisioning.ts";
import type { Texts } from "./texts.ts";

/** What a program gives its light: the real things, bound in its composition root. */
export interface Host {
	readonly clock: Clock & Timers;
	readonly random: Random;
	readonly out: (text: string) => void;
	readonly err: (text: string) => void;
	/** Whether standard output is a terminal. */
	readonly terminal: boolean;
	readonly firmware: string;
}

const BROKER = /^mqtts?:\/\/[^/\s]+$/;
const LOCAL = /^mqtt:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/;

/** Starts a light from its provisioning file and returns it running. Throws coded errors; nothing is lit then. */
export async function runLight(options: LightOptions, texts: Texts, host: Host): Promise<LightRuntime> {
	const { clock, random } = host;
	const provisioned = await readProvisioning(options.provision);
	const { provision, signer } = provisioned;
	const broker = options.broker ?? provision.broker;
	if (!BROKER.test(broker)) throw brokerInvalid(broker);
	const warn = (code: keyof Texts["warnings"]) => host.err(`liangxing-light: ${code}: ${texts.warnings[code]}\n`);
	if (provisioned.open) warn("provision-open");
	if (broker.startsWith("mqtt:") && !LOCAL.test(broker)) warn("broker-plain");

	const crypto = new NodeCrypto();
	const folder = options.memory ?? defaultMemoryFolder(options.provision, provision);
	const { memory, enrolled, marked } = await openMemory(options.provision, folder, provisioned, { crypto });
	if (!marked) warn("mark-unwritable");

	let lamp: Lamp & { clear?(): void; draw?(): void } = new MemoryLamp();
	const write = (line: string) => {
		lamp.clear?.();
		host.err(line);
		lamp.draw?.();
	};
	const log = new LineLog(write, clock, options.logLevel, { light: provision.light });
	if (enrolled) log.info("enrolled", { memory: folder });
	const status = (): LightStatus => runtime.status();
	if (options.lamp === "text" && options.json !== true) {
		const { out, terminal } = host;
		lamp = new TextLamp({
			write: out,
			terminal,
			label: provision.light,
			words: texts.lamp,
			timers: clock,
			note: status,
		});
	}
	const tell =
		options.json === true
			? (view: LightStatus) => host.out(statusLine(provision.light, view, clock))
			: () => lamp.draw?.();
	const runtime: LightRuntime = new LightRuntime({
		identity: provision,
		env: { crypto, signer, random, reportS: options.reportS, firmware: host.firmware },
		memory,
		lamp,
		clock,
		timers: clock,
		log,
		link: (will) => new MqttLink({ broker, clientId: provision.light, will, clock, timers: clock, random, log }),
		onChange: tell,
	});
	await runtime.start();
	return runtime;
}

/** One change as one line: what a script wants to wait for. */
function statusLine(light: string, { session, face, leaseLeftS, linkUp }: LightStatus, clock: Clock): string {
	const at = new Date(clock.unixMs()).toISOString();
	return `${JSON.stringify({ at, light, session, pattern: face.pattern, stars: face.stars, leaseLeftS, linkUp })}\n`;
}

const brokerInvalid = (broker: string): CodedError =>
	new CodedError("broker-invalid", `The broker address "${broker}" cannot be used.`, {
		fault: "input",
		next: "Use an address such as mqtt://127.0.0.1:1883 or mqtts://depot.example:8883.",
	});
