import type { ErrorTable } from "./error-entry.ts";

/** What a backup or a restore refuses. */
export const BACKUP: ErrorTable = {
	"backup-busy": {
		fault: "state",
		en: { what: "A backup is being made already.", next: "Wait until it is done, then repeat." },
		zh: { what: "已在备份。", next: "等它完成后再试。" },
	},
	"backup-damaged": {
		fault: "input",
		en: {
			what: "{file} is not what its manifest says: it was changed or cut short.",
			next: "Copy both files again from where they came, or use another backup.",
		},
		zh: { what: "{file} 与其清单不符：被改动或不完整。", next: "从原处重新复制这两个文件，或改用别的备份。" },
	},
	"backup-exists": {
		fault: "input",
		en: {
			what: "There is a file already: {file}.",
			next: "Name another file, or a folder: in it each backup gets a name of its own.",
		},
		zh: { what: "文件已存在：{file}。", next: "换一个文件名，或指定文件夹：其中每份备份自有其名。" },
	},
	"backup-keys-invalid": {
		fault: "input",
		en: {
			what: "{path} cannot be read as keys.",
			next: "Move it away and put the key files back by hand, or use another backup.",
		},
		zh: { what: "{path} 不是可用的密钥文件。", next: "移走它并手工放回密钥文件，或改用别的备份。" },
	},
	"backup-manifest-invalid": {
		fault: "input",
		en: {
			what: "{file} cannot be read as a backup's manifest.",
			next: "Use another backup, or name this one with --no-manifest: then only SQLite's own check is made.",
		},
		zh: { what: "{file} 不是可用的备份清单。", next: "改用别的备份，或加 --no-manifest：那样只做 SQLite 自身的检查。" },
	},
	"backup-manifest-missing": {
		fault: "input",
		en: {
			what: "There is no {file} beside the backup.",
			next: "Put it beside the copy; without it the copy may be cut short. For a store kept by a restore or an upgrade: --no-manifest.",
		},
		zh: {
			what: "备份旁边没有 {file}。",
			next: "把它放到备份旁边；没有它，备份可能不完整。恢复或升级时留下的存储请加 --no-manifest。",
		},
	},
	"backup-other-root": {
		fault: "input",
		en: {
			what: "The lights in {file} trust another root key than that of {folder}.",
			next: "Use an empty data folder, with the key files of the backup's depot or with its root.key.pem.",
		},
		zh: {
			what: "{file} 里的顶灯信任的根密钥不是 {folder} 的。",
			next: "用空的数据文件夹，放入该备份所属场站的密钥文件或其 root.key.pem。",
		},
	},
	"backup-unwritable": {
		fault: "environment",
		en: {
			what: "The backup cannot be written: {path} ({reason}).",
			next: "Check that the folder is there and belongs to the user who runs the gateway, then repeat.",
		},
		zh: { what: "备份无法写入：{path}（{reason}）。", next: "确认文件夹存在且属于运行网关的用户，再重试。" },
		more: [
			{
				en: {
					what: "There is no folder for the backup: {path}.",
					next: "Make the folder first (is the disk mounted?), then repeat.",
				},
				zh: { what: "没有放备份的文件夹：{path}。", next: "先建好文件夹（磁盘挂上了吗？），再重试。" },
			},
		],
	},
	"restore-unconfirmed": {
		fault: "input",
		en: {
			what: "There is a store already: {file}.",
			next: "Add --yes: it is kept beside the restored one under another name, and the whole fleet goes dark first.",
		},
		zh: { what: "已有存储：{file}。", next: "加上 --yes：它会改名留下，全车队先熄星。" },
	},
	"restore-while-running": {
		fault: "state",
		en: {
			what: "A gateway runs on {data} (process {pid}, {address}).",
			next: "Stop it (Ctrl-C, or its service), then repeat.",
		},
		zh: { what: "{data} 上有网关在运行（进程 {pid}，{address}）。", next: "先停下它（Ctrl-C 或其服务），再重试。" },
	},
};
