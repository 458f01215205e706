import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Clock, Timers } from "../../protocol/ports/clock.ts";
import type { Log } from "../../protocol/ports/log.ts";
import { toHex } from "../../protocol/wire/bytes.ts";
import { seconds, toUnixSeconds } from "../../protocol/wire/units.ts";
import type { Broker, BrokerOptions } from "../broker/aedes-broker.ts";
import { loadPolicy } from "../config/policy-file.ts";
import type { Settings } from "../config/schema.ts";
import { GatewayCore } from "../core/core.ts";
import { Histogram } from "../core/figures/histogram.ts";
import type { Snapshot } from "../core/model.ts";
import type { CoreConfig, Now } from "../core/types.ts";
import { type DepotStore, openSqliteStore } from "../store/sqlite-store.ts";
import { VERSION } from "../version.ts";
import type { BackupSource } from "./backup.ts";
import { type DataFolder, ensureDataFolder } from "./data-folder.ts";
import { type DepotKeys, ensureKeys } from "./keys.ts";
import { NodeCrypto, nodeRandom } from "./node-crypto.ts";
import { ensureToken } from "./token.ts";
import { ForeknownCrypto } from "./verify-ahead.ts";

/** What the composition root hands down. */
export interface DepotPorts {
	readonly clock: Clock;
	readonly timers: Timers;
	/** Runs after other work of the event loop had its turn (`setImmediate`). */
	readonly soon: (run: () => void) => void;
	readonly log: Log;
	/** A broker with something put before or behind it (benchmarks measure there); left out = the embedded one as it is. */
	readonly openBroker?: (options: BrokerOptions) => Promise<Broker>;
}

/** A data folder that is open: store locked, keys and token there, the core's maker bound. */
export interface Foundation {
	readonly folder: DataFolder;
	readonly store: DepotStore;
	readonly snapshot: Snapshot;
	readonly keys: DepotKeys;
	readonly token: string;
	/** What the core verifies by. */
	readonly crypto: ForeknownCrypto;
	/** How long transactions took until they were on the disk, seconds. */
	readonly commitS: Histogram;
	makeCore(snapshot: Snapshot, now: Now): GatewayCore;
}

/** A light is silent after two and a half of its report periods: one report may be lost. */
const SILENT_PERIODS = 2.5;

/** The core's part of the settings. Throws the policy file's coded errors. */
export function coreConfig(settings: Settings, crypto: NodeCrypto): CoreConfig {
	return {
		fleet: settings.fleet,
		policy: loadPolicy(settings.policy, crypto),
		leaseS: seconds(settings.leaseS),
		resumes: settings.resumes,
		resumeS: seconds(settings.resumeS),
		reportS: seconds(settings.reportS),
		allowUnassigned: settings.allowUnassigned,
		heldRemovedShare: settings.heldRemovedShare,
		heldLoweredShare: settings.heldLoweredShare,
		silentAfterS: seconds(settings.silentAfterS || Math.ceil(SILENT_PERIODS * settings.reportS)),
	};
}

/** From a solid-state disk to a card that is about to die: seconds. */
const COMMIT_BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Nothing in it yet that lights or people rely on. */
const isFresh = (s: Snapshot): boolean => s.meta.epoch === 0 && s.lights.size === 0 && s.drivers.size === 0;

/**
 * Opens a data folder: folder, store under its lock, then keys and token, made at the first start. On any failure the store is
 * closed again. Throws coded errors of the folder, the store, the keys, the policy.
 */
export async function openFoundation(settings: Settings, clock: Clock): Promise<Foundation> {
	const crypto = new NodeCrypto();
	const config = coreConfig(settings, crypto);
	const folder = ensureDataFolder(settings.data);
	const commitS = new Histogram(COMMIT_BOUNDS_S);
	const onCommit = (ms: number) => commitS.observe(ms / 1000);
	const store = await openSqliteStore(folder.db, { fleet: settings.fleet, clock, onCommit });
	try {
		const snapshot = await store.load();
		const keys = ensureKeys(folder, settings.fleet, isFresh(snapshot), toUnixSeconds(clock.unixMs()), crypto);
		const { token } = ensureToken(folder);
		const foreknown = new ForeknownCrypto(crypto);
		const env = {
			crypto: foreknown,
			random: nodeRandom,
			signingKey: keys.signer.publicKey,
			keysMessage: keys.keysMessage,
		};
		return {
			folder,
			store,
			snapshot,
			keys,
			token,
			crypto: foreknown,
			commitS,
			makeCore: (from, now) => new GatewayCore(config, env, from, now),
		};
	} catch (e) {
		await store.close();
		throw e;
	}
}

/** What backups of this depot are made of. */
export const backupSource = (
	settings: Settings,
	{ store, keys }: Pick<Foundation, "store" | "keys">,
): BackupSource => ({
	store,
	fleet: settings.fleet,
	program: VERSION,
	root: toHex(keys.rootPublicKey),
});

/** Folder of the built console: beside the built gateway, or in `dist` where the sources run. */
export function consoleDir(): string | null {
	for (const path of ["../../console/", "../../dist/console/"]) {
		const url = new URL(path, import.meta.url);
		if (existsSync(new URL("index.html", url))) return fileURLToPath(url);
	}
	return null;
}
