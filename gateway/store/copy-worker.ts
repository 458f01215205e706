import { parentPort, workerData } from "node:worker_threads";
import { isCoded } from "../../protocol/wire/errors.ts";
import { type CopyJob, copyAndCheck } from "./copy.ts";
import type { CopyAnswer } from "./copy-in-worker.ts";

/** Runs one copy beside the event loop, which goes on with lights meanwhile. */
function work(): CopyAnswer {
	try {
		return { ok: true, facts: copyAndCheck(workerData as CopyJob) };
	} catch (e) {
		if (!isCoded(e)) throw e;
		return { ok: false, code: e.code, message: e.message, fault: e.fault, next: e.next };
	}
}

parentPort?.postMessage(work());
