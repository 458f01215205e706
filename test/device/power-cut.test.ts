import { describe, expect, it } from "vitest";
import { decodeRecord, encodeRecord } from "../../device/core/record.ts";
import {
	type Copies,
	grantMessage,
	keysMessage,
	LightBench,
	NEXT_DEPOT,
	noticeMessage,
} from "../support/light-bench.ts";

/** A medium that is written in place: the first `bytes` of the new copy over the old one. */
function torn(before: Uint8Array | null, after: Uint8Array, bytes: number): Uint8Array {
	const medium = new Uint8Array(Math.max(before?.length ?? 0, after.length));
	medium.set(before ?? []);
	medium.set(after.subarray(0, bytes));
	return medium;
}

const whole = (copies: Copies): [Uint8Array, Uint8Array] => {
	const [first, second] = copies;
	if (first === null || second === null) throw new Error("both copies are wanted");
	return [first, second];
};

/** A light with five stars that may come back after cuts, and what ends them. */
const endings: [string, (light: LightBench) => void][] = [
	["a notice", (light) => light.message("notice", noticeMessage(2))],
	["its key gone", (light) => light.message("keys", keysMessage(2, [NEXT_DEPOT]))],
	["an unsigned 0", (light) => light.feed({ type: "unsigned-zero" })],
	["a newer grant of 0 stars", (light) => light.grant({ stars: 0, seq: 2 })],
	["its lease over", (light) => light.advance(3_600_000)],
];

function five(): LightBench {
	const light = LightBench.started();
	light.grant({ stars: 5, resumes: 200, resumeS: 600 });
	light.advance(1_000);
	expect(light.face.stars).toBe(5);
	return light;
}

/** Boots on these copies and says what is lit once all writes are done. */
function litAfterCut(copies: Copies): { stars: number; phase: string } {
	const light = LightBench.started({ copies, seed: 7 });
	return { stars: light.face.stars, phase: light.state.phase };
}

describe("a cut", () => {
	it.each(endings)(
		"at any byte of the writes that store the end by %s never loses the light, and is dark from the end on",
		(_name, end) => {
			const light = five();
			const before = whole(light.copies);
			light.autoWrite = false;
			end(light);
			// Going dark comes first: nothing of the write is on the medium yet.
			expect(light.face.stars).toBe(0);
			const [first] = light.writes;
			if (first === undefined) throw new Error("no write");
			const saidBefore = light.states.length;
			for (let bytes = 0; bytes <= first.bytes.length; bytes += bytes < 24 ? 1 : 7) {
				const copies: Copies = [before[0], before[1]];
				copies[first.slot] = torn(before[first.slot], first.bytes, bytes);
				expect(litAfterCut(copies).phase).toBe("ready");
			}
			light.answerWrite();
			const [second] = light.writes;
			if (second === undefined) throw new Error("no second write");
			expect(second.slot).toBe(first.slot === 0 ? 1 : 0);
			const half: Copies = [...light.copies];
			for (let bytes = 0; bytes <= second.bytes.length; bytes += bytes < 24 ? 1 : 7) {
				const copies: Copies = [half[0], half[1]];
				copies[second.slot] = torn(half[second.slot] ?? null, second.bytes, bytes);
				expect(litAfterCut(copies)).toEqual({ stars: 0, phase: "ready" });
			}
			// Only now may anyone be told.
			expect(light.states.length).toBe(saidBefore);
			light.answerWrite();
			light.advance(1_000);
			expect(light.states.length).toBeGreaterThan(saidBefore);
		},
	);

	it.each(endings)("or the loss of either copy brings nothing back whose end by %s is written", (_name, end) => {
		const light = five();
		end(light);
		const done = whole(light.copies);
		for (const copies of [done, [done[0], null], [null, done[1]]] as Copies[]) {
			expect(litAfterCut(copies)).toEqual({ stars: 0, phase: "ready" });
		}
		for (let bytes = 0; bytes < done[0].length; bytes += 5) {
			expect(litAfterCut([done[0].slice(0, bytes), done[1]])).toEqual({ stars: 0, phase: "ready" });
		}
	});

	it("at any byte of any write of a start uses up a resume before it is lit, so that cuts give no more than the grant's", () => {
		for (const step of [0, 1, 2, 3]) {
			const light = LightBench.started();
			light.grant({ stars: 5, resumes: 3, resumeS: 600 });
			let lit = 0;
			for (let start = 0; start < 12; start++) {
				light.autoWrite = false;
				light.boot();
				const answered = Math.min(step, 2);
				for (let n = 0; n < answered; n++) light.answerWrite();
				// A torn write of what was on its way.
				const write = light.writes[0];
				if (write !== undefined) light.copies[write.slot] = torn(light.copies[write.slot], write.bytes, 60);
				if (light.face.stars > 0) lit += 1;
			}
			expect(lit).toBeLessThanOrEqual(3);
			light.autoWrite = true;
			for (let start = 0; start < 5; start++) {
				light.boot();
				if (light.face.stars > 0) lit += 1;
			}
			expect(lit).toBeLessThanOrEqual(3);
		}
	});

	it("while one copy is missing or older: it is rewritten before anything is shown", () => {
		const light = LightBench.started();
		light.grant({ stars: 4, resumes: 5, resumeS: 600 });
		const older = whole(light.copies)[1];
		light.grant({ stars: 3, seq: 2, resumes: 5, resumeS: 600 });
		for (const spoilt of [null, older, new Uint8Array(30)]) {
			const again = new LightBench({ copies: [light.copies[0], spoilt] });
			again.autoWrite = false;
			again.boot();
			expect(again.writes.map((write) => write.slot)).toEqual([1]);
			again.answerWrite();
			expect(again.face.stars).toBe(0);
			expect(again.writes.map((write) => write.slot)).toEqual([0]);
			again.answerWrite();
			expect(again.face.stars).toBe(3);
		}
	});

	it("over a record whose grant no trusted key signed shows nothing of it", () => {
		const light = five();
		const record = decodeRecord(light.copies[0]);
		if (record === null) throw new Error("no record");
		const spoilt = encodeRecord({ ...record, trustedKeys: [NEXT_DEPOT.publicKey] });
		expect(litAfterCut([spoilt, spoilt])).toEqual({ stars: 0, phase: "ready" });
		expect(litAfterCut(light.copies)).toEqual({ stars: 5, phase: "ready" });
	});

	it("that leaves neither copy loses the identity: dark, silent, and it says so in the log", () => {
		const light = new LightBench({ copies: [null, new Uint8Array(900)] });
		light.boot();
		light.feed({ type: "link-up" });
		light.message("grant", grantMessage({ stars: 5, ask: new Uint8Array(8) }));
		light.advance(10_000_000);
		expect(light.face).toEqual({ pattern: "fault", stars: 0 });
		expect(light.logs).toEqual(["identity-lost"]);
		expect(light.states).toEqual([]);
	});

	it("between going dark and the write of the end is a loss of power like any other: it may use a resume", () => {
		const light = five();
		light.autoWrite = false;
		light.feed({ type: "unsigned-zero" });
		light.autoWrite = true;
		light.powerCycle();
		expect(light.last()).toMatchObject({ shown: 5, resumesLeft: 199 });
	});
});
