import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built `liangxing`. */
export const MAIN = fileURLToPath(new URL("../../dist/gateway/main.js", import.meta.url));

export interface Ran {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

/** The environment of a test's child: no settings and no language of the machine that it runs on. */
function cleanEnv(more: Readonly<Record<string, string>>): Record<string, string | undefined> {
	const kept = Object.entries(process.env).filter(([name]) => !/^(LIANGXING_|LC_|LANG)/.test(name));
	return { ...Object.fromEntries(kept), LANG: "C", ...more };
}

export function start(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
	if (!existsSync(MAIN)) throw new Error("the gateway is not built: npx tsc -b gateway");
	return spawn(process.execPath, [MAIN, ...args], { cwd, env: cleanEnv(env), stdio: ["ignore", "pipe", "pipe"] });
}

function collect(child: ChildProcess): { out: string; err: string } {
	const texts = { out: "", err: "" };
	child.stdout?.setEncoding("utf8").on("data", (part: string) => {
		texts.out += part;
	});
	child.stderr?.setEncoding("utf8").on("data", (part: string) => {
		texts.err += part;
	});
	return texts;
}

/** Runs the built `liangxing` to its end. */
export async function liangxing(
	cwd: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
	const child = start(args, cwd, env);
	const texts = collect(child);
	const [code] = (await once(child, "close")) as [number | null];
	return { code, ...texts };
}

/** A running `liangxing gateway`. */
export interface RunningGateway {
	readonly http: string;
	readonly mqtt: string;
	/** All of its standard error so far: the log. */
	log(): string;
	/** Sends the signal and waits for the end; the exit code, or the signal's name. */
	end(signal: NodeJS.Signals): Promise<number | string>;
}

/** Starts `liangxing gateway --json` on free ports and waits until it listens. */
export async function liangxingGateway(
	cwd: string,
	data: string,
	args: readonly string[] = [],
): Promise<RunningGateway> {
	const child = start(["gateway", "--data", data, "--http-port", "0", "--mqtt-port", "0", "--json", ...args], cwd);
	const texts = collect(child);
	const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
	await new Promise<void>((resolve, reject) => {
		child.stdout?.on("data", () => texts.out.includes("\n") && resolve());
		void closed.then(() => reject(new Error(`the gateway ended: ${texts.err}`)));
	});
	const ready = JSON.parse(texts.out) as { http: string; mqtt: string };
	return {
		...ready,
		log: () => texts.err,
		end: async (signal) => {
			child.kill(signal);
			const [code, by] = await closed;
			return code ?? by ?? "";
		},
	};
}
