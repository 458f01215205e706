import type { Log } from "../../protocol/ports/log.ts";
import { CodedError, isCoded } from "../../protocol/wire/errors.ts";
import type { UnixMs } from "../../protocol/wire/units.ts";
import type { AlarmSettings } from "../config/alarm-settings.ts";
import { HOOKS, type Hook, type MessageCounts } from "../metrics/facts.ts";
import { emailSender } from "./email.ts";
import { HookQueue, type RetryTimes } from "./hook-queue.ts";
import { type AlarmMessage, testMessage } from "./message.ts";
import type { Sender } from "./sender.ts";
import { webhookSender } from "./webhook.ts";

/** The ways to people that the settings name. Throws `alarm-secret-missing`, `file-mode-too-open`. */
export function sendersOf(alarms: AlarmSettings): Sender[] {
	const senders: Sender[] = [];
	if (alarms.webhook.url !== "") senders.push(webhookSender(alarms.webhook));
	if (alarms.email.host !== "") senders.push(emailSender(alarms.email));
	return senders;
}

/** How one way took a test message. */
export interface HookTest {
	readonly hook: Hook;
	readonly target: string;
	readonly ok: boolean;
	/** Why not; null where it went well. */
	readonly error: null | { readonly code: string; readonly message: string; readonly next: string };
}

/** Sends a test message by each way, once, without retries. Throws `alarm-no-hook` where there is none. */
export async function testHooks(senders: readonly Sender[], fleet: string, at: UnixMs): Promise<HookTest[]> {
	if (senders.length === 0)
		throw new CodedError("alarm-no-hook", "No webhook and no e-mail is set: alarms reach nobody.", {
			fault: "state",
			next: "Set alarms.webhook.url, or alarms.email.host, from and to, in the settings, then start the gateway again.",
		});
	const signal = new AbortController().signal;
	return Promise.all(
		senders.map(async ({ hook, target, send }): Promise<HookTest> => {
			try {
				await send(testMessage(fleet, at), signal);
				return { hook, target, ok: true, error: null };
			} catch (e) {
				if (!isCoded(e)) throw e;
				return { hook, target, ok: false, error: { code: e.code, message: e.message, next: e.next } };
			}
		}),
	);
}

/** All ways together, each with a queue of its own: one that hangs holds up no other. */
export class Hooks {
	readonly senders: readonly Sender[];
	private readonly queues: ReadonlyMap<Hook, HookQueue>;

	constructor(senders: readonly Sender[], log: Log, times?: RetryTimes) {
		this.senders = senders;
		this.queues = new Map(senders.map((sender) => [sender.hook, new HookQueue(sender, log, times)]));
	}

	push(message: AlarmMessage): void {
		for (const queue of this.queues.values()) queue.push(message);
	}

	counts(): MessageCounts {
		const none = { sent: 0, failed: 0, dropped: 0 };
		const all = HOOKS.map((hook) => [hook, { ...(this.queues.get(hook)?.counts ?? none) }]);
		return Object.fromEntries(all) as MessageCounts;
	}

	/** Resolves once nothing waits any more. */
	async idle(): Promise<void> {
		await Promise.all([...this.queues.values()].map((queue) => queue.idle()));
	}

	stop(): void {
		for (const queue of this.queues.values()) queue.stop();
	}
}
