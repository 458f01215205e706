import { constants } from "node:fs";
import { access, open, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { Memory } from "../hal/memory.ts";
import { makeFolder } from "./make-folder.ts";
import { MemoryLock } from "./memory-lock.ts";

/** More than any record; a longer file is none of ours and is not read. */
const COPY_BYTES_MAX = 8_192;
const FILES = ["record.0", "record.1"] as const;

/**
 * The two copies as two files of one folder. A copy is replaced as a whole: written beside, synced, renamed over, and the folder
 * synced, so that a loss of power leaves the former or the new copy, never a mixture (POSIX rename; fsync of the folder makes it last).
 */
export class FileMemory implements Memory {
	readonly folder: string;
	private lock: MemoryLock | null = null;

	/** Nothing is touched before `open`. */
	constructor(folder: string) {
		this.folder = folder;
	}

	/**
	 * Makes the folder (mode 0700) if it is missing, checks that it can be written, and takes it for this program until `close`.
	 * Throws `memory-unwritable`, `memory-in-use`.
	 */
	async open(): Promise<void> {
		try {
			await makeFolder(this.folder, 0o700);
			await access(this.folder, constants.R_OK | constants.W_OK | constants.X_OK);
		} catch (cause) {
			throw unwritable(this.folder, cause);
		}
		this.lock = await MemoryLock.take(this.folder);
		await Promise.all(FILES.map((name) => unlink(join(this.folder, `${name}.new`)).catch(() => undefined)));
	}

	async read(): Promise<readonly [Uint8Array | null, Uint8Array | null]> {
		return Promise.all([this.readCopy(0), this.readCopy(1)]);
	}

	async write(slot: 0 | 1, bytes: Uint8Array): Promise<void> {
		const path = join(this.folder, FILES[slot]);
		const beside = `${path}.new`;
		try {
			const file = await open(beside, "w", 0o600);
			try {
				await file.writeFile(bytes);
				await file.sync();
			} finally {
				await file.close();
			}
			await rename(beside, path);
			await this.syncFolder();
		} catch (cause) {
			throw unwritable(this.folder, cause);
		}
	}

	async close(): Promise<void> {
		await this.lock?.release();
		this.lock = null;
	}

	private async readCopy(slot: 0 | 1): Promise<Uint8Array | null> {
		try {
			const file = await readFile(join(this.folder, FILES[slot]));
			return file.length <= COPY_BYTES_MAX ? new Uint8Array(file) : null;
		} catch {
			// Missing or unreadable are one answer: the other copy has to do.
			return null;
		}
	}

	private async syncFolder(): Promise<void> {
		// Windows has no handle on a folder that can be synced; there a rename is as durable as the file system makes it.
		if (process.platform === "win32") return;
		const folder = await open(this.folder, "r");
		try {
			await folder.sync();
		} finally {
			await folder.close();
		}
	}
}

function unwritable(folder: string, cause: unknown): CodedError {
	const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
	return new CodedError("memory-unwritable", `The light's memory ${folder} cannot be written (${code}).`, {
		fault: "environment",
		next: "Check that the folder exists, has free space and belongs to the user that runs the light, or pass another with --memory.",
		context: { folder, reason: code },
		cause,
	});
}
