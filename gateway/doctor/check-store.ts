import { statSync } from "node:fs";
import type Database from "libsql";
import type { Pull } from "../core/model.ts";
import type { DataFolder } from "../depot/data-folder.ts";
import { numberOf } from "../store/migrate.ts";
import { MIGRATIONS } from "../store/migrations/index.ts";
import { openDatabase, releaseDatabase } from "../store/open-database.ts";
import { builder, readRows } from "../store/query.ts";
import { storeError } from "../store/store-error.ts";
import type { PullsSeen } from "./check-pull.ts";
import { coded, type Finding, fine, found } from "./finding.ts";

/** What a look into a store at rest tells. `storedTime` and `pulls` are null where it could not be read. */
export interface StoreSeen {
	readonly finding: Finding;
	/** Unix seconds. */
	readonly storedTime: number | null;
	readonly pulls: PullsSeen | null;
}

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;
const MIB = 1024 * 1024;
/** Enough to find the newest that holds among held and rejected ones. */
const PULLS = 200;
const HOLDS: readonly Pull["status"][] = ["applied", "accepted", "unchanged"];

const size = (bytes: number): string => (bytes / MIB).toFixed(1);

/** Every page and index; the first trouble, or null. */
function damage(db: Database.Database): string | null {
	const rows = db.prepare("PRAGMA quick_check(1)").raw().all() as unknown[][];
	const first = String(rows[0]?.[0] ?? "no answer");
	return first === "ok" ? null : first;
}

function storedTimeOf(db: Database.Database): number {
	const [cells] = readRows(db, builder.selectFrom("meta").select(["stored_time"]));
	return Number(cells?.[0] ?? 0);
}

function pullsOf(db: Database.Database): PullsSeen {
	const newest = builder.selectFrom("pulls").select(["at_ms", "status"]).orderBy("n", "desc").limit(PULLS);
	const rows = readRows(db, newest).map(([at, status]) => ({
		at: Number(at),
		status: String(status) as Pull["status"],
	}));
	return {
		newest: rows[0] ?? null,
		appliedAt: rows.find(({ status }) => HOLDS.includes(status))?.at ?? null,
		held: rows.filter(({ status }) => status === "held").length,
	};
}

const BACKUP = {
	zh: "先把数据文件夹另存一份，再放回最近的备份；期间顶灯照租期显示。",
	en: "Keep a copy of the data folder aside, then put back the newest backup; lights go on with their leases meanwhile.",
};

function look(db: Database.Database, folder: DataFolder): StoreSeen {
	const broken = damage(db);
	const version = numberOf(db, "user_version");
	const bytes = statSync(folder.db).size;
	const detail = {
		zh: `完好，结构版本 ${version}，${size(bytes)} MiB`,
		en: `sound, schema ${version}, ${size(bytes)} MiB`,
	};
	if (broken !== null) {
		const finding = found("store", { zh: "数据库文件已损坏", en: "the store's file is damaged" }, BACKUP);
		return { finding, storedTime: null, pulls: null };
	}
	if (version > NEWEST) {
		const newer = { zh: `${detail.zh}；本程序只认识到 ${NEWEST}`, en: `${detail.en}; this program knows ${NEWEST}` };
		const next = { zh: "运行写入它的那个更新的版本。", en: "Run the newer version that made it." };
		return { finding: found("store", newer, next), storedTime: null, pulls: null };
	}
	const advice =
		version === NEWEST
			? { zh: "", en: "" }
			: {
					zh: "下次启动时会先备份，再升级结构。",
					en: "The next start brings the schema forward, after a copy of the store.",
				};
	return { finding: fine("store", detail.zh, detail.en, advice), storedTime: storedTimeOf(db), pulls: pullsOf(db) };
}

const LOCKED = found(
	"store",
	{ zh: "存储被其他程序占用，而没有网关应答", en: "another program has the store open, and no gateway answers" },
	{
		zh: "停掉占用它的程序（可能是卡住的网关），然后重试。",
		en: "Stop that program (a gateway that hangs?), then repeat.",
	},
);

/** Opens the store of a gateway that does not run, under its lock, checks it, and changes nothing that it holds. Never throws. */
export function checkStore(folder: DataFolder): StoreSeen {
	let db: Database.Database | null = null;
	try {
		db = openDatabase(folder.db, null);
		return look(db, folder);
	} catch (e) {
		const failure = storeError(e, folder.db);
		const finding = failure.code === "store-locked" ? LOCKED : coded("store", failure);
		return { finding, storedTime: null, pulls: null };
	} finally {
		if (db !== null) close(db);
	}
}

function close(db: Database.Database): void {
	try {
		releaseDatabase(db);
	} catch {
		// What was found is the thing to tell.
	}
}

/** The part of a running gateway's `GET /api/v1/depot` that is looked at. */
export interface DepotAnswer {
	readonly clock: null | { readonly code: string; readonly storedTime: number; readonly now: number };
	readonly counters?: {
		readonly store?: { readonly commits?: number; readonly failed?: number; readonly lastCommitMs?: number | null };
	};
}

/** The store of a running gateway: it holds the lock, so what it says itself is what is known. */
export function checkRunningStore(folder: DataFolder, depot: DepotAnswer, storeOk: boolean): Finding {
	const { commits = 0, failed = 0, lastCommitMs = null } = depot.counters?.store ?? {};
	const mib = size(statSync(folder.db).size);
	const ms = lastCommitMs === null ? "-" : lastCommitMs.toFixed(1);
	const detail = {
		zh: `网关使用中，${mib} MiB，提交 ${commits} 次（失败 ${failed} 次），最近一次 ${ms} ms`,
		en: `in use by the gateway, ${mib} MiB, ${commits} commits (${failed} failed), the newest took ${ms} ms`,
	};
	if (storeOk) return fine("store", detail.zh, detail.en);
	return found("store", detail, {
		zh: "检查磁盘与空间，并查看网关日志；网关会自行恢复。",
		en: "Check the disk and its space, and see the gateway's log; it goes on by itself.",
	});
}
