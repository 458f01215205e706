import type { Log } from "../../protocol/ports/log.ts";
import { fromHex } from "../../protocol/wire/bytes.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { millis } from "../../protocol/wire/units.ts";
import { statusOf } from "../api/error-codes.ts";
import { runTaken } from "../api/parts.ts";
import { hostPort } from "../config/loopback.ts";
import type { Settings } from "../config/schema.ts";
import type { GatewayCore } from "../core/core.ts";
import { policyOf } from "../core/stars/policy-in-force.ts";
import type { Command, CommandAnswer } from "../core/types.ts";
import type { RatingSource } from "../sources/http/rating-source.ts";
import type { Access, PullAt, Value } from "./access.ts";
import { makeBackup } from "./backup.ts";
import { foldCommand } from "./fold-command.ts";
import { backupSource, type DepotPorts, openFoundation } from "./foundation.ts";
import { makeIntake } from "./intake.ts";
import { makeSource } from "./make-source.ts";
import { findPolicy, policyDryRun, policyOverview } from "./policy-answer.ts";
import { Shell } from "./shell.ts";
import { subjectUnknown, whyAnswer } from "./why-answer.ts";

/** A command's own answer says what went wrong; the core's diary is the running gateway's. */
const quiet: Log = {
	debug: () => undefined,
	info: () => undefined,
	warn: () => undefined,
	error: () => undefined,
	child: () => quiet,
};

/** Where lights connect; null = at any free port of a gateway that does not run. */
function brokerAddress({ mqtt }: Settings): string | null {
	if (mqtt.url !== "") return mqtt.url;
	return mqtt.port === 0 ? null : `mqtt://${hostPort(mqtt.host, mqtt.port)}`;
}

/**
 * Opens the store under its lock and works on it without broker and signing: what a command changes is stored, and the next
 * start of the gateway signs and sends what follows from it. Throws `store-locked` where a gateway runs.
 */
export async function openOffline(settings: Settings, ports: Omit<DepotPorts, "log">): Promise<Access> {
	const base = await openFoundation(settings, ports.clock);
	const shell = new Shell<GatewayCore>(
		{ ...ports, makeCore: base.makeCore, store: base.store, signer: null, broker: null, log: quiet },
		base.snapshot,
	);
	const look = () => shell.view.look(shell.now());
	const intake = makeIntake(settings, () => policyOf(look()), ports.clock);
	const toValue = (answer: CommandAnswer): Value => {
		if (answer.ok) return answer.value;
		throw new CodedError(answer.code, answer.message, {
			fault: statusOf(answer.code) < 409 ? "input" : "state",
			next: answer.next,
		});
	};
	const ask = (command: Command) => shell.command(foldCommand(command));
	const run = async (command: Command): Promise<Value> => toValue(await ask(command));
	const rows = (list: readonly unknown[]) => list as readonly Value[]; // views are plain records
	return {
		by: "store",
		broker: brokerAddress(settings),
		importRatings: async (bytes, name, dryRun) =>
			toValue(await runTaken(ask, await intake.ratings(bytes, name, dryRun))),
		importFleet: async (bytes, name, dryRun) => toValue(await runTaken(ask, await intake.fleet(bytes, name, dryRun))),
		pullRatings: (url, progress) =>
			pullOffline(makeSource(settings, base, shell, { ...ports, log: quiet }), url, progress, ports),
		held: async () => rows(shell.view.held().map((h) => h.pull)),
		decideHeld: (pull, verb) => run({ what: verb === "accept" ? "held-accept" : "held-reject", pull }),
		addLight: (light, publicKey) => run({ what: "light-add", light, publicKey }),
		bindLight: (light, plate) => run({ what: "light-bind", light, plate }),
		lights: async () => rows(shell.view.lights(shell.now())),
		acceptClock: () => run({ what: "clock-accept" }),
		why: async (query, lang) => {
			const now = shell.now();
			const explanation = shell.view.why(query, now);
			if (explanation === null) throw subjectUnknown(query);
			return whyAnswer(explanation, lang, now);
		},
		backup: async (keep) => ({
			...(await makeBackup(backupSource(settings, base), settings.backup.dir, ports.clock.unixMs(), keep)),
		}),
		policy: async () => policyOverview(look()),
		policyDryRun: async (policy) => policyDryRun(look(), findPolicy(look(), policy)),
		policyActivate: (policy, hash) =>
			run({ what: "policy-activate", policy: findPolicy(look(), policy), dryRun: fromHex(hash) ?? new Uint8Array(0) }),
		close: async () => {
			await shell.stop();
			await base.store.close();
		},
	};
}

/** How often a person is told how far a pull is. */
const TELL_MS = 500;

async function pullOffline(
	source: RatingSource,
	url: string | null,
	progress: (at: PullAt) => void,
	{ timers }: Pick<DepotPorts, "timers">,
): Promise<Value> {
	const waiting: { timer?: { cancel(): void } } = {};
	const tell = () => {
		const { running } = source.view();
		if (running !== null) progress(running);
		waiting.timer = timers.after("pull-progress", millis(TELL_MS), tell);
	};
	tell();
	try {
		return await source.pull(url);
	} finally {
		waiting.timer?.cancel();
	}
}
