import type { Command, CommandAnswer } from "../../gateway/core/types.ts";
import type { SimClock } from "../clock/sim-clock.ts";
import type { Prng } from "../random/prng.ts";
import type { GatewayHost } from "./gateway-host.ts";

/** A caller who is given no answer, or `store-failed`, asks again until there is one. */
export class Caller {
	/** Answers by code, `ok` included. */
	readonly answers = new Map<string, number>();
	/** Called after each answer: an adversary may kill the process right then. */
	onAnswer: (() => void) | null = null;
	private readonly sim: SimClock;
	private readonly gateway: GatewayHost;
	private readonly random: Prng;
	private open = 0;

	constructor(sim: SimClock, gateway: GatewayHost, random: Prng) {
		this.sim = sim;
		this.gateway = gateway;
		this.random = random;
	}

	/** Calls on their way. */
	waiting(): number {
		return this.open;
	}

	call(command: Command, done: (answer: CommandAnswer) => void): void {
		this.open++;
		this.attempt(command, (answer) => {
			this.open--;
			const code = answer.ok ? "ok" : answer.code;
			this.answers.set(code, (this.answers.get(code) ?? 0) + 1);
			done(answer);
			this.onAnswer?.();
		});
	}

	private attempt(command: Command, done: (answer: CommandAnswer) => void): void {
		this.gateway.call(command, (answer) => {
			if (answer !== null && (answer.ok || answer.code !== "store-failed")) done(answer);
			else this.sim.after("call again", this.random.int(300, 1500), () => this.attempt(command, done));
		});
	}
}
