import { execFile } from "node:child_process";
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../protocol/ports/clock.ts";
import { type DataFolder, PRIVATE_MODE } from "../depot/data-folder.ts";
import { type Finding, fine, found } from "./finding.ts";

/** The oldest Node.js on which it is tested (package.json, engines). */
const OLDEST_NODE: readonly [number, number] = [20, 19];
/** A durable write takes this long on a worn card; beyond it each star waits. */
const SLOW_SYNC_MS = 250;
const SYNC_BYTES = 4096;
const SYNCS = 5;
/** Files that a day's work may need: journal, copies, temporary ones. */
const FEW_INODES = 1000;
/** Types of `statfs` whose files are gone after a loss of power: tmpfs, ramfs. */
const MEMORY_DISKS = [0x01021994, 0x858458f6];
const MIB = 1024 * 1024;
const ASK_MS = 2000;

export function checkNode(version: string): Finding {
	const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
	const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
	const detail = { zh: `Node.js ${version}`, en: `Node.js ${version}` };
	if (!old) return fine("node", detail.zh, detail.en);
	const wanted = OLDEST_NODE.join(".");
	return found("node", detail, {
		zh: `安装 Node.js ${wanted} 或更新的版本。`,
		en: `Install Node.js ${wanted} or newer.`,
	});
}

/** Milliseconds of the middle one of some durable writes. Throws where the folder cannot be written. */
function syncMs(folder: DataFolder, clock: Clock): number {
	const path = join(folder.path, `.doctor-${process.pid}`);
	const times: number[] = [];
	const fd = openSync(path, "w", PRIVATE_MODE);
	try {
		const bytes = new Uint8Array(SYNC_BYTES);
		for (let i = 0; i < SYNCS; i++) {
			const began = clock.monoMs();
			writeSync(fd, bytes);
			fsyncSync(fd);
			times.push(clock.monoMs() - began);
		}
	} finally {
		closeSync(fd);
		rmSync(path, { force: true });
	}
	return times.sort((a, b) => a - b)[Math.floor(SYNCS / 2)] ?? 0;
}

/** Whether the folder can be written, and what a durable write costs. */
export function checkFolder(folder: DataFolder, clock: Clock): Finding {
	const owner = {
		zh: `把 ${folder.path} 的属主和权限改给运行网关的用户（chmod 700），或释放磁盘空间。`,
		en: `Give ${folder.path} to the user who runs the gateway (chmod 700), or free disk space.`,
	};
	try {
		const ms = syncMs(folder, clock);
		const shown = ms.toFixed(1);
		if (process.platform !== "win32" && (statSync(folder.path).mode & 0o022) !== 0)
			return found(
				"folder",
				{ zh: `${folder.path} 可被其他用户写入`, en: `${folder.path} can be written by other users` },
				{ zh: `运行：chmod 700 ${folder.path}`, en: `Run: chmod 700 ${folder.path}` },
			);
		const detail = { zh: `可写，一次落盘 ${shown} ms`, en: `writable, a durable write takes ${shown} ms` };
		if (ms <= SLOW_SYNC_MS) return fine("folder", detail.zh, detail.en);
		return found("folder", detail, {
			zh: "磁盘很慢或快坏了：检查磁盘，或换一块。",
			en: "The disk is very slow or about to die: check it, or put in another one.",
		});
	} catch (e) {
		const code = String((e as NodeJS.ErrnoException).code);
		return found(
			"folder",
			{ zh: `数据文件夹不可写（${code}）`, en: `the data folder cannot be written (${code})` },
			owner,
		);
	}
}

/** Free space and inodes; and whether it is a disk at all. */
export async function checkDisk(folder: DataFolder, leastMiB: number): Promise<Finding> {
	const { bavail, bsize, ffree, files, type } = await statfs(folder.path);
	const free = Math.floor((bavail * bsize) / MIB);
	const detail = { zh: `剩余 ${free} MiB`, en: `${free} MiB free` };
	if (MEMORY_DISKS.includes(type))
		return found(
			"disk",
			{ zh: "数据文件夹在内存盘上，断电即失", en: "the data folder is on a memory disk: gone with the power" },
			{ zh: "把数据文件夹移到真正的磁盘上（--data）。", en: "Move the data folder to a real disk (--data)." },
		);
	if (free < leastMiB)
		return found("disk", detail, {
			zh: `至少清出 ${leastMiB} MiB；磁盘一满就无法签发。`,
			en: `Free at least ${leastMiB} MiB: with a full disk nothing can be signed.`,
		});
	// Some file systems have no inodes to run out of.
	if (files > 0 && ffree < FEW_INODES)
		return found(
			"disk",
			{ zh: `${detail.zh}，只剩 ${ffree} 个 inode`, en: `${detail.en}, ${ffree} inodes left` },
			{ zh: "删除该磁盘上的大量小文件。", en: "Remove the many small files on that disk." },
		);
	return fine("disk", detail.zh, detail.en);
}

/** Whether the system says that its clock is kept by NTP; null = it does not tell. */
export function askNtp(): Promise<boolean | null> {
	return new Promise((resolve) => {
		execFile("timedatectl", ["show", "--property=NTPSynchronized", "--value"], { timeout: ASK_MS }, (e, out) => {
			const text = e === null ? String(out).trim() : "";
			resolve(text === "yes" ? true : text === "no" ? false : null);
		});
	});
}

const iso = (s: number): string => new Date(s * 1000).toISOString();

/** The wall clock against the newest time that the depot stored, and NTP where the system tells. */
export function checkClock(
	doubt: { readonly code: string; readonly storedTime: number; readonly now: number } | null,
	nowS: number,
	ntp: boolean | null,
): Finding {
	if (doubt !== null)
		return found(
			"clock",
			{
				zh: `${doubt.code}：时钟为 ${iso(doubt.now)}，已存的最新时间为 ${iso(doubt.storedTime)}，暂停签发`,
				en: `${doubt.code}: the clock says ${iso(doubt.now)}, the newest time stored is ${iso(doubt.storedTime)}; nothing is signed`,
			},
			{
				zh: "校准时钟；若时钟本来就对，运行：liangxing clock accept",
				en: "Put the clock right; if it is right already, run: liangxing clock accept",
			},
		);
	const zh = ntp === true ? "，由 NTP 校准" : ntp === false ? "，未由 NTP 校准" : "";
	const en = ntp === true ? ", kept by NTP" : ntp === false ? ", not kept by NTP" : "";
	const advice =
		ntp === false
			? { zh: "打开 NTP：timedatectl set-ntp true", en: "Switch NTP on: timedatectl set-ntp true" }
			: { zh: "", en: "" };
	return fine("clock", `${iso(nowS)}${zh}`, `${iso(nowS)}${en}`, advice);
}
