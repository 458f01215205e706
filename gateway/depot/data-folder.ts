import {
	chmodSync,
	closeSync,
	fsyncSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { CodedError, isCoded } from "../../protocol/wire/errors.ts";
import { makeFolder } from "./make-folder.ts";

/** Only the owner reads keys, token and store. */
export const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644;

/** Every file of a data folder. */
export interface DataFolder {
	readonly path: string;
	readonly db: string;
	readonly rootKey: string;
	readonly rootPublicKey: string;
	readonly signingKey: string;
	readonly keysMessage: string;
	readonly token: string;
	readonly runtime: string;
}

/** The running gateway, as its commands find it; removed at a clean stop. */
export interface RuntimeInfo {
	readonly pid: number;
	/** Random; `/healthz` answers it, so that the token goes to no other program on a port taken over. */
	readonly instance: string;
	/** `http://127.0.0.1:8790`. */
	readonly http: string;
	/** `mqtt://127.0.0.1:8791`. */
	readonly mqtt: string;
}

export const dataFolder = (path: string): DataFolder => ({
	path,
	db: join(path, "liangxing.db"),
	rootKey: join(path, "root.key.pem"),
	rootPublicKey: join(path, "root.pub.pem"),
	signingKey: join(path, "signing.key.pem"),
	keysMessage: join(path, "keys.cose"),
	token: join(path, "token"),
	runtime: join(path, "gateway.json"),
});

const codeOf = (e: unknown): string => String((e as NodeJS.ErrnoException).code ?? "unknown");

function unwritable(path: string, cause: unknown): CodedError {
	const full = codeOf(cause) === "ENOSPC";
	return new CodedError(
		full ? "disk-full" : "data-folder-unwritable",
		full ? `The disk of ${path} is full.` : `The data folder cannot be written: ${path} (${codeOf(cause)}).`,
		{
			fault: "environment",
			next: full
				? "Free some space, then start again; nothing accepted so far is lost."
				: "Give its owner and mode to the user who runs the gateway, or choose another folder with --data.",
			cause,
			context: { path },
		},
	);
}

function notAFolder(path: string, file: string): CodedError {
	const more = {
		fault: "environment",
		next: "Choose a folder with --data, or move that file away.",
		context: { path, file },
	} as const;
	return path === file
		? new CodedError("data-folder-unwritable", `${path} is a file, not a folder.`, more)
		: new CodedError(
				"data-folder-unwritable",
				`The data folder ${path} cannot be made: ${file} is a file, not a folder.`,
				more,
			);
}

/** Makes the folder if it is not there (mode 0700) and proves that it can be written. Throws `data-folder-unwritable`, `disk-full`. */
export function ensureDataFolder(path: string): DataFolder {
	try {
		const whole = resolve(path);
		const file = makeFolder(whole);
		if (file !== null) throw notAFolder(whole, file);
		const probe = join(path, `.probe-${process.pid}`);
		closeSync(openSync(probe, "w", PRIVATE_MODE));
		rmSync(probe);
	} catch (cause) {
		throw isCoded(cause) ? cause : unwritable(path, cause);
	}
	return dataFolder(path);
}

/** Replaces a file in one step: whole new content or the old one, also after a loss of power. */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode: number): void {
	const temporary = `${path}.${process.pid}.new`;
	const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
	try {
		const fd = openSync(temporary, "w", mode);
		try {
			for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
			fsyncSync(fd);
		} finally {
			closeSync(fd);
		}
		// A umask may have taken bits away, an older temporary file may have had more.
		chmodSync(temporary, mode);
		renameSync(temporary, path);
		syncFolder(path);
	} catch (cause) {
		rmSync(temporary, { force: true });
		throw unwritable(path, cause);
	}
}

/** A rename is durable once its folder is; Windows cannot open a folder and needs no such call. */
export function syncFolder(path: string): void {
	if (process.platform === "win32") return;
	const fd = openSync(join(path, ".."), "r");
	try {
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
}

export const writePrivate = (path: string, content: string | Uint8Array): void =>
	writeFileAtomic(path, content, PRIVATE_MODE);
export const writePublic = (path: string, content: string | Uint8Array): void =>
	writeFileAtomic(path, content, PUBLIC_MODE);

/** The file's bytes, or null where there is none. Throws `file-unreadable` on any other failure. */
export function readIfThere(path: string): Uint8Array | null {
	try {
		return Uint8Array.from(readFileSync(path));
	} catch (cause) {
		if (codeOf(cause) === "ENOENT") return null;
		throw new CodedError("file-unreadable", `${path} cannot be read (${codeOf(cause)}).`, {
			fault: "environment",
			next: "Give the file to the user who runs the gateway.",
			cause,
			context: { path },
		});
	}
}

/** Refuses a secret that others of this machine may read. Windows has no such modes. Throws `file-mode-too-open`. */
export function requirePrivate(path: string): void {
	if (process.platform === "win32") return;
	const mode = statSync(path).mode & 0o777;
	if ((mode & 0o077) !== 0)
		throw new CodedError(
			"file-mode-too-open",
			`${path} can be read by other users (mode ${mode.toString(8).padStart(4, "0")}).`,
			{ fault: "environment", next: `Run: chmod 600 ${path}`, context: { path } },
		);
}

export function writeRuntime(folder: DataFolder, info: RuntimeInfo): void {
	writePrivate(folder.runtime, `${JSON.stringify(info)}\n`);
}

/** Removes it only if it is this gateway's: a newer one may have been started meanwhile. */
export function removeRuntime(folder: DataFolder, instance: string): void {
	if (readRuntime(folder)?.instance === instance) rmSync(folder.runtime, { force: true });
}

/** What a running gateway left, or null where there is none or it cannot be understood. */
export function readRuntime(folder: DataFolder): RuntimeInfo | null {
	const bytes = readIfThere(folder.runtime);
	if (bytes === null) return null;
	try {
		const raw = JSON.parse(Buffer.from(bytes).toString("utf8")) as Partial<RuntimeInfo> | null;
		if (
			typeof raw?.pid === "number" &&
			typeof raw.instance === "string" &&
			typeof raw.http === "string" &&
			typeof raw.mqtt === "string"
		)
			return { pid: raw.pid, instance: raw.instance, http: raw.http, mqtt: raw.mqtt };
	} catch {
		return null;
	}
	return null;
}
