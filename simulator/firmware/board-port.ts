import { Duplex } from "node:stream";
import type { Board } from "./board.ts";

interface Heard {
	readonly cycle: number;
	readonly byte: number;
}

/**
 * The host's end of a board's serial line, without a line: a stream with what `firmata-io` asks of a transport (`path`, `write`,
 * and the events open, data, close). What the host writes is on the board's line at the cycle at which the board stands; what the
 * board sends is given to the host, in the same call, when the board has run past its last bit. So a host that answers at once
 * answers at the same cycle in every run.
 */
export class BoardPort extends Duplex {
	readonly path: string;
	private readonly board: Board;
	private readonly heard: Heard[] = [];

	constructor(board: Board, path = "board") {
		super();
		this.board = board;
		this.path = path;
	}

	/** Says that the port is open. A real one resets the board by it; so may its owner. */
	open(): void {
		this.emit("open");
	}

	/** A byte of the board, from its events. */
	hear(cycle: number, byte: number): void {
		this.heard.push({ cycle, byte });
	}

	/** Gives the host what has arrived by now; call it whenever the board has run a little. */
	deliver(): void {
		const whole = this.heard.findIndex(({ cycle }) => cycle > this.board.cycle);
		const arrived = this.heard.splice(0, whole < 0 ? this.heard.length : whole);
		if (arrived.length > 0 && !this.destroyed) this.push(Buffer.from(arrived.map(({ byte }) => byte)));
	}

	/** The cable is pulled: the host hears that the port closed, and what it writes goes nowhere. */
	unplug(): void {
		this.destroy();
	}

	override _read(): void {
		// The board sends when it does.
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
		this.board.send(chunk);
		done();
	}
}
