import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { benchFailed, within } from "./failure.ts";
import { Profiler } from "./profiler.ts";

/** What goes over to the other process: a call by name, and its answer. */
interface Call {
	readonly id: number;
	readonly name: string;
	readonly args: unknown;
}
type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly failed: string });

/** A call has this long unless it says otherwise. */
const CALL_MS = 120_000;
const STOP_MS = 5_000;

/** Another process of a benchmark, with an event loop of its own; ends with this one. */
export class Peer {
	private readonly child: ChildProcess;
	private readonly name: string;
	private readonly waiting = new Map<number, (answer: Answer) => void>();
	private next = 1;
	private readonly gone: Promise<void>;

	/** @param module file beside this one, e.g. `gateway-side` */
	constructor(module: string, flags: readonly string[] = []) {
		this.name = module;
		// Its output belongs to our standard error: standard output is for the result.
		this.child = fork(fileURLToPath(new URL(`./${module}.js`, import.meta.url)), [], {
			execArgv: ["--expose-gc", ...flags],
			serialization: "advanced",
			stdio: ["ignore", 2, 2, "ipc"],
		});
		this.child.on("message", (answer: Answer) => {
			this.waiting.get(answer.id)?.(answer);
			this.waiting.delete(answer.id);
		});
		this.gone = new Promise((resolve) => {
			this.child.once("exit", (code, signal) => {
				for (const [id, answer] of this.waiting) answer({ id, failed: `it ended (${signal ?? `exit code ${code}`})` });
				this.waiting.clear();
				resolve();
			});
		});
	}

	/** Calls by name; fails when the other side does, when it ends, or after `ms`. */
	async call<T>(name: string, args: unknown = null, ms = CALL_MS): Promise<T> {
		const id = this.next++;
		const answered = new Promise<Answer>((resolve) => {
			this.waiting.set(id, resolve);
			this.child.send({ id, name, args } satisfies Call, (e) => {
				if (e) resolve({ id, failed: e.message });
			});
		});
		const answer = await within(`${this.name}: ${name}`, ms, answered);
		if ("failed" in answer) throw benchFailed(`${this.name}, ${name}: ${answer.failed}`);
		return answer.value as T;
	}

	/** Microseconds of CPU, user and system, since its start. */
	cpuUs(): Promise<number> {
		return this.call<number>("cpuUs");
	}

	async stop(): Promise<void> {
		if (this.child.connected) this.child.disconnect();
		const timer = setTimeout(() => this.child.kill("SIGKILL"), STOP_MS);
		await this.gone;
		clearTimeout(timer);
	}
}

// biome-ignore lint/suspicious/noExplicitAny: the two sides of a call agree by name; each handler names its own argument
type Handler = (args: any) => unknown;

/** The other side: answers calls until the parent is gone, then runs `end` and leaves. */
export function serve(handlers: Readonly<Record<string, Handler>>, end: () => Promise<void>): void {
	const profiler = new Profiler();
	const all: Readonly<Record<string, Handler>> = {
		cpuUs: () => {
			const { user, system } = process.cpuUsage();
			return user + system;
		},
		collect: () => collect(),
		profileStart: () => profiler.start(),
		profileStop: (path: string) => profiler.stop(path),
		...handlers,
	};
	process.on("message", async ({ id, name, args }: Call) => {
		try {
			process.send?.({ id, value: await all[name]?.(args) });
		} catch (e) {
			process.send?.({ id, failed: e instanceof Error ? (e.stack ?? e.message) : String(e) });
		}
	});
	// Ctrl-C reaches the whole group: the parent is the one to end it in order.
	process.on("SIGINT", () => undefined);
	process.on("disconnect", () => {
		const late = setTimeout(() => process.exit(1), STOP_MS - 1_000);
		void end().finally(() => {
			clearTimeout(late);
			process.exit(0);
		});
	});
}

/**
 * A young heap without rubbish, so that one round's is not swept in the next. Not a whole collection: between two rounds nobody holds
 * what the hot code is made for, so V8 would throw that code away, and each round would compile it again. Needs `--expose-gc`.
 */
export const collect = (): void => {
	(globalThis as { gc?: (how: { type: "minor" }) => void }).gc?.({ type: "minor" });
};
