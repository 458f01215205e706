import type { Prng } from "../random/prng.ts";
import type { Move } from "./moves.ts";
import { DUTY_MOVES } from "./moves-duty.ts";
import { GATEWAY_MOVES } from "./moves-gateway.ts";
import { HOSTILE_MOVES } from "./moves-hostile.ts";
import { LIGHT_MOVES } from "./moves-light.ts";
import { NETWORK_MOVES } from "./moves-network.ts";
import { RATING_MOVES } from "./moves-ratings.ts";
import { WORD_MOVES } from "./moves-words.ts";

export const ALL_MOVES: readonly Move[] = [
	...DUTY_MOVES,
	...RATING_MOVES,
	...LIGHT_MOVES,
	...GATEWAY_MOVES,
	...NETWORK_MOVES,
	...HOSTILE_MOVES,
	...WORD_MOVES,
];

/** Moves of the first deck between two that make every light speak. */
const CHEAP_BETWEEN = 9;

/** Moves until one that could not happen is tried again. */
const COMES_AGAIN_AFTER = 12;

/** Tries of a kind of move in one deck, for each time that it is dealt. */
const MAX_TRIES = 15;

/** Share of the kinds that a swarm deck leaves out. */
const LEFT_OUT = 0.4;

/**
 * Deals moves. The first deck of a seed holds each kind, so that a run of 4,000 steps has seen them all; each later one is a
 * swarm of its own: some kinds left out, the others with weights of their own, since faults that never come alone hide each other.
 */
export class Deck {
	private readonly random: Prng;
	private cards: Move[];
	private readonly tries = new Map<Move, number>();

	constructor(random: Prng) {
		this.random = random;
		this.cards = this.firstDeck();
	}

	next(): Move {
		const card = this.cards.pop();
		if (card !== undefined) return card;
		this.tries.clear();
		const kept = ALL_MOVES.filter(() => !this.random.chance(LEFT_OUT));
		const some = kept.length > 0 ? kept : ALL_MOVES;
		this.cards = this.random.shuffle(some.flatMap((move) => new Array<Move>(this.random.int(1, 5)).fill(move)));
		return this.next();
	}

	/** A move that cannot happen just now comes again later, but not for ever: some can never happen in this seed. */
	later(move: Move): void {
		const tries = (this.tries.get(move) ?? 0) + 1;
		this.tries.set(move, tries);
		if (tries <= MAX_TRIES * move.deals) this.cards.splice(Math.max(0, this.cards.length - COMES_AGAIN_AFTER), 0, move);
	}

	/**
	 * What needs longer than a lease to show comes first, then a notice, before a clock that is not trusted puts it off; then each
	 * kind once, then the rest; what makes every light speak is spread between the others. What leaves the fleet dark for long
	 * comes last of the first round: it hides the rest.
	 */
	private firstDeck(): Move[] {
		const early = ALL_MOVES.filter((move) => move.kind === "partition-past-lease" || move.kind === "starve-and-replay");
		const notice = ALL_MOVES.filter((move) => move.kind === "notice");
		const darkens = ALL_MOVES.filter((move) => move.kind === "store-restored");
		const others = ALL_MOVES.filter((move) => !early.includes(move));
		const apart = [...notice, ...darkens];
		const again = (move: Move) => new Array<Move>(move.deals - 1).fill(move);
		// `next` takes from the end.
		return [
			...early.flatMap((move) => new Array<Move>(move.deals).fill(move)),
			...notice,
			...this.spread(this.random.shuffle(others.filter((move) => !apart.includes(move)))),
			...darkens,
			...this.spread(this.random.shuffle(others.flatMap(again))),
		].reverse();
	}

	private spread(moves: readonly Move[]): Move[] {
		const costly = moves.filter((move) => move.costly === true);
		const dealt: Move[] = [];
		for (const [i, move] of moves.filter((m) => m.costly !== true).entries()) {
			dealt.push(move);
			const next = i % CHEAP_BETWEEN === 0 ? costly.pop() : undefined;
			if (next !== undefined) dealt.push(next);
		}
		return [...dealt, ...costly];
	}
}
