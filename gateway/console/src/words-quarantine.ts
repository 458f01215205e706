import { inBoth } from "./page-words.ts";

const zh = {
	loading: "正在读取隔离的行",
	lead: "没有采用的行。驾驶员原来的评级不变。",
	none: "还没有拉取过评级",
	noneText: "导入一份：liangxing ratings import FILE。",
	clean: "这一批没有隔离的行",
	cleanText: "每一行都采用了。",
	pulls: "最近的拉取",
	pullsNote: (n: number): string =>
		n >= 50 ? "只留最近 50 批和待确认的；更早的不在这里列出。" : "最近 50 批都留在这里。",
	pull: "批次",
	at: "时间",
	source: "来源",
	sources: { csv: "文件", http: "信用平台" },
	rows: "行数",
	accepted: "采用",
	quarantined: "隔离",
	status: "结果",
	statuses: { held: "待确认", accepted: "已接受", rejected: "未采用", applied: "已生效", unchanged: "没有变化" },
	rowsOf: (id: string) => `${id} 隔离的行`,
	rowsNote: "行号从表头下一行起数。这里没有证号，也没有姓名；对照原文件的行号改正，再导入一次。",
	reason: "原因",
	all: "全部",
	row: "行号",
	what: "是什么",
	next: "怎么办",
	driver: "驾驶员",
	unknown: "认不出",
	noReason: "目录里没有这个代码",
	pick: (id: string) => `看 ${id} 的行`,
};

const en: typeof zh = {
	loading: "Reading the quarantined rows",
	lead: "Rows that were not taken. The drivers' former ratings stand.",
	none: "No ratings were pulled yet",
	noneText: "Import a file: liangxing ratings import FILE.",
	clean: "No row of this pull was quarantined",
	cleanText: "Every row was taken.",
	pulls: "Newest pulls",
	pullsNote: (n) =>
		n >= 50
			? "Only the newest 50 and those that are held are kept here; older ones are not listed."
			: "The newest 50 are kept here.",
	pull: "Pull",
	at: "At",
	source: "Source",
	sources: { csv: "file", http: "credit platform" },
	rows: "Rows",
	accepted: "Taken",
	quarantined: "Quarantined",
	status: "Outcome",
	statuses: { held: "held", accepted: "accepted", rejected: "not taken", applied: "in force", unchanged: "unchanged" },
	rowsOf: (id) => `Quarantined rows of ${id}`,
	rowsNote:
		"Rows are counted from the one below the header. No certificate numbers, no names here: mend the file by its row numbers and import it again.",
	reason: "Reason",
	all: "All",
	row: "Row",
	what: "What it is",
	next: "What to do",
	driver: "Driver",
	unknown: "not known",
	noReason: "a code that the catalogue lacks",
	pick: (id) => `See the rows of ${id}`,
};

export const quarantineWords = inBoth(zh, en);
