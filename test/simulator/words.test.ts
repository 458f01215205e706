import { describe, expect, it } from "vitest";
import type { LinkMessage } from "../../protocol/ports/link.ts";
import { utf8Encode } from "../../protocol/wire/bytes.ts";
import { makeLightId } from "../../protocol/wire/light-id.ts";
import { SimClock } from "../../simulator/clock/sim-clock.ts";
import { SimBroker, WILL_WITHIN_MS } from "../../simulator/link/sim-broker.ts";
import { SimLink } from "../../simulator/link/sim-link.ts";
import { Prng } from "../../simulator/random/prng.ts";
import { EventLedger, OnlineWords } from "../../simulator/scenario/hearsay.ts";
import { JobLedger } from "../../simulator/scenario/job-ledger.ts";
import type { SignedJob } from "../../simulator/scenario/signed.ts";
import { simulate } from "../support/simulate.ts";

const LIGHT = makeLightId("S0000000001");
const ASK = "0011223344556677";
const OTHER_ASK = "8899aabbccddeeff";

const job = (what: "identify" | "self-test", ask = ASK): SignedJob => ({
	kind: "job",
	order: 0,
	atMs: 0,
	key: "k",
	signature: new Uint8Array(64),
	message: {
		fleet: "sim",
		light: LIGHT,
		ask: Uint8Array.from(ask.match(/../g) ?? [], (h) => Number.parseInt(h, 16)),
		what,
		parameters: null,
	},
});

describe("the judge of jobs", () => {
	it("lets a job be done once, for as long as it lasts, also when a fault hides it in between", () => {
		const ledger = new JobLedger();
		ledger.drew(ASK);
		const first = job("identify");
		ledger.got(first);
		expect(ledger.showed("identify", 1_000)).toBeNull();
		expect(ledger.showed("fault", 5_000)).toBeNull();
		expect(ledger.showed("identify", 9_000)).toBeNull();
		expect(ledger.still(60_900)).toBeNull();
		expect(ledger.still(63_000)).toBe("too-long");
		ledger.got(first);
		expect(ledger.showed("identify", 64_000)).toBe("done-before");
	});

	it("lets a second job follow the first one closely, or begin while its pattern is seen", () => {
		for (const meanwhile of [false, true]) {
			const ledger = new JobLedger();
			ledger.drew(ASK);
			ledger.got(job("self-test"));
			expect(ledger.showed("self-test", 1_000)).toBeNull();
			if (!meanwhile) expect(ledger.showed("neutral", 3_500)).toBeNull();
			ledger.drew(OTHER_ASK);
			ledger.got(job("self-test", OTHER_ASK));
			if (!meanwhile) expect(ledger.showed("self-test", 4_000)).toBeNull();
			expect(ledger.still(6_400)).toBeNull();
			expect(ledger.still(12_000)).toBe("too-long");
		}
	});

	it("finds a pattern that no job stands behind: of another kind, of a dead ask, or of before a cut", () => {
		const ledger = new JobLedger();
		expect(ledger.showed("self-test", 0)).toBe("never-ordered");
		ledger.drew(ASK);
		ledger.got(job("identify", OTHER_ASK));
		expect(ledger.showed("identify", 10)).toBe("never-ordered");
		ledger.got(job("self-test"));
		expect(ledger.showed("identify", 20)).toBe("never-ordered");
		ledger.powerOff();
		expect(ledger.showed("self-test", 30)).toBe("never-ordered");
		for (const stars of ["stars", "neutral", "fault"]) expect(ledger.showed(stars, 40)).toBeNull();
	});

	it("holds an ask for live for four draws", () => {
		const ledger = new JobLedger();
		for (const ask of [ASK, "1", "2", "3"]) ledger.drew(ask);
		ledger.got(job("identify"));
		expect(ledger.showed("identify", 1)).toBeNull();
		const late = new JobLedger();
		for (const ask of [ASK, "1", "2", "3", "4"]) late.drew(ask);
		late.got(job("identify"));
		expect(late.showed("identify", 1)).toBe("never-ordered");
	});
});

describe("the judge of online", () => {
	const word = (online: boolean, session: number) => utf8Encode(JSON.stringify({ online, session }));

	it("has a will count for its own session only, and a verified state for more than any word", () => {
		const words = new OnlineWords();
		words.started(new Map([[LIGHT, 4]]));
		words.heard(LIGHT, word(false, 3));
		expect(words.mayBeOffline(LIGHT)).toBe(false);
		words.heard(LIGHT, word(false, 4));
		expect(words.mayBeOffline(LIGHT)).toBe(true);
		words.heard(LIGHT, word(true, 5));
		words.heard(LIGHT, word(false, 4));
		expect(words.mayBeOffline(LIGHT)).toBe(false);
		words.heard(LIGHT, word(false, 0xffff_ffff));
		words.state(LIGHT, 5);
		expect(words.mayBeOffline(LIGHT)).toBe(false);
		words.heard(LIGHT, utf8Encode("{"));
		expect(words.mayBeOffline(LIGHT)).toBe(false);
	});
});

describe("the judge of events", () => {
	it("finds one that was never sent", () => {
		expect(new EventLedger().took(LIGHT, 7, "lamp-fault")).toBe("invented");
	});
});

describe("the simulated broker's wills", () => {
	function wired() {
		const clock = new SimClock();
		const broker = new SimBroker(clock, new Prng(3));
		const told: string[] = [];
		const depot = new SimLink(clock, broker, new Prng(4), "depot");
		const note = (m: LinkMessage) => void told.push(String.fromCharCode(m.payload[0] ?? 0));
		depot.open(["online"], { up: () => undefined, down: () => undefined, message: note });
		const light = new SimLink(clock, broker, new Prng(5), "light");
		const open = (will: string) => {
			light.will = { topic: "online", payload: utf8Encode(will), retain: true };
			light.open([], { up: () => undefined, down: () => undefined, message: () => undefined });
			clock.runUntil(clock.now() + 3_000);
		};
		open("a");
		return { clock, broker, light, told, open };
	}

	it("are told some time after a cut, not after a good-bye", () => {
		const { clock, light, told } = wired();
		light.cut();
		clock.runUntil(clock.now() + WILL_WITHIN_MS + 5_000);
		expect(told).toEqual(["a"]);
		const second = wired();
		second.light.shut();
		second.clock.runUntil(second.clock.now() + WILL_WITHIN_MS + 5_000);
		expect(second.told).toEqual([]);
	});

	it("are told at the latest when the same client comes back, and never twice", () => {
		const { clock, light, told, open } = wired();
		light.cut();
		open("b");
		clock.runUntil(clock.now() + 2 * WILL_WITHIN_MS);
		expect(told).toEqual(["a"]);
	});

	it("die with the broker", () => {
		const { clock, broker, light, told } = wired();
		light.cut();
		broker.stop(true);
		broker.start();
		clock.runUntil(clock.now() + 2 * WILL_WITHIN_MS);
		expect(told).toEqual([]);
	});
});

describe("the simulation's jobs, events and online words", () => {
	it("happen in the first 4,000 steps, hostile ones included, and break no rule", () => {
		const { faults, violations } = simulate(4, 4000);
		expect(violations).toEqual([]);
		for (const kind of ["job", "replay-job-across-cut", "forge-job", "anothers-job", "replay-event", "late-will"])
			expect([kind, (faults[kind] ?? 0) > 0]).toEqual([kind, true]);
	}, 60_000);

	it.each([
		["light-takes-job-again", /^R5-job-/],
		["gateway-believes-late-will", /^R6-late-will$/],
		["gateway-takes-event-again", /^R6-event-again$/],
	])("have their canary %s", (plant, rule) => {
		expect(simulate(2, 4000, plant).violations[0]?.rule).toMatch(rule);
	});
});
