import type { FastifyRequest } from "fastify";
import type { Clock } from "../../protocol/ports/clock.ts";
import { isLoopback } from "../config/loopback.ts";
import { sameToken } from "../depot/token.ts";
import { refused } from "./problems.ts";

/** Requests a second over all callers, and how many may come at once: a whole fleet signs in at shift change. */
const RATE = { perSecond: 4000, burst: 40_000 };
/** Wrong tokens a second: a person mistypes, a guesser is slowed down. */
const WRONG_RATE = { perSecond: 5, burst: 20 };

/** Token bucket over the monotonic clock. */
class Bucket {
	private readonly clock: Clock;
	private readonly limit: { readonly perSecond: number; readonly burst: number };
	private level: number;
	private at: number;
	constructor(clock: Clock, limit: { readonly perSecond: number; readonly burst: number }) {
		this.clock = clock;
		this.limit = limit;
		this.level = limit.burst;
		this.at = clock.monoMs();
	}

	private refill(): void {
		const now = this.clock.monoMs();
		this.level = Math.min(this.limit.burst, this.level + ((now - this.at) / 1000) * this.limit.perSecond);
		this.at = now;
	}

	/** Whether one more is let through. */
	take(): boolean {
		this.refill();
		if (this.level < 1) return false;
		this.level -= 1;
		return true;
	}

	get empty(): boolean {
		this.refill();
		return this.level < 1;
	}
}

/** All but looking needs the token; a route that only looks though it is a POST says so in its document. */
const needsToken = ({ method, routeOptions }: FastifyRequest): boolean =>
	method !== "GET" && method !== "HEAD" && routeOptions.config?.doc?.token !== false;

/** What was turned away, by code. */
export type RefusedCounts = Record<string, number>;

/**
 * Before a body is read: the Host header must name this machine (a foreign name that resolves here is a web page's attempt),
 * a browser's Origin must be the console's own, and what changes something needs the bearer token.
 */
export class Guard {
	private readonly token: string;
	private readonly all: Bucket;
	private readonly wrong: Bucket;
	readonly counts: RefusedCounts = {};

	constructor(token: string, clock: Clock) {
		this.token = token;
		this.all = new Bucket(clock, RATE);
		this.wrong = new Bucket(clock, WRONG_RATE);
	}

	/** Throws a coded refusal, counted by its code. */
	check(request: FastifyRequest): void {
		try {
			this.checkHost(request.headers.host);
			this.checkOrigin(request.headers.origin, request.headers.host ?? "");
			if (!this.all.take())
				throw refused("rate-limited", "Too many requests.", "Wait a second, then go on more slowly.");
			if (needsToken(request)) this.checkToken(request.headers.authorization);
		} catch (e) {
			const code = (e as { code?: string }).code ?? "internal-error";
			this.counts[code] = (this.counts[code] ?? 0) + 1;
			throw e;
		}
	}

	private checkHost(host: string | undefined): void {
		const name = (host ?? "").replace(/:\d{1,5}$/, "");
		if (!isLoopback(name))
			throw refused(
				"host-not-loopback",
				"The Host header does not name this machine.",
				"Use http://127.0.0.1 or http://localhost with the gateway's port.",
			);
	}

	private checkOrigin(origin: string | undefined, host: string): void {
		if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
			throw refused(
				"origin-foreign",
				"The request comes from a page of another origin.",
				"Use the console that this gateway serves, or a program without an Origin header.",
			);
	}

	private checkToken(header: string | undefined): void {
		const next = "Send the header `Authorization: Bearer TOKEN`; the token is in the data folder's file `token`.";
		const match = /^Bearer ([^\s]{1,200})$/i.exec(header ?? "");
		if (match === null) throw refused("token-missing", "This call changes something and needs the token.", next);
		if (this.wrong.empty) throw refused("rate-limited", "Too many wrong tokens.", "Wait a few seconds, then repeat.");
		if (sameToken(match[1] ?? "", this.token)) return;
		this.wrong.take();
		throw refused("token-wrong", "The token is not this gateway's.", next);
	}
}
