import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTopic, topicOf } from "../../protocol/wire/topics.ts";
import { SEED } from "../support/seed.ts";
import { LIGHT } from "./samples.ts";

describe("topics", () => {
	it("are those of the protocol's table", () => {
		expect(topicOf.keys("demo")).toBe("lx/1/demo/keys");
		expect(topicOf.notice("demo")).toBe("lx/1/demo/notice");
		expect(topicOf.grant("demo", LIGHT)).toBe("lx/1/demo/l/PDS00000001H/grant");
		expect(topicOf.job("demo", LIGHT)).toBe("lx/1/demo/l/PDS00000001H/job");
		expect(topicOf.state("demo", LIGHT)).toBe("lx/1/demo/l/PDS00000001H/state");
		expect(topicOf.event("demo", LIGHT)).toBe("lx/1/demo/l/PDS00000001H/event");
		expect(topicOf.online("demo", LIGHT)).toBe("lx/1/demo/l/PDS00000001H/online");
		expect(topicOf.duty("demo", "V000001")).toBe("lx/1/demo/v/V000001/duty");
	});

	it("are read back as they were written", () => {
		const light = { fleet: "demo", light: LIGHT };
		for (const kind of ["grant", "job", "state", "event", "online"] as const) {
			expect(parseTopic(topicOf[kind]("demo", LIGHT))).toEqual({ kind, ...light });
		}
		expect(parseTopic("lx/1/demo/keys")).toEqual({ kind: "keys", fleet: "demo" });
		expect(parseTopic("lx/1/demo/notice")).toEqual({ kind: "notice", fleet: "demo" });
		expect(parseTopic("lx/1/demo/v/V000001/duty")).toEqual({ kind: "duty", fleet: "demo", vehicle: "V000001" });
	});

	it.each([
		"",
		"/",
		"lx",
		"lx/1",
		"lx/1/demo",
		"lx/1/demo/",
		"lx/2/demo/keys",
		"LX/1/demo/keys",
		"/lx/1/demo/keys",
		"lx/1/demo/keys/",
		"lx/1/demo/keys/x",
		"lx/1//keys",
		"lx/1/Demo/keys",
		"lx/1/+/keys",
		"lx/1/#",
		"lx/1/demo/grant",
		"lx/1/demo/l/PDS00000001H",
		"lx/1/demo/l/PDS00000001H/",
		"lx/1/demo/l/PDS00000001H/duty",
		"lx/1/demo/l/PDS00000001H/keys",
		"lx/1/demo/l/PDS00000001H/grant/x",
		"lx/1/demo/l/PDS00000001J/grant",
		"lx/1/demo/l/pds00000001h/grant",
		"lx/1/demo/l/+/grant",
		"lx/1/demo/v/PDS00000001H/grant",
		"lx/1/demo/v//duty",
		"lx/1/demo/v/京A12345/duty",
		"lx/1/demo/v/+/duty",
		"lx/1/demo/x/V000001/duty",
		"$SYS/broker/uptime",
	])("of any other form are none of ours: %j", (topic) => {
		expect(parseTopic(topic)).toBeNull();
	});

	it("never make the reader throw", () => {
		const level = fc.constantFrom("lx", "1", "demo", "l", "v", LIGHT, "grant", "duty", "keys", "", "+", "#", "x");
		fc.assert(
			fc.property(fc.array(level, { maxLength: 8 }), fc.string(), (levels, any) => {
				parseTopic(any);
				const topic = levels.join("/");
				const parsed = parseTopic(topic);
				if (parsed?.light) expect(topicOf[parsed.kind](parsed.fleet, parsed.light)).toBe(topic);
			}),
			{ seed: SEED, numRuns: 2000 },
		);
	});
});
