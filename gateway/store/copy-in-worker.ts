import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { CodedError, type Fault } from "../../protocol/wire/errors.ts";
import { type CopyJob, copyAndCheck, type StoreFacts } from "./copy.ts";

/** What the worker says at its end. */
export type CopyAnswer =
	| { readonly ok: true; readonly facts: StoreFacts }
	| {
			readonly ok: false;
			readonly code: string;
			readonly message: string;
			readonly fault: Fault;
			readonly next: string;
	  };

/** Copies and checks in a thread of its own; from the sources, which no thread can load, in this one. */
export async function copyInWorker(job: CopyJob): Promise<StoreFacts> {
	if (import.meta.url.endsWith(".ts")) return copyAndCheck(job);
	const worker = new Worker(new URL("./copy-worker.js", import.meta.url), { workerData: job });
	const [answer] = (await once(worker, "message")) as [CopyAnswer];
	if (answer.ok) return answer.facts;
	throw new CodedError(answer.code, answer.message, { fault: answer.fault, next: answer.next });
}
