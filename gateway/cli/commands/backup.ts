import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { MAX_KEPT_BACKUPS } from "../../../protocol/schema/api-backup.ts";
import { CodedError } from "../../../protocol/wire/errors.ts";
import type { Made } from "../../depot/backup.ts";
import { withDepot } from "../access.ts";
import { type CommonOptions, type Context, common, print, say, settingsFor } from "../common.ts";

interface BackupOptions extends CommonOptions {
	readonly keep?: string;
	readonly withKeys?: boolean;
}

/** Where the backup goes: a folder, in which it has a name of its own, or a file. */
interface Target {
	readonly folder: string;
	readonly file: string | null;
}

function keepOf(options: BackupOptions, target: Target | null): number | null {
	if (options.keep === undefined) return null;
	const keep = Number(options.keep);
	if (!Number.isInteger(keep) || keep < 1 || keep > MAX_KEPT_BACKUPS)
		throw new CodedError(
			"option-invalid",
			`--keep ${options.keep} is not a whole number from 1 to ${MAX_KEPT_BACKUPS}.`,
			{
				fault: "input",
				next: "Give a whole number within these bounds.",
			},
		);
	if (target !== null && target.file !== null)
		throw new CodedError("option-conflict", "--keep goes with a folder, not with a file.", {
			fault: "input",
			next: "Leave one of them out.",
		});
	return keep;
}

function targetOf(context: Context, path: string | undefined): Target | null {
	if (path === undefined) return null;
	const full = resolve(context.host.cwd, path);
	const isFolder = existsSync(full) && statSync(full).isDirectory();
	if (isFolder) return { folder: full, file: null };
	if (existsSync(dirname(full)) && !/[/\\]$/.test(path)) return { folder: dirname(full), file: full };
	throw new CodedError("backup-unwritable", `There is no folder for the backup: ${path}.`, {
		fault: "input",
		next: "Make the folder first (is the disk mounted?), then repeat.",
		context: { path },
	});
}

async function backUp(context: Context, path: string | undefined, options: BackupOptions): Promise<void> {
	const target = targetOf(context, path);
	const keep = keepOf(options, target);
	const { exists, moveBackup, prune } = await import("../../depot/backup.ts");
	if (target?.file != null && existsSync(target.file)) throw exists(target.file);
	const loaded = await settingsFor(context, options);
	const { settings } = loaded;
	const made = (await withDepot(context.host, loaded, (depot) =>
		depot.backup(target === null ? keep : null),
	)) as unknown as Made; // what `makeBackup` answered, by the API or at once
	let { file, removed } = made;
	if (target !== null) {
		file = target.file ?? join(target.folder, basename(made.file));
		moveBackup(made, file);
		if (keep !== null) removed = prune(target.folder, settings.fleet, keep);
	}
	const keys = options.withKeys === true ? await withKeys(settings.data, file, settings.fleet) : null;
	const { pauseMs, manifest } = made;
	const value = {
		file,
		...manifest,
		pauseMs,
		removed,
		keys: keys?.file ?? null,
		hasRootKey: keys?.hasRootKey ?? false,
	};
	print(context, value, summary(context, value));
}

async function withKeys(data: string, file: string, fleet: string) {
	const [{ writeKeysBeside }, { dataFolder }] = await Promise.all([
		import("../../depot/backup-keys.ts"),
		import("../../depot/data-folder.ts"),
	]);
	return writeKeysBeside(dataFolder(data), file, fleet);
}

interface Told {
	readonly file: string;
	readonly bytes: number;
	readonly lights: number;
	readonly drivers: number;
	readonly removed: readonly string[];
	readonly keys: string | null;
	readonly hasRootKey: boolean;
}

function summary(context: Context, told: Told): string {
	const mib = (told.bytes / 1024 / 1024).toFixed(1);
	const lines = [
		say(context, {
			zh: `已备份并核对：${told.file}（${mib} MiB，顶灯 ${told.lights} 盏，驾驶员 ${told.drivers} 人）`,
			en: `backed up and checked: ${told.file} (${mib} MiB, ${told.lights} lights, ${told.drivers} drivers)`,
		}),
	];
	if (told.removed.length > 0)
		lines.push(
			say(context, {
				zh: `删去较早的备份 ${told.removed.length} 份`,
				en: `removed ${told.removed.length} older ones`,
			}),
		);
	lines.push(keysLine(context, told));
	return lines.join("\n");
}

function keysLine(context: Context, { keys, hasRootKey }: Told): string {
	if (keys === null)
		return say(context, {
			zh: "其中没有密钥。没有签名密钥或根密钥，顶灯就要逐盏重新登记：请用 --with-keys 另存一份到别处。",
			en: "No key is in it. Without signing key or root key every light must be enrolled again: keep one made --with-keys elsewhere.",
		});
	return hasRootKey
		? say(context, {
				zh: `私钥（含根私钥）在 ${keys}：请锁在别处，不要与数据同放。`,
				en: `The private keys, the root's among them, are in ${keys}: lock it away, apart from the data.`,
			})
		: say(context, {
				zh: `签名私钥在 ${keys}：请锁在别处。根私钥不在其中。`,
				en: `The signing key is in ${keys}: lock it away. The root's private key is not in it.`,
			});
}

export function backupCommand(program: Command, context: Context): void {
	const command = program
		.command("backup")
		.argument(
			"[target]",
			say(context, {
				zh: "文件夹或文件（默认：配置里的备份文件夹）",
				en: "folder or file (default: the settings' backup folder)",
			}),
		)
		.description(
			say(context, {
				zh: "备份存储，网关可以照常运行；写完后整份核对",
				en: "back up the store, also while the gateway runs; the copy is checked whole",
			}),
		)
		.option("--keep <n>", say(context, { zh: "只留最新的 n 份", en: "leave only the newest n of ours in the folder" }))
		.option(
			"--with-keys",
			say(context, {
				zh: "另写一份密钥文件（机密）",
				en: "write the keys into a file beside it (secret)",
			}),
		);
	common(command, context, [
		"liangxing backup --data depot",
		"liangxing backup /mnt/usb --keep 14 --data depot",
		"liangxing backup /mnt/safe --with-keys --data depot",
	]);
	command.action((target: string | undefined, options: BackupOptions) => backUp(context, target, options));
}
