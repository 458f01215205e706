import type { ErrorTable } from "./error-entry.ts";

const SEND_WHOLE = {
	en: "The file is damaged or was sent in part: export it again as UTF-8 or GB18030 and send it whole.",
	zh: "文件损坏或没有传完：请重新导出为 UTF-8 或 GB18030，完整传送。",
};
const END_WHOLE = {
	en: "Export the file again and send it whole. If it is whole, end its last line with a line break.",
	zh: "请重新导出并完整传送。若文件本来完整，请在最后一行末尾加换行。",
};
const SAVE_AS_CSV = {
	en: "Open it in the program that made it and save it as CSV (UTF-8 or GB18030).",
	zh: "用制作它的程序打开，另存为 CSV（UTF-8 或 GB18030）。",
};
const COLUMNS = {
	en: "Name the columns as in the bureau's form, or see whether it is the right file.",
	zh: "列名照主管部门的表格写，或看看是不是给错了文件。",
};

/** Files that people hand over: ratings, fleets, keys. */
export const FILES: ErrorTable = {
	"column-missing": {
		fault: "input",
		en: { what: "{file}: The header lacks {missing}. Seen: {seen}.", next: COLUMNS.en },
		zh: { what: "{file}：表头缺少 {missing}。看到的列：{seen}。", next: COLUMNS.zh },
	},
	"csv-malformed": {
		fault: "input",
		en: {
			what: "{file}, line {line}, column {column}: the row is not CSV.",
			next: "Export the file again as CSV.",
		},
		zh: { what: "{file} 第 {line} 行第 {column} 列：这一行不是 CSV。", next: "请重新导出为 CSV。" },
	},
	"encoding-broken": {
		fault: "input",
		en: { what: "{file}, line {line}, column {column}: {how}.", next: SEND_WHOLE.en },
		zh: { what: "{file} 第 {line} 行第 {column} 列的文字有误（{how}）。", next: SEND_WHOLE.zh },
		more: [
			{
				en: {
					what: "{file}, line {line}, column {column}: its end is cut inside a character.",
					next: SEND_WHOLE.en,
				},
				zh: { what: "{file} 第 {line} 行第 {column} 列：末尾断在一个字中间。", next: SEND_WHOLE.zh },
			},
			{
				en: {
					what: "{file}, line {line}, column {column}: it is neither UTF-8 nor GB18030 there.",
					next: SEND_WHOLE.en,
				},
				zh: { what: "{file} 第 {line} 行第 {column} 列：既不是 UTF-8，也不是 GB18030。", next: SEND_WHOLE.zh },
			},
		],
	},
	"file-empty": {
		fault: "input",
		en: { what: "{file} is empty.", next: "Export it again and look at it first." },
		zh: { what: "{file} 是空的。", next: "请重新导出，并先打开看看。" },
	},
	"file-exists": {
		fault: "input",
		en: {
			what: "{file} is there already; it may hold another light's key.",
			next: "Give --out another name, or remove the file.",
		},
		zh: { what: "{file} 已经存在，里面可能是另一盏灯的密钥。", next: "给 --out 换个名字，或先删去该文件。" },
	},
	"file-not-found": {
		fault: "input",
		wrongUse: true,
		en: { what: "There is no file {file}.", next: "Check the path; a path with blanks needs quotes." },
		zh: { what: "没有文件 {file}。", next: "检查路径；带空格的路径要加引号。" },
	},
	"file-too-large": {
		fault: "input",
		en: {
			what: "{file} has more than the {limit} bytes that are taken.",
			next: "See whether it is the right file and has line ends; a rating file of 100,000 drivers has about 7 MB.",
		},
		zh: {
			what: "{file} 超过可接收的 {limit} 字节。",
			next: "看看是不是给错了文件、有没有换行；十万名驾驶员的评级文件约 7 MB。",
		},
	},
	"file-unreadable": {
		fault: "input",
		wrongUse: true,
		en: { what: "{file} cannot be read ({reason}).", next: "Give a file that the user who runs this may read." },
		zh: { what: "无法读取 {file}（{reason}）。", next: "给一个运行本命令的用户有权读取的文件。" },
		more: [
			{
				en: { what: "{file} is a folder, not a file.", next: "Give the file in it." },
				zh: { what: "{file} 是文件夹，不是文件。", next: "给出其中的文件。" },
			},
			{
				en: { what: "{file} cannot be read ({reason}).", next: "Give the file to the user who runs the gateway." },
				zh: { what: "无法读取 {file}（{reason}）。", next: "把该文件交给运行网关的用户。" },
			},
		],
	},
	"file-unwritable": {
		fault: "input",
		en: { what: "{file} cannot be written.", next: "Give --out a file in a folder that you may write." },
		zh: { what: "无法写入 {file}。", next: "--out 要给一个可写文件夹里的文件。" },
		more: [
			{
				en: { what: "{file} cannot be written.", next: "Free some space on its disk, then repeat." },
				zh: { what: "无法写入 {file}。", next: "在它的磁盘上腾出空间，然后重试。" },
			},
			{
				en: { what: "The folder {file} cannot be made.", next: "Give --out-dir a folder that you may write." },
				zh: { what: "无法建立文件夹 {file}。", next: "--out-dir 要给一个可写的文件夹。" },
			},
		],
	},
	"header-not-found": {
		fault: "input",
		en: { what: "{file}: No row holds the columns {missing}. Seen: {seen}.", next: COLUMNS.en },
		zh: { what: "{file}：没有一行含有列 {missing}。看到的列：{seen}。", next: COLUMNS.zh },
	},
	"key-unreadable": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "{file} holds no {wanted}.",
			next: "Make one with: openssl genpkey -algorithm ed25519 (and openssl pkey -pubout for the public half).",
		},
		zh: {
			what: "{file} 里没有可用的密钥（{wanted}）。",
			next: "用 openssl genpkey -algorithm ed25519 生成（公钥用 openssl pkey -pubout）。",
		},
		more: [
			{
				en: {
					what: "The private key cannot be read.",
					next: "Use an Ed25519 private key (PEM, PKCS#8), as `liangxing lights add` writes it.",
				},
				zh: {
					what: "无法读取本灯的私钥。",
					next: "用 Ed25519 私钥（PEM，PKCS#8），即 `liangxing lights add` 写出的那种。",
				},
			},
			{
				en: {
					what: "The private key is not an Ed25519 key.",
					next: "Use an Ed25519 private key (PEM, PKCS#8), as `liangxing lights add` writes it.",
				},
				zh: {
					what: "本灯的私钥不是 Ed25519 密钥。",
					next: "用 Ed25519 私钥（PEM，PKCS#8），即 `liangxing lights add` 写出的那种。",
				},
			},
			{
				en: {
					what: "The private key has {count} bytes, not {wanted}.",
					next: "Use an Ed25519 private key (PEM, PKCS#8), as `liangxing lights add` writes it.",
				},
				zh: {
					what: "私钥有 {count} 字节，应为 {wanted}。",
					next: "用 Ed25519 私钥（PEM，PKCS#8），即 `liangxing lights add` 写出的那种。",
				},
			},
		],
	},
	"line-too-long": {
		fault: "input",
		en: {
			what: "{file}, line {line}, column {column}: a row has more than {most} characters.",
			next: "See whether the file has line ends and closed quotes; export it again.",
		},
		zh: {
			what: "{file} 第 {line} 行第 {column} 列：一行超过 {most} 个字符。",
			next: "看看文件有没有换行、引号是否成对；请重新导出。",
		},
	},
	"no-rows": {
		fault: "input",
		en: {
			what: "{file} has a header and no row below it.",
			next: "An empty list would remove every rating: export the file again.",
		},
		zh: { what: "{file} 只有表头，下面没有行。", next: "空名单会删去所有评级：请重新导出。" },
		more: [
			{
				en: {
					what: "{file} has a header and no row below it.",
					next: "An empty list would remove every vehicle: export the file again.",
				},
				zh: { what: "{file} 只有表头，下面没有行。", next: "空名单会删去所有车辆：请重新导出。" },
			},
			{
				en: {
					what: "{address} has no rating.",
					next: "An empty list would remove every rating. Ask the platform; to take ratings away on purpose, import a file.",
				},
				zh: {
					what: "{address} 没有评级。",
					next: "空名单会删去所有评级。请询问平台；若真要删去评级，请导入文件。",
				},
			},
		],
	},
	"not-a-csv": {
		fault: "input",
		en: { what: "{file} is {kind}, not a CSV file.", next: SAVE_AS_CSV.en },
		zh: { what: "{file} 不是 CSV 文件（{kind}）。", next: SAVE_AS_CSV.zh },
		more: [
			{
				en: { what: "{file} is an Excel workbook (.xlsx), not a CSV file.", next: SAVE_AS_CSV.en },
				zh: { what: "{file} 是 Excel 工作簿（.xlsx），不是 CSV 文件。", next: SAVE_AS_CSV.zh },
			},
			{
				en: { what: "{file} is an old Excel workbook (.xls), not a CSV file.", next: SAVE_AS_CSV.en },
				zh: { what: "{file} 是旧版 Excel 工作簿（.xls），不是 CSV 文件。", next: SAVE_AS_CSV.zh },
			},
			{
				en: { what: "{file} is a PDF, not a CSV file.", next: SAVE_AS_CSV.en },
				zh: { what: "{file} 是 PDF，不是 CSV 文件。", next: SAVE_AS_CSV.zh },
			},
			{
				en: { what: "{file} holds bytes that no text has: it is a binary file or UTF-16.", next: SAVE_AS_CSV.en },
				zh: { what: "{file} 里有文本不会有的字节：它是二进制文件或 UTF-16。", next: SAVE_AS_CSV.zh },
			},
		],
	},
	"too-many-rows": {
		fault: "input",
		en: { what: "{file} has more than {most} rows.", next: "Split it, or see whether it is the right file." },
		zh: { what: "{file} 超过 {most} 行。", next: "请分成几份，或看看是不是给错了文件。" },
	},
	truncated: {
		fault: "input",
		en: { what: "{file}, line {line}, column {column}: {how}.", next: END_WHOLE.en },
		zh: { what: "{file} 第 {line} 行第 {column} 列处不完整（{how}）。", next: END_WHOLE.zh },
		more: [
			{
				en: {
					what: "{file}, line {line}, column {column}: the file ends in the middle of this row, which has fewer cells than the one above.",
					next: END_WHOLE.en,
				},
				zh: { what: "{file} 第 {line} 行第 {column} 列：文件在这一行中间断了，比上一行少几格。", next: END_WHOLE.zh },
			},
			{
				en: {
					what: "{file}, line {line}, column {column}: a quoted cell is never closed: the end is missing.",
					next: END_WHOLE.en,
				},
				zh: { what: "{file} 第 {line} 行第 {column} 列：引号没有闭合，结尾缺失。", next: END_WHOLE.zh },
			},
		],
	},
};
