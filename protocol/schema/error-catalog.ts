import { ALARMS } from "./error-catalog-alarms.ts";
import { BACKUP } from "./error-catalog-backup.ts";
import { API, DEPOT } from "./error-catalog-depot.ts";
import { FILES } from "./error-catalog-files.ts";
import { INSIDE, SIMULATOR } from "./error-catalog-inside.ts";
import { LIGHT } from "./error-catalog-light.ts";
import { MACHINE, STORE } from "./error-catalog-machine.ts";
import { SOURCE } from "./error-catalog-source.ts";
import { SETTINGS, WRONG_USE } from "./error-catalog-use.ts";
import type { ErrorTable } from "./error-entry.ts";

/** Every error and refusal code of the three programs and the API, by where a person meets it. A test keeps it equal to the sources. */
export const ERROR_CHAPTERS = [
	{ en: "How a command is called", zh: "命令用法", codes: WRONG_USE },
	{ en: "Settings", zh: "配置", codes: SETTINGS },
	{ en: "Files handed over", zh: "交来的文件", codes: FILES },
	{ en: "The credit platform", zh: "信用平台", codes: SOURCE },
	{ en: "What a depot refuses", zh: "场站的拒绝", codes: DEPOT },
	{ en: "The API", zh: "接口", codes: API },
	{ en: "Data folder, keys, ports, broker", zh: "数据文件夹、密钥、端口、消息代理", codes: MACHINE },
	{ en: "The store", zh: "存储", codes: STORE },
	{ en: "Backup and restore", zh: "备份与恢复", codes: BACKUP },
	{ en: "Alarms", zh: "告警", codes: ALARMS },
	{ en: "A light's program", zh: "顶灯程序", codes: LIGHT },
	{ en: "The simulator", zh: "模拟器", codes: SIMULATOR },
	{ en: "Mistakes of ours", zh: "程序自身的错误", codes: INSIDE },
] as const satisfies readonly { readonly en: string; readonly zh: string; readonly codes: ErrorTable }[];

/** The same as one table. */
export const ERROR_CATALOG: ErrorTable = Object.assign({}, ...ERROR_CHAPTERS.map((chapter) => chapter.codes));
