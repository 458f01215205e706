import { expect, it } from "vitest";
import { holdLog } from "../../../gateway/log/held-log.ts";
import type { Log, LogFields } from "../../../protocol/ports/log.ts";

function noted(): { log: Log; lines: string[] } {
	const lines: string[] = [];
	const logOf = (inherited: LogFields): Log => {
		const at =
			(level: string) =>
			(code: string, fields: LogFields = {}) =>
				void lines.push(`${level} ${code} ${JSON.stringify({ ...inherited, ...fields })}`);
		return {
			debug: at("debug"),
			info: at("info"),
			warn: at("warn"),
			error: at("error"),
			child: (fields) => logOf({ ...inherited, ...fields }),
		};
	};
	return { log: logOf({}), lines };
}

it("holds lines back until they are released, children's too, and writes them in order", () => {
	const { log, lines } = noted();
	const held = holdLog(log);
	held.log.info("first");
	held.log.child({ light: "L" }).warn("second", { seq: 1 });
	held.log.error("third");
	expect(lines).toEqual([]);
	held.release();
	expect(lines).toEqual(["info first {}", 'warn second {"light":"L","seq":1}', "error third {}"]);
	held.log.debug("fourth");
	held.release();
	expect(lines.at(-1)).toBe("debug fourth {}");
	expect(lines.length).toBe(4);
});

it("writes what waits rather than hold more than a thousand lines, and loses none", () => {
	const { log, lines } = noted();
	const held = holdLog(log);
	for (let n = 0; n < 1_500; n++) held.log.info(`line-${n}`);
	expect(lines.length).toBe(1_500);
	expect(lines[1_499]).toBe("info line-1499 {}");
});
