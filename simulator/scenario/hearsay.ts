import { utf8Decode } from "../../protocol/wire/bytes.ts";
import { decodePayload } from "../../protocol/wire/codec.ts";
import { disassemble } from "../../protocol/wire/cose.ts";
import type { LightId } from "../../protocol/wire/units.ts";

/** Events kept to tell real ones from forged ones. */
const MAX_EVENTS = 20_000;

/** Events that lights really sent, and those that the gateway took in this life of its process. */
export class EventLedger {
	private readonly real = new Map<string, string>();
	private readonly taken = new Set<string>();

	sent(light: LightId, bytes: Uint8Array): void {
		const payload = disassemble(bytes)?.payload;
		const event = payload === undefined ? null : decodePayload("event", payload);
		if (event === null) return;
		this.real.set(`${light} ${event.counter}`, event.what);
		if (this.real.size > MAX_EVENTS) this.real.delete(this.real.keys().next().value as string);
	}

	/** A process starts: what the one before took it need not know. */
	started(): void {
		this.taken.clear();
	}

	/** The gateway says that it took an event; what is wrong with that, or null. */
	took(light: unknown, counter: unknown, what: unknown): "invented" | "again" | null {
		const name = `${light} ${counter}`;
		if (this.real.get(name) !== what) return "invented";
		if (this.taken.has(name)) return "again";
		this.taken.add(name);
		return null;
	}
}

interface Word {
	readonly online: boolean;
	readonly session: number;
}

/** What `online` said of each light, as the protocol wants it understood: a late will of session n says nothing of session n + 1. */
export class OnlineWords {
	private readonly words = new Map<LightId, Word>();
	private readonly sessions = new Map<LightId, number>();

	/** A process starts with the sessions of the states that its store has. */
	started(sessions: ReadonlyMap<LightId, number>): void {
		this.words.clear();
		this.sessions.clear();
		for (const [light, session] of sessions) this.sessions.set(light, session);
	}

	/** A verified state, newer than those before: the light lives, whatever was said. */
	state(light: LightId, session: number): void {
		this.sessions.set(light, session);
		this.words.delete(light);
	}

	heard(light: LightId, bytes: Uint8Array): void {
		const word = readWord(bytes);
		const newest = Math.max(this.words.get(light)?.session ?? 0, this.sessions.get(light) ?? 0);
		if (word !== null && word.session >= newest) this.words.set(light, word);
	}

	/** Whether a light may be called offline. */
	mayBeOffline(light: LightId): boolean {
		return this.words.get(light)?.online === false;
	}
}

export function readWord(bytes: Uint8Array): Word | null {
	try {
		const { online, session } = JSON.parse(utf8Decode(bytes) ?? "") as Partial<Word>;
		return typeof online === "boolean" && typeof session === "number" ? { online, session } : null;
	} catch {
		return null;
	}
}
