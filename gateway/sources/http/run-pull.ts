import type { Timers } from "../../../protocol/ports/clock.ts";
import type { Log } from "../../../protocol/ports/log.ts";
import { millis, type UnixMs } from "../../../protocol/wire/units.ts";
import { NEW_PULL, pullStep } from "../../core/pull/machine.ts";
import type { PullEffect, PullEvent, PullFailure, PullLimits, Stage } from "../../core/pull/types.ts";
import type { PullStage, StoredStage } from "../../store/pull-stage.ts";
import * as failures from "./failures.ts";
import type { PageAnswer } from "./fetch-page.ts";

/** How far a pull is. */
export interface PullProgress {
	readonly pages: number;
	readonly rows: number;
	readonly total: number;
	/** Code of what went wrong where it waits before another request, else null. */
	readonly waitsFor: string | null;
}

/** What a pull works with. */
export interface RunParts {
	readonly stage: PullStage;
	readonly fetch: (cursor: string | null, etag: string | null) => Promise<PageAnswer>;
	readonly timers: Timers;
	/** 0 to 1. */
	readonly chance: () => number;
	readonly now: () => UnixMs;
	readonly limits: PullLimits;
	/** Hash of the address. */
	readonly context: string;
	readonly progress: (progress: PullProgress) => void;
	readonly log: Log;
	/** Aborted when the gateway stops: what is staged stays for the next start. */
	readonly stop: AbortSignal;
}

export type RunEnd =
	| { readonly what: "whole"; readonly stage: Stage }
	| { readonly what: "unchanged" }
	| { readonly what: "failed"; readonly failure: PullFailure }
	| { readonly what: "stopped" };

/** A platform drops its snapshots some time; one that was begun longer ago is fetched anew. */
export const MAX_STAGE_AGE_MS = 86_400_000;
/** As large as a rating file may be. */
export const MAX_STAGE_CHARACTERS = 64 * 1024 * 1024;

/** Drives one pull to its end. Throws the store's coded errors; what is staged then stays. */
export async function runPull(parts: RunParts, begin: { etag: string | null; trial: boolean }): Promise<RunEnd> {
	const run = new Run(parts);
	let event: PullEvent = { type: "begin", stage: run.left(), ...begin };
	let state = NEW_PULL;
	for (;;) {
		const step = pullStep(state, event, parts.chance(), parts.limits);
		state = step.state;
		let next: PullEvent | RunEnd | null = null;
		for (const effect of step.effects) next = await run.do(effect);
		if (parts.stop.aborted || next === null) return { what: "stopped" };
		if ("what" in next) return next;
		event = next;
	}
}

/** Does the machine's effects, and keeps the page in hand between two of them. */
class Run {
	private readonly parts: RunParts;
	private stored: StoredStage | null = null;
	/** Rows of the page in hand, as they are stored. */
	private inHand = "";

	constructor(parts: RunParts) {
		this.parts = parts;
	}

	/** What a pull that was cut off left, if it can be gone on with. */
	left(): Stage | null {
		const { stage, context, now, log } = this.parts;
		const stored = stage.load();
		if (stored === null) return null;
		const age = now() - stored.beganAt;
		if (stored.context !== context || age < 0 || age > MAX_STAGE_AGE_MS) {
			stage.clear();
			return null;
		}
		this.stored = stored;
		log.info("ratings-pull-resumed", { pages: stored.stage.pages.length, rows: stored.stage.rows });
		return stored.stage;
	}

	async do(effect: PullEffect): Promise<PullEvent | RunEnd | null> {
		switch (effect.type) {
			case "fetch":
				return this.fetch(effect.cursor, effect.etag);
			case "wait":
				return this.wait(effect.ms, effect.code, effect.attempt);
			case "stage":
				return this.keep(effect.stage);
			case "clear":
				this.stored = null;
				this.parts.stage.clear();
				this.parts.log.warn("ratings-pull-restarted", { reason: effect.code });
				return null;
			case "apply":
				return { what: "whole", stage: effect.stage };
			case "unchanged":
				return { what: "unchanged" };
			case "give-up":
				return { what: "failed", failure: effect.failure };
		}
	}

	private async fetch(cursor: string | null, etag: string | null): Promise<PullEvent> {
		this.tell(null);
		const answer = await this.parts.fetch(cursor, etag);
		if (answer.ok === "not-modified") return { type: "not-modified" };
		if (!answer.ok) return { type: "failed", failure: answer.failure };
		this.inHand = JSON.stringify(answer.rows);
		const characters = (this.stored?.characters ?? 0) + this.inHand.length;
		if (characters > MAX_STAGE_CHARACTERS)
			return { type: "failed", failure: failures.listTooLarge(MAX_STAGE_CHARACTERS) };
		return { type: "page", page: answer.page };
	}

	private keep(stage: Stage): PullEvent {
		const { context, now } = this.parts;
		const beganAt = this.stored?.beganAt ?? now();
		const characters = (this.stored?.characters ?? 0) + this.inHand.length;
		this.stored = { stage, context, beganAt, characters };
		this.parts.stage.add(this.stored, this.inHand);
		this.inHand = "";
		return { type: "staged" };
	}

	/** Waits; a stop ends it. */
	private wait(ms: number, code: string, attempt: number): Promise<PullEvent> {
		const { timers, stop, log } = this.parts;
		this.tell(code);
		log.debug("ratings-pull-waits", { reason: code, ms, attempt });
		return new Promise((resolve) => {
			const done = () => {
				timer.cancel();
				stop.removeEventListener("abort", done);
				resolve({ type: "waited" });
			};
			const timer = timers.after("ratings-pull", millis(ms), done);
			stop.addEventListener("abort", done);
			if (stop.aborted) done();
		});
	}

	private tell(waitsFor: string | null): void {
		const stage = this.stored?.stage;
		const { length: pages } = stage?.pages ?? [];
		this.parts.progress({ pages, rows: stage?.rows ?? 0, total: stage?.total ?? 0, waitsFor });
	}
}
