import { describe, expect, it } from "vitest";
import { equalBytes, toHex } from "../../../protocol/wire/bytes.ts";
import { seconds } from "../../../protocol/wire/units.ts";
import { oneTaxi, T0 } from "./harness.ts";

const DAY_S = 86_400;

/** The taxi with its main driver signed in and 5 stars shown; the pauses of all that are over. */
function litTaxi(...args: Parameters<typeof oneTaxi>) {
	const taxi = oneTaxi(...args);
	taxi.depot.signIn("A-10001", "C5");
	taxi.light.report();
	taxi.light.take();
	taxi.depot.advance(20_000);
	return taxi;
}

describe("from sign-in to the glass", () => {
	it("signs the owed stars once the light is heard, and knows them shown from its verified state", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		expect(depot.grants(light.id)).toEqual([]);
		light.report();
		const grant = light.take();
		expect(grant).toMatchObject({ stars: 5, seq: 1, leaseS: 3600, asOf: T0 - DAY_S });
		expect(depot.view(light.id)).toMatchObject({ desired: 5, acked: 5, observed: 5, status: "right", onDuty: true });
	});

	it("gives a light that owes nothing an explicit grant of 0 stars when it is first heard", () => {
		const { depot, light } = oneTaxi();
		light.report();
		expect(light.take()).toMatchObject({ stars: 0, seq: 1, asOf: 0 });
		expect(depot.view(light.id)).toMatchObject({ desired: 0, acked: 0, observed: 0, ageS: null, onDuty: false });
	});

	it("stores the unsigned entry before anything is signed, and signs only after that", () => {
		const { depot, light } = oneTaxi();
		depot.hold = { commits: true, signs: true };
		light.report();
		expect(depot.heldCommits.flatMap((c) => c.changes)).toContainEqual(
			expect.objectContaining({ type: "entry", entry: expect.objectContaining({ seq: 1, signed: null }) }),
		);
		expect(depot.heldSigns).toEqual([]);
		while (depot.heldCommits.length > 0) depot.releaseCommit();
		expect(depot.heldSigns).toHaveLength(1);
		expect(depot.grants(light.id)).toEqual([]);
		depot.releaseSign();
		expect(depot.grants(light.id)).toHaveLength(1);
	});

	it("echoes the newest ask that was heard, and numbers grants one by one", () => {
		const { depot, light } = litTaxi();
		depot.signIn("A-10001", "C3");
		const [first, second] = depot.grants(light.id);
		expect(second).toMatchObject({ stars: 3, epoch: first?.epoch, seq: (first?.seq ?? 0) + 1 });
		expect(toHex(second?.ask ?? new Uint8Array())).toBe(toHex(light.ask));
	});

	it("carries the trace of the change: a renewal keeps it, another driver gets a new one", () => {
		const { depot, light } = litTaxi();
		depot.advance(1_900_000);
		light.period();
		depot.signIn("A-10001", "C3");
		depot.advance(11_000);
		const [first, renewal, swap] = depot.grants(light.id).map((g) => toHex(g.trace));
		expect(renewal).toBe(first);
		expect(swap).not.toBe(first);
		expect(depot.view(light.id).trace).toBe(swap);
	});

	it("goes to 0 stars at sign-out without waiting for the answer that is outstanding", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		depot.advance(1000);
		depot.signOut("A-10001", "C5");
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([5, 0]);
	});

	it("darkens a light that is unbound, and one whose place another light takes", () => {
		const { depot, light } = litTaxi();
		depot.tell({ what: "light-bind", light: light.id, plate: null });
		expect(depot.grants(light.id).at(-1)?.stars).toBe(0);
		expect(depot.view(light.id)).toMatchObject({ plate: null, desired: 0 });
	});

	it("signs a swap of drivers with equal stars anew, so that no star is shown on another driver's grant", () => {
		const { depot, light } = litTaxi();
		depot.pull({ C5: 24, C3: 24, C4: 12 });
		depot.signIn("A-10001", "C3");
		const [first, second] = depot.grants(light.id);
		expect(second?.stars).toBe(5);
		expect(equalBytes(first?.trace ?? new Uint8Array(), second?.trace ?? new Uint8Array())).toBe(false);
	});
});

describe("answers", () => {
	it("waits for the answer to one grant before it signs the next with stars, at most 10 s", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		depot.signIn("A-10001", "C3");
		depot.advance(9_900);
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([5]);
		depot.advance(200);
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([5, 3]);
	});

	it("signs the next as soon as a state names the grant, refuses it, or brings a later ask", () => {
		for (const answer of ["taken", "refused", "ask"] as const) {
			const { depot, light } = oneTaxi();
			depot.signIn("A-10001", "C5");
			light.report();
			depot.signIn("A-10001", "C3");
			depot.advance(2000);
			if (answer === "taken") light.take();
			const { epoch = 0, seq = 0 } = depot.grants(light.id)[0] ?? {};
			if (answer === "refused") light.report({ refused: { code: "bad-signature", kind: "grant", epoch, seq } });
			if (answer === "ask") light.period();
			expect(
				depot.grants(light.id).map((g) => g.stars),
				answer,
			).toEqual([5, 3]);
		}
	});

	it("does not take a state with the same ask and without the grant for an answer", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		depot.signIn("A-10001", "C3");
		depot.advance(2000);
		light.report();
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([5]);
	});

	it("counts a refusal under its code, and a fresh ask brings another grant", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		const { epoch = 0, seq = 0 } = depot.grants(light.id)[0] ?? {};
		depot.advance(2000);
		light.period({ refused: { code: "not-fresh", kind: "grant", epoch, seq } });
		expect(depot.grants(light.id)).toHaveLength(2);
		expect(depot.core.depot(depot.now()).refusals).toEqual({ "not-fresh": 1 });
	});

	it("does not sign again and again for an ask that it has used", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		for (let i = 0; i < 100; i++) {
			depot.advance(1000);
			light.report();
		}
		expect(depot.grants(light.id)).toHaveLength(1);
	});

	it("answers unknown-key with the keys and then the same bytes, at most three times for one grant", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		const { epoch = 0, seq = 0 } = depot.grants(light.id)[0] ?? {};
		const bytes = depot.sent.at(-1)?.bytes;
		for (let i = 0; i < 6; i++) {
			depot.sent = [];
			light.report({ refused: { code: "unknown-key", kind: "grant", epoch, seq } });
			depot.advance(5_000);
			expect(depot.kinds()).toEqual(i < 3 ? ["keys", "grant"] : []);
			if (i < 3) expect(depot.sent[1]?.bytes).toEqual(bytes);
		}
		expect(depot.signatures).toHaveLength(1);
	});

	it("answers a command only once it is durable, and a repeat not before the first", () => {
		const { depot } = oneTaxi();
		depot.hold.commits = true;
		expect(depot.signIn("A-10001", "C5")).toBeNull();
		expect(depot.signIn("A-10001", "C5"), "a repeat waits for the first one's commit").toBeNull();
		while (depot.heldCommits.length > 0) depot.releaseCommit();
		expect([...depot.answers.values()].slice(-2).map((a) => a.ok)).toEqual([true, true]);
	});
});

describe("renewal", () => {
	it("renews on the first new ask with less than half the lease left, not before", () => {
		const { depot, light } = litTaxi();
		for (const [minutes, grants] of [
			[10, 1],
			[20, 1],
			[29, 1],
			[31, 2],
		] as const) {
			depot.advance(minutes * 60_000 - depot.mono);
			light.period();
			expect(depot.grants(light.id), `${minutes} min`).toHaveLength(grants);
		}
		light.take();
		depot.advance(600_000);
		light.period();
		expect(depot.grants(light.id)).toHaveLength(2);
	});

	it("grants again at once when the lease has run out in the dark", () => {
		const { depot, light } = litTaxi();
		depot.advance(4_000_000);
		light.goDark().period();
		expect(depot.grants(light.id)).toHaveLength(2);
		light.take();
		expect(depot.view(light.id).status).toBe("right");
	});

	it("does not renew 0 stars", () => {
		const { depot, light } = oneTaxi();
		light.report();
		light.take();
		for (let i = 0; i < 20; i++) {
			depot.advance(600_000);
			light.period();
		}
		expect(depot.grants(light.id)).toHaveLength(1);
	});

	it("sends 0 stars again whenever a verified state shows stars that are not owed", () => {
		const { depot, light } = litTaxi();
		depot.signOut("A-10001");
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([5, 0]);
		for (let i = 0; i < 3; i++) {
			depot.advance(2000);
			light.report();
		}
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([5, 0, 0, 0, 0]);
		light.take();
		depot.advance(2000);
		light.report();
		expect(depot.grants(light.id)).toHaveLength(5);
	});

	it("lights a restarted light again: new session, new ask, nothing shown", () => {
		const { depot, light } = litTaxi();
		light.session += 1;
		light.goDark().period();
		light.take();
		expect(depot.view(light.id)).toMatchObject({ observed: 5, status: "right" });
	});

	it("leaves a light with a broken lamp its grant and renews it at half, though nothing can be shown", () => {
		const { depot, light } = litTaxi();
		const broken = { shown: 0, pattern: "fault", lamps: ["ok", "open", "ok", "ok", "ok"] } as const;
		for (let i = 0; i < 5; i++) {
			depot.advance(2000);
			light.period({ ...broken, leaseLeftS: 3000 });
		}
		expect(depot.grants(light.id)).toHaveLength(1);
		light.period({ ...broken, leaseLeftS: 1700 });
		expect(depot.grants(light.id)).toHaveLength(2);
		expect(depot.view(light.id)).toMatchObject({ status: "fault", reason: "lamp-open", observed: 0 });
	});

	it("does not send 0 stars over and over to a light whose lamp is stuck on", () => {
		const { depot, light } = litTaxi();
		depot.signOut("A-10001");
		light.accept();
		for (let i = 0; i < 5; i++) {
			light.period({ shown: 1, pattern: "fault", lamps: ["stuck-on", "ok", "ok", "ok", "ok"] });
			depot.advance(2000);
		}
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([5, 0]);
	});

	it("slows down for a light that takes each grant and shows none of it", () => {
		const { depot, light } = oneTaxi();
		depot.signIn("A-10001", "C5");
		light.report();
		for (let i = 0; i < 60; i++) {
			light.accept();
			light.goDark().report();
			depot.advance(1000);
		}
		expect(depot.grants(light.id).length).toBeGreaterThan(5);
		expect(depot.grants(light.id).length).toBeLessThan(15);
	});
});

describe("bounds of a grant", () => {
	it("ends each grant at issuedAt + leaseS + resumes * resumeS", () => {
		const { depot, light } = litTaxi({ resumes: 2, resumeS: seconds(300) });
		const [grant] = depot.grants(light.id);
		expect((grant?.notAfter ?? 0) - (grant?.issuedAt ?? 0)).toBe(3600 + 2 * 300);
	});

	it("cuts a grant to the second in which the rating becomes too old, and blanks in that second", () => {
		const { depot, light } = oneTaxi();
		depot.pull({ C5: 24, C3: 8, C4: 12 }, { asOf: T0 - 550 * DAY_S + 900 });
		depot.signIn("A-10001", "C5");
		light.report();
		expect(light.take()).toMatchObject({ stars: 5, notAfter: T0 + 900 });
		depot.advance(899_000);
		expect(depot.view(light.id).desired).toBe(5);
		depot.advance(1000);
		expect(depot.view(light.id).desired).toBe(0);
		expect(depot.grants(light.id).at(-1)).toMatchObject({ stars: 0, issuedAt: T0 + 900 });
	});

	it("does not renew once a second in the last minutes of a rating", () => {
		const { depot, light } = oneTaxi();
		depot.pull({ C5: 24, C3: 8, C4: 12 }, { asOf: T0 - 550 * DAY_S + 900 });
		depot.signIn("A-10001", "C5");
		light.report();
		for (let i = 0; i < 300; i++) {
			if (depot.grants(light.id).length > 0 && light.shown === 0) light.accept();
			light.period({ leaseLeftS: Math.max(0, Math.floor(900 - depot.mono / 1000)) });
			depot.advance(1000);
		}
		expect(depot.grants(light.id)).toHaveLength(1);
	});

	it("shortens a grant when a newer rating of the same stars ends earlier", () => {
		const { depot, light } = litTaxi();
		depot.pull({ C5: 24, C3: 8, C4: 12 }, { asOf: T0 - 550 * DAY_S + 600 });
		expect(depot.grants(light.id)).toHaveLength(2);
		expect(depot.grants(light.id).at(-1)?.notAfter).toBe(T0 + 600);
	});
});

describe("a broker that comes back and has forgotten what it kept", () => {
	it("is given keys, notice and the grants that are still owed, in the order in which a light takes them", () => {
		const { depot, light } = litTaxi();
		depot.tell({ what: "blank-fleet" });
		light.goDark().period();
		depot.advance(20_000);
		light.take();
		depot.sent = [];
		depot.feed({ type: "broker-up" });
		expect(depot.kinds()).toEqual(["keys", "notice", "grant"]);
		expect(depot.grants(light.id)).toMatchObject([{ stars: 5 }]);
	});

	it("is not given a grant that is not owed any more", () => {
		const { depot, light } = litTaxi();
		depot.hold.commits = true;
		depot.signOut("A-10001");
		depot.sent = [];
		depot.feed({ type: "broker-up" });
		expect(depot.grants(light.id)).toEqual([]);
	});
});
