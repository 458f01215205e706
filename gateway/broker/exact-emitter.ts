/** Called with each message of its topic; calls back once it has taken it. */
type Listener<M> = (message: M, taken: () => void) => void;

const isWildcard = (topic: string): boolean => topic.includes("+") || topic.includes("#");

/**
 * Hands messages to who listens on exactly their topic. It stands in for aedes' own emitter, whose queue runs dry by recursion:
 * thousands of messages that nobody listens to, queued behind slow sockets, overflow the stack and end the process. Here
 * nothing is queued and nobody is called back from within a call. Lights have no wildcards; aedes' own wildcard listeners are
 * for clusters and are left out.
 */
export class ExactEmitter<M extends { readonly topic: string }> {
	private readonly listeners = new Map<string, Set<Listener<M>>>();
	/** aedes reads it; there is no queue. */
	readonly concurrency = 0;

	on(topic: string, listener: Listener<M>, done?: () => void): this {
		if (!isWildcard(topic)) {
			const known = this.listeners.get(topic);
			if (known === undefined) this.listeners.set(topic, new Set([listener]));
			else known.add(listener);
		}
		if (done) queueMicrotask(done);
		return this;
	}

	removeListener(topic: string, listener: Listener<M>, done?: () => void): this {
		const known = this.listeners.get(topic);
		known?.delete(listener);
		if (known?.size === 0) this.listeners.delete(topic);
		if (done) queueMicrotask(done);
		return this;
	}

	/** Calls every listener at once, in the order of their coming; `taken` follows when all have taken the message. */
	emit(message: M, taken: (e?: Error | null) => void): this {
		const listeners = this.listeners.get(message.topic);
		if (listeners === undefined) {
			queueMicrotask(taken);
			return this;
		}
		let left = listeners.size;
		const one = () => {
			left -= 1;
			if (left === 0) queueMicrotask(taken);
		};
		for (const listener of [...listeners]) listener(message, one);
		return this;
	}

	close(done: () => void): this {
		this.listeners.clear();
		queueMicrotask(done);
		return this;
	}
}
