import { writeFileSync } from "node:fs";
import { type Profiler as Protocol, Session } from "node:inspector";

/** Functions named in the summary. */
const TOP = 40;

interface Node {
	readonly id: number;
	readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** CPU profile of this process, between `start` and `stop`. */
export class Profiler {
	private session: Session | null = null;

	start(): Promise<void> {
		const session = new Session();
		session.connect();
		this.session = session;
		return new Promise((resolve, reject) => {
			session.post("Profiler.enable", () => {
				session.post("Profiler.setSamplingInterval", { interval: 200 }, () => {
					session.post("Profiler.start", (e) => (e ? reject(e) : resolve()));
				});
			});
		});
	}

	/** Writes a .cpuprofile (Chrome's and VS Code's form); answers the functions with the most time of their own. */
	stop(path: string): Promise<string[]> {
		const { session } = this;
		this.session = null;
		return new Promise((resolve) => {
			if (session === null) return resolve([]);
			session.post("Profiler.stop", (_e, answer) => {
				session.disconnect();
				if (answer === undefined) return resolve([]);
				writeFileSync(path, JSON.stringify(answer.profile));
				resolve(summary(answer.profile));
			});
		});
	}
}

function summary(profile: Protocol.Profile): string[] {
	const own = new Map<string, number>();
	const names = new Map<number, string>();
	for (const node of profile.nodes as readonly Node[]) {
		const { functionName, url, lineNumber } = node.callFrame;
		const file = url.split("/").slice(-2).join("/");
		names.set(node.id, `${functionName || "(anonymous)"}  ${file}:${lineNumber + 1}`);
	}
	const { samples = [], timeDeltas = [] } = profile;
	let total = 0;
	samples.forEach((id, n) => {
		const us = timeDeltas[n] ?? 0;
		const name = names.get(id) ?? "?";
		if (name.startsWith("(idle)")) return;
		total += us;
		own.set(name, (own.get(name) ?? 0) + us);
	});
	const sorted = [...own].sort((a, b) => b[1] - a[1]).slice(0, TOP);
	return [
		`busy ${(total / 1000).toFixed(0)} ms`,
		...sorted.map(
			([name, us]) =>
				`${((100 * us) / total).toFixed(1).padStart(5)} %  ${(us / 1000).toFixed(0).padStart(6)} ms  ${name}`,
		),
	];
}
