import { describe, expect, it } from "vitest";
import { openLog, REDACTED_FIELDS, scrub } from "../../../gateway/log/pino-log.ts";
import { monoMs, unixMs } from "../../../protocol/wire/units.ts";

const clock = { unixMs: () => unixMs(1_700_000_000_000), monoMs: () => monoMs(0) };

function logged(level: "debug" | "info" | "warn" | "error", run: (log: ReturnType<typeof openLog>["log"]) => void) {
	const lines: string[] = [];
	run(openLog(level, clock, { write: (line: string) => lines.push(line) }).log);
	return lines;
}

describe("a log line", () => {
	it("is one JSON object with level, time, code and fields", () => {
		const [line] = logged("info", (log) => log.info("gateway-started", { lights: 3 }));
		expect(JSON.parse(line ?? "")).toEqual({
			level: "info",
			time: "2023-11-14T22:13:20.000Z",
			code: "gateway-started",
			lights: 3,
		});
	});

	it("below the level is not written", () => {
		const lines = logged("warn", (log) => {
			log.debug("a");
			log.info("b");
			log.warn("c");
			log.child({ light: "x" }).error("d");
		});
		expect(lines.map((l) => JSON.parse(l).code)).toEqual(["c", "d"]);
	});

	it("never holds a value of a secret field, in any case of its name, also below a child", () => {
		for (const field of REDACTED_FIELDS) {
			const lines = logged("debug", (log) => {
				log.info("x", { [field]: "sesame" });
				log.child({ [field.toUpperCase()]: "sesame" }).error("y");
			});
			expect(lines.join("")).not.toContain("sesame");
			expect(lines.join("")).toContain("[redacted]");
		}
	});

	it("masks identity numbers and bearer tokens inside texts, and leaves other numbers alone", () => {
		expect(scrub("driver 410404199903213205 unknown")).toBe("driver [redacted] unknown");
		expect(scrub("41040219940912298X")).toBe("[redacted]");
		expect(scrub("sent Authorization: Bearer abc.DEF-123")).toBe("sent Authorization: Bearer [redacted]");
		expect(scrub("seq 123456 at 1700000000")).toBe("seq 123456 at 1700000000");
	});
});
