import { CodedError } from "../../protocol/wire/errors.ts";

/** Messages of the depot on their way into sockets at once; replies interleave instead of all coming after the last one. */
const WINDOW = 100;
/** Messages that may wait: twice the lights that one box is planned for. */
const MOST_WAITING = 200_000;

type Send = (done: (e?: Error | null) => void) => void;

interface Waiting {
	readonly send: Send;
	readonly resolve: () => void;
	readonly reject: (e: CodedError) => void;
}

/** Starts sends in order, at most `WINDOW` at a time, and calls nobody back from within a call. */
export class PublishWindow {
	private waiting: Waiting[] = [];
	/** Index of the first that waits: shifting a long array each time would cost its length. */
	private next = 0;
	private open = 0;
	private ended = false;

	/** Resolves when the message is kept and with everyone who is connected. Rejects: `broker-queue-full`, `broker-closed`. */
	push(send: Send): Promise<void> {
		if (this.ended) return Promise.reject(closed());
		if (this.waiting.length - this.next >= MOST_WAITING) return Promise.reject(full());
		return new Promise((resolve, reject) => {
			this.waiting.push({ send, resolve, reject });
			this.pump();
		});
	}

	/** Fails what waits and what comes. */
	end(): void {
		this.ended = true;
		for (const one of this.waiting.slice(this.next)) one.reject(closed());
		this.waiting = [];
		this.next = 0;
	}

	private pump(): void {
		while (this.open < WINDOW) {
			const one = this.waiting[this.next];
			if (one === undefined) {
				this.waiting = [];
				this.next = 0;
				return;
			}
			this.next += 1;
			this.open += 1;
			one.send((e) => {
				queueMicrotask(() => {
					this.open -= 1;
					if (e) one.reject(failed(e));
					else one.resolve();
					this.pump();
				});
			});
		}
	}
}

const closed = (): CodedError =>
	new CodedError("broker-closed", "The broker is closed.", { fault: "state", next: "Start the gateway again." });

const full = (): CodedError =>
	new CodedError("broker-queue-full", `${MOST_WAITING} messages wait for the broker already.`, {
		fault: "state",
		next: "Wait until lights have taken what waits; the newest state of each is sent again by itself.",
	});

const failed = (e: Error): CodedError =>
	new CodedError("broker-failed", "The broker did not take a message.", {
		fault: "internal",
		next: "Start the gateway again; if it stays, report the log's lines.",
		cause: e,
	});
