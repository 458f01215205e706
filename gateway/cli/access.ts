import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { WhyAnswer } from "../../protocol/schema/api-why.ts";
import { CodedError, isCoded } from "../../protocol/wire/errors.ts";
import type { LightId } from "../../protocol/wire/units.ts";
import type { LoadedSettings } from "../config/load.ts";
import type { WhyQuery } from "../core/why/subject.ts";
import type { Lang } from "../core/why/words.ts";
import type { Access, PolicyNamed, PullAt, Value } from "../depot/access.ts";
import { type DataFolder, dataFolder, type RuntimeInfo, readRuntime } from "../depot/data-folder.ts";
import { readToken } from "../depot/token.ts";
import type { Host } from "./host.ts";
import { askRunning, findRunning } from "./running.ts";

/** A store of gigabytes on a slow card. */
const BACKUP_TIMEOUT_MS = 3_600_000;
/** A pull of a million rows from a slow platform; it goes on in the gateway whoever waits for it. */
const PULL_TIMEOUT_MS = 4 * 3600 * 1000;
/** How often a person is told how far a pull is. */
const TELL_MS = 500;

class RunningDepot implements Access {
	readonly by = "running";
	readonly broker: string;
	private readonly info: RuntimeInfo;
	private readonly token: string;
	constructor(info: RuntimeInfo, token: string) {
		this.info = info;
		this.broker = info.mqtt;
		this.token = token;
	}

	private call<T = Value>(
		method: "GET" | "POST",
		path: string,
		more: { json?: unknown; bytes?: Uint8Array; fileName?: string; timeoutMs?: number } = {},
	): Promise<T> {
		return askRunning<T>(this.info, { method, path, token: this.token, ...more });
	}

	importRatings(bytes: Uint8Array, name: string, dryRun = false): Promise<Value> {
		return this.call("POST", `/api/v1/ratings${dryRun ? "/dry-run" : ""}`, { bytes, fileName: name });
	}
	importFleet(bytes: Uint8Array, name: string, dryRun: boolean): Promise<Value> {
		return this.call("POST", `/api/v1/fleet${dryRun ? "?dryRun=1" : ""}`, { bytes, fileName: name });
	}
	async pullRatings(url: string | null, progress: (at: PullAt) => void): Promise<Value> {
		const end = this.call("POST", "/api/v1/ratings/pull", {
			json: url === null ? {} : { url },
			timeoutMs: PULL_TIMEOUT_MS,
		});
		let over = false;
		const done = end.finally(() => {
			over = true;
		});
		// The pull's own end says what failed.
		done.catch(() => undefined);
		while (!over) {
			const depot = await this.call("GET", "/api/v1/depot").catch((): Value => ({}));
			const running = (depot["source"] as { running?: PullAt | null } | null | undefined)?.running;
			if (running != null && !over) progress(running);
			await Promise.race([done.catch(() => undefined), delay(TELL_MS)]);
		}
		return done;
	}
	async held(): Promise<readonly Value[]> {
		return (await this.call("GET", "/api/v1/ratings/held"))["held"] as Value[];
	}
	decideHeld(pull: string, verb: "accept" | "reject"): Promise<Value> {
		return this.call("POST", `/api/v1/ratings/held/${encodeURIComponent(pull)}/${verb}`);
	}
	addLight(light: LightId, publicKey: Uint8Array): Promise<Value> {
		return this.call("POST", "/api/v1/lights", { json: { light, publicKey: Buffer.from(publicKey).toString("hex") } });
	}
	bindLight(light: LightId, plate: string | null): Promise<Value> {
		return this.call("POST", `/api/v1/lights/${light}/bind`, { json: { plate } });
	}
	async lights(): Promise<readonly Value[]> {
		return (await this.call("GET", "/api/v1/lights"))["lights"] as Value[];
	}
	acceptClock(): Promise<Value> {
		return this.call("POST", "/api/v1/clock/accept");
	}
	why(query: WhyQuery, lang: Lang): Promise<WhyAnswer> {
		return this.call("POST", "/api/v1/why", { json: { ...query, lang } });
	}
	backup(keep: number | null): Promise<Value> {
		return this.call("POST", "/api/v1/backup", { json: { keep }, timeoutMs: BACKUP_TIMEOUT_MS });
	}
	policy(): Promise<Value> {
		return this.call("GET", "/api/v1/policy");
	}
	policyDryRun(policy: PolicyNamed): Promise<Value> {
		return this.call("POST", "/api/v1/policy/dry-run", { json: { policy } });
	}
	policyActivate(policy: PolicyNamed, hash: string): Promise<Value> {
		return this.call("POST", "/api/v1/policy/activate", { json: { policy, hash } });
	}
	async close(): Promise<void> {}
}

/** The running gateway of this data folder as commands use it, or null. */
export async function running(folder: DataFolder): Promise<Access | null> {
	const info = await findRunning(folder);
	const token = info === null ? null : readToken(folder);
	return info === null || token === null ? null : new RunningDepot(info, token);
}

/**
 * What a command may do where no depot is yet: `there` = nothing, it only looks or decides; `may-make` = make one; `dry` = work on an
 * empty one that is thrown away.
 */
export type Wanted = "there" | "may-make" | "dry";

/**
 * Runs `work` on the depot of the settings' data folder: through the running gateway's API, or on the store itself under its lock where
 * none runs. Throws `no-data-folder` where no depot is and none may be made, `store-locked` where a gateway holds the store but does not
 * answer.
 */
export async function withDepot<T>(
	host: Host,
	loaded: LoadedSettings,
	work: (access: Access) => Promise<T>,
	{ wanted = "there", isNew = false }: { readonly wanted?: Wanted; readonly isNew?: boolean } = {},
): Promise<T> {
	const folder = dataFolder(loaded.settings.data);
	const access = (await running(folder)) ?? (await openStored(host, loaded, wanted, isNew));
	try {
		return await work(access);
	} finally {
		await access.close();
	}
}

/** The heavy half (store, core) is loaded only where it is needed. */
async function openStored(host: Host, loaded: LoadedSettings, wanted: Wanted, isNew: boolean): Promise<Access> {
	const { settings } = loaded;
	const folder = dataFolder(settings.data);
	const there = existsSync(folder.db);
	if (!there) mayBeMissing(loaded, wanted, isNew);
	const { openOffline } = await import("../depot/offline.ts");
	const ports = { clock: host.clock, timers: host.clock, soon: host.soon };
	if (there || wanted !== "dry") return withLockNamed(folder, () => openOffline(settings, ports));
	const data = mkdtempSync(join(tmpdir(), "liangxing-dry-"));
	const remove = () => rmSync(data, { recursive: true, force: true });
	try {
		const access = await openOffline({ ...settings, data }, ports);
		return { ...access, close: () => access.close().finally(remove) };
	} catch (e) {
		remove();
		throw e;
	}
}

/** A mistyped folder must not become a second depot with keys of its own (docs/decisions/0007). */
function mayBeMissing({ settings, sources }: LoadedSettings, wanted: Wanted, isNew: boolean): void {
	if (wanted !== "there" && (isNew || sources["data"] === "default")) return;
	const start = `liangxing gateway --data ${settings.data}`;
	throw new CodedError("no-data-folder", `There is no depot in ${settings.data}.`, {
		fault: "input",
		next:
			wanted === "there"
				? `Check --data, or start a new depot there first: ${start}`
				: `Check --data. For a new depot there, add --new, or run first: ${start}`,
		context: { path: settings.data },
	});
}

/** Says which gateway has the store open, where its folder tells. */
export async function withLockNamed<T>(folder: DataFolder, open: () => Promise<T>): Promise<T> {
	try {
		return await open();
	} catch (e) {
		const info = isCoded(e) && e.code === "store-locked" ? readRuntime(folder) : null;
		if (info === null) throw e;
		throw new CodedError(
			"store-locked",
			`The gateway at ${info.http} (process ${info.pid}) has the store open: ${folder.db}.`,
			{
				fault: "state",
				next: "Use that gateway: commands with the same --data go through it. Or stop it first, then repeat.",
				context: { address: info.http, pid: info.pid, path: folder.db },
				cause: e,
			},
		);
	}
}
