import { describe, expect, it } from "vitest";
import { NodeClock } from "../../../gateway/depot/node-clock.ts";
import { SigningLine, type ToSign } from "../../../gateway/depot/signing-line.ts";

const jobs = (count: number): ToSign[] =>
	Array.from({ length: count }, (_, job) => ({ job, toBeSigned: Uint8Array.of(job) }));

/** A line whose other threads answer when the test says so. */
function lineOf() {
	const beside: { readonly message: Uint8Array; answer(signature: Uint8Array | null): void }[] = [];
	const here: number[] = [];
	const told: (readonly [number, number])[] = [];
	const soons: (() => void)[] = [];
	const line = new SigningLine({
		signer: {
			publicKey: new Uint8Array(32),
			sign: (message) => {
				here.push(message[0] ?? -1);
				return message;
			},
			signLater: (message, answer) => void beside.push({ message, answer }),
		},
		clock: new NodeClock(),
		soon: (run) => void soons.push(run),
		signed: (job, signature) => void told.push([job, signature[0] ?? -1]),
	});
	const turn = () => {
		for (const run of soons.splice(0)) run();
	};
	return { line, beside, here, told, turn };
}

describe("A line of signatures", () => {
	it("signs a few at once where they are", () => {
		const { line, beside, told, turn } = lineOf();
		for (const job of jobs(3)) line.push(job);
		expect(told).toEqual([]);
		turn();
		expect(told).toEqual([
			[0, 0],
			[1, 1],
			[2, 2],
		]);
		expect(beside).toEqual([]);
		expect(line.length).toBe(0);
	});

	it("has many signed beside the event loop and tells of them in their order, whatever comes back first", () => {
		const { line, beside, here, told, turn } = lineOf();
		for (const job of jobs(200)) line.push(job);
		turn();
		expect(here).toEqual([]);
		let most = 0;
		for (; told.length < 200; turn()) {
			most = Math.max(most, beside.length);
			for (const { message, answer } of beside.splice(0).reverse()) answer(message);
		}
		expect(told).toEqual(jobs(200).map(({ job }) => [job, job]));
		expect(most).toBe(64);
		expect(line.length).toBe(0);
	});

	it("makes a signature here that failed there", () => {
		const { line, beside, here, told, turn } = lineOf();
		for (const job of jobs(6)) line.push(job);
		turn();
		for (const { message, answer } of beside.splice(0)) answer(message[0] === 2 ? null : message);
		expect(told.map(([job]) => job)).toEqual([0, 1, 2, 3, 4, 5]);
		expect(here).toEqual([2]);
	});

	it("tells nothing of what was asked for before it was cleared", () => {
		const { line, beside, told, turn } = lineOf();
		for (const job of jobs(100)) line.push(job);
		turn();
		const old = beside.splice(0);
		line.clear();
		line.push({ job: 0, toBeSigned: Uint8Array.of(77) });
		for (const { message, answer } of old) answer(message);
		turn();
		expect(told).toEqual([[0, 77]]);
	});
});
