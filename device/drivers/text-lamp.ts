import type { Timers } from "../../protocol/ports/clock.ts";
import type { LampState } from "../../protocol/wire/messages.ts";
import { millis } from "../../protocol/wire/units.ts";
import type { Face } from "../core/types.ts";
import type { Lamp } from "../hal/lamp.ts";

/** Star lamps behind one glass. */
const LAMPS = 5;
const REDRAW_MS = 1_000;
const DARK: Face = { pattern: "neutral", stars: 0 };
/** Back to the line's start and clear it (ECMA-48 EL). Not a colour; only ever sent to a terminal. */
const REDRAW = "\r\u001b[K";

/** What is known beside the stars, for the line behind them. */
export interface LampNote {
	/** Seconds; null = no grant shown. */
	readonly leaseLeftS: number | null;
	readonly linkUp: boolean;
}

/** The words of the line, in the reader's language. */
export interface LampWords {
	stars(count: number): string;
	lease(time: string): string;
	pattern(pattern: Exclude<Face["pattern"], "stars">): string;
	readonly offline: string;
}

export interface TextLampOptions {
	readonly write: (text: string) => void;
	/** One line redrawn each second on a terminal; elsewhere a line for each change, without control codes. */
	readonly terminal: boolean;
	/** What stands before the stars: the light's id. */
	readonly label: string;
	readonly words: LampWords;
	readonly timers: Timers;
	readonly note: () => LampNote;
}

/** A roof light of one line: `PDS00000001H [★★★★☆] 4 stars, lease 59:12`. */
export class TextLamp implements Lamp {
	private readonly options: TextLampOptions;
	private face: Face = DARK;
	private last = "";
	private timer: { cancel(): void } | null = null;
	private closed = false;

	constructor(options: TextLampOptions) {
		this.options = options;
	}

	show(face: Face): void {
		this.face = face;
		this.draw();
	}

	/** Draws again, for a change of the note. */
	draw(): void {
		if (this.closed) return;
		const { terminal, write } = this.options;
		const line = this.line();
		if (terminal) write(`${REDRAW}${line}`);
		else if (line !== this.last) write(`${line}\n`);
		this.last = line;
		if (terminal) this.redrawLater();
	}

	/** Takes the line off a terminal, so that a log line can be written; the next second draws it again. */
	clear(): void {
		if (this.options.terminal && !this.closed) this.options.write(REDRAW);
	}

	/** Nothing measures a drawing, so nothing is claimed of it. */
	onStates(listener: (lamps: readonly LampState[], sensed: boolean) => void): void {
		listener(new Array<LampState>(LAMPS).fill("unknown"), false);
	}

	close(): Promise<void> {
		if (!this.closed) {
			this.show(DARK);
			if (this.options.terminal) this.options.write("\n");
		}
		this.closed = true;
		this.timer?.cancel();
		return Promise.resolve();
	}

	private redrawLater(): void {
		this.timer?.cancel();
		// Dark lines do not change by themselves.
		if (this.face.pattern !== "stars") return;
		this.timer = this.options.timers.after("text-lamp", millis(REDRAW_MS), () => this.draw());
	}

	private line(): string {
		const { label, words, terminal } = this.options;
		const { pattern, stars } = this.face;
		const lit = pattern === "stars" ? stars : 0;
		const note = this.options.note();
		const parts = [pattern === "stars" ? words.stars(stars) : words.pattern(pattern)];
		// Off a terminal each line is kept, so a running countdown would only repeat it.
		if (terminal && lit > 0 && note.leaseLeftS !== null) parts.push(words.lease(minutes(note.leaseLeftS)));
		if (!note.linkUp) parts.push(words.offline);
		return `${label} [${"★".repeat(lit)}${"☆".repeat(LAMPS - lit)}] ${parts.join(", ")}`;
	}
}

/** `59:12`, `1:00:00`. */
function minutes(totalS: number): string {
	const two = (n: number) => String(n).padStart(2, "0");
	const hours = Math.floor(totalS / 3600);
	const rest = `${two(Math.floor(totalS / 60) % 60)}:${two(totalS % 60)}`;
	return hours > 0 ? `${hours}:${rest}` : rest;
}
