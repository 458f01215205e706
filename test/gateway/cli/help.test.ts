import { describe, expect, it } from "vitest";
import type { Host } from "../../../gateway/cli/host.ts";
import { runCli } from "../../../gateway/cli/program.ts";
import { monoMs, unixMs } from "../../../protocol/wire/units.ts";

/** What `liangxing ARGS` prints, run in this process. */
async function printed(...args: string[]): Promise<string> {
	let text = "";
	const host: Host = {
		args,
		env: {},
		cwd: "/nowhere",
		clock: { unixMs: () => unixMs(0), monoMs: () => monoMs(0), after: () => ({ cancel: () => undefined }) },
		out: (part) => {
			text += part;
		},
		err: (part) => {
			text += part;
		},
		stopRequested: () => new Promise(() => undefined),
		soon: (run) => run(),
	};
	await runCli(host, "0.0.0");
	return text;
}

/** The names below a heading of a help. */
const namesIn = (help: string): string[] =>
	[...(help.split("命令：\n")[1]?.split("\n\n")[0] ?? "").matchAll(/^ {2}([a-z-]+)/gm)]
		.map((match) => match[1] ?? "")
		.filter((name) => name !== "help");

/** Helps of a command and of all below it. */
async function helpsOf(path: readonly string[]): Promise<[string, string][]> {
	const help = await printed(...path, "--help", "--lang", "zh");
	const inner = await Promise.all(namesIn(help).map((name) => helpsOf([...path, name])));
	return [[path.join(" "), help], ...inner.flat()];
}

describe("in Chinese", () => {
	it("no command's help has a sentence in English", async () => {
		const helps = await helpsOf([]);
		expect(helps.length).toBeGreaterThan(24);
		for (const [command, help] of helps) {
			const told = help
				.split("\n例：")[0]
				?.replace(/^用法：.*$/m, "")
				.replace(/liangxing\s+[a-z]+( [a-z]+)?/g, "");
			expect([command, told?.match(/[A-Za-z]{2,}(?: [A-Za-z]{2,})+/g) ?? []]).toEqual([command, []]);
		}
	});

	it.each([
		[["gateway", "--http-port", "x"], '配置 http.port = "x"（来自 --http-port） 类型不对，应为 0 至 65535 的整数。'],
		[["gateway", "--http-port", "x"], "写成 0 至 65535 的整数，或删去而用默认值 8790。"],
		[["gateway", "--log-level", "loud"], "不对，应为 debug, info, warn, error 之一。"],
		[["policy", "show", "more"], "show 的参数过多：应有 0 个，给了 1 个。"],
		[["gateway", "--policy", "none.yaml"], "policy 设为 score-2021 或 tianjin-2019，或一个 YAML 文件的路径。"],
	])("what is wrong with %j has no words left in English", async (args, told) => {
		expect(await printed(...args, "--lang", "zh")).toContain(told);
	});
});
