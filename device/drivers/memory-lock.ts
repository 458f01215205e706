import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { link, open, readFile, rename, rm } from "node:fs/promises";
import { uptime } from "node:os";
import { join } from "node:path";
import { CodedError } from "../../protocol/wire/errors.ts";

const NAME = "in-use";
/** Tries when others come and go at the same instant; after them the light runs without a lock. */
const MAX_TRIES = 5;
/** Hexadecimal digits of a lock's hash in the name of the claim to it. */
const CLAIM_NAME = 16;
/** Claimers that died one after the other while they took a lock over; after them a claim is left alone. */
const MAX_DEPTH = 3;
/** A start time that `ps` has not told within this time is taken for unknown. */
const PS_MS = 2_000;
/** The time of the system's start, worked out anew, may differ by a slewed clock. */
const SAME_START_S = 120;

/** Tells the helping files of one process apart. */
let serial = 0;

/** Who holds a folder: a process of one run of one machine. */
interface Holder {
	readonly pid: number;
	/** When that process started, in whatever way the system tells it; "" = it does not tell. */
	readonly started: string;
	/** Which run of the machine; "" = the system does not tell. */
	readonly boot: string;
}

/**
 * The right to use a folder, held by one process at a time. It is a file that names its holder, and whoever finds it looks whether
 * that process still runs: same run of the machine, same process id, same start. So neither `kill -9` nor a loss of power leaves a
 * lock that keeps a light dark, also where the process id is another program's by now. In doubt the folder is free: two lights that
 * fight are seen by the depot, a light that does not start is not.
 */
export class MemoryLock {
	private readonly path: string;
	private readonly mine: string;

	private constructor(path: string, mine: string) {
		this.path = path;
		this.mine = mine;
	}

	/** Takes the folder. Null: no lock can be written there, go without. Throws `memory-in-use`. */
	static async take(folder: string): Promise<MemoryLock | null> {
		const path = join(folder, NAME);
		const holder = { pid: process.pid, started: await startOf(process.pid), boot: await bootOf() };
		const mine = `${JSON.stringify(holder)}\n`;
		try {
			for (let tries = 0; tries < MAX_TRIES; tries++) {
				if (await place(path, mine)) return new MemoryLock(path, mine);
				const found = await readText(path);
				if (found === null) continue;
				if (await holds(found)) throw inUse(folder, readHolder(found)?.pid ?? 0);
				if (await succeed(folder, path, found, mine)) return new MemoryLock(path, mine);
			}
			return null;
		} catch (cause) {
			if (cause instanceof CodedError) throw cause;
			return null;
		}
	}

	/** Gives the folder back; a lock that another process has taken over meanwhile is left alone. */
	async release(): Promise<void> {
		if ((await readText(this.path)) === this.mine) await rm(this.path, { force: true });
	}
}

/** A helping file beside a lock, of this process alone. */
const besideOf = (path: string): string => `${path}.${process.pid}.${++serial}`;

/** Puts the lock there, whole or not at all; false when there is one. */
async function place(path: string, text: string): Promise<boolean> {
	const beside = besideOf(path);
	try {
		await writeWhole(beside, "w", text);
		await link(beside, path);
		return true;
	} catch (cause) {
		if (codeOf(cause) === "EEXIST") return false;
	} finally {
		await rm(beside, { force: true });
	}
	// No hard links on this medium (FAT): a lock cut short while it is written holds nobody, since nobody can read it.
	try {
		await writeWhole(path, "wx", text);
		return true;
	} catch (cause) {
		if (codeOf(cause) === "EEXIST") return false;
		throw cause;
	}
}

async function writeWhole(path: string, flags: "w" | "wx", text: string): Promise<void> {
	const file = await open(path, flags, 0o600);
	try {
		await file.writeFile(text);
	} finally {
		await file.close();
	}
}

/**
 * Replaces the lock `found`, which holds nobody. Of many that found it dead one may: the one that has put a claim of that very lock's
 * name beside it, and still finds it there. False when it is gone meanwhile. A claim is a lock too: that of a dead claimer is
 * succeeded likewise. Throws `memory-in-use` while another claimer lives.
 */
async function succeed(folder: string, path: string, found: string, mine: string, depth = 0): Promise<boolean> {
	const claim = `${path}.${createHash("sha256").update(found).digest("hex").slice(0, CLAIM_NAME)}`;
	if (!(await place(claim, mine))) {
		const claimer = await readText(claim);
		if (claimer === null || depth >= MAX_DEPTH) return false;
		if (await holds(claimer)) throw inUse(folder, readHolder(claimer)?.pid ?? 0);
		if (!(await succeed(folder, claim, claimer, mine, depth + 1))) return false;
	}
	const beside = besideOf(path);
	try {
		if ((await readText(path)) !== found) return false;
		await writeWhole(beside, "w", mine);
		await rename(beside, path);
		return true;
	} finally {
		await rm(beside, { force: true });
		await rm(claim, { force: true });
	}
}

/** Whether a lock's holder still runs. */
async function holds(text: string): Promise<boolean> {
	const holder = readHolder(text);
	if (holder === null || !sameRun(holder.boot, await bootOf()) || !isRunning(holder.pid)) return false;
	const started = await startOf(holder.pid);
	return started === "" || holder.started === "" || started === holder.started;
}

function readHolder(text: string): Holder | null {
	try {
		const { pid, started, boot } = JSON.parse(text) as Partial<Holder>;
		const sound = Number.isSafeInteger(pid) && Number(pid) > 0;
		return sound ? { pid: Number(pid), started: String(started ?? ""), boot: String(boot ?? "") } : null;
	} catch {
		return null;
	}
}

/** Signal 0 only asks. A process of another user answers that it may not be asked: it runs. */
function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (cause) {
		return codeOf(cause) === "EPERM";
	}
}

/** Linux names each run of the machine; elsewhere the seconds since its start tell them apart, by the file's own time. */
async function bootOf(): Promise<string> {
	const id = await readText("/proc/sys/kernel/random/boot_id");
	return id === null ? `up ${Math.round(uptime())}` : id.trim();
}

/** Of two uptimes the later one cannot be the smaller, within one run. */
function sameRun(before: string, now: string): boolean {
	const [then, since] = [before, now].map((text) => Number(/^up (\d+)$/.exec(text)?.[1] ?? Number.NaN));
	if (then === undefined || since === undefined || Number.isNaN(then) || Number.isNaN(since)) return before === now;
	return since + SAME_START_S >= then;
}

/** Linux: field 22 of `stat`, clock ticks since the machine's start (proc(5)). macOS: `ps`. Elsewhere not told. */
async function startOf(pid: number): Promise<string> {
	if (process.platform === "linux") {
		// The second field is the program's name in brackets and may hold anything.
		const after = (await readText(`/proc/${pid}/stat`))?.split(") ").at(-1)?.split(" ");
		return after?.[19] ?? "";
	}
	if (process.platform !== "darwin") return "";
	return new Promise((resolve) => {
		execFile("ps", ["-o", "lstart=", "-p", String(pid)], { timeout: PS_MS }, (_failed, out) => resolve(out.trim()));
	});
}

const readText = (path: string): Promise<string | null> => readFile(path, "utf8").catch(() => null);
const codeOf = (cause: unknown): string => (cause instanceof Error && "code" in cause ? String(cause.code) : "unknown");

const inUse = (folder: string, pid: number): CodedError =>
	new CodedError(
		"memory-in-use",
		`The light's memory ${folder} is in use by another liangxing-light (process ${pid}).`,
		{
			fault: "state",
			next: "Stop that one first, or give this light its own folder with --memory (and its own provisioning file).",
			context: { folder, pid },
		},
	);
