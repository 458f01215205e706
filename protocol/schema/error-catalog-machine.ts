import type { ErrorTable } from "./error-entry.ts";

const OWNER = {
	en: "Check that the folder exists, is not read-only and belongs to the user who runs the gateway.",
	zh: "检查文件夹是否存在、可写，并属于运行网关的用户。",
};
const REPORT = {
	en: "Report this with the log's lines; the store is unchanged.",
	zh: "请连同日志一起报告；存储没有改动。",
};
const SAME_BACKUP = {
	en: "Put keys.cose and root.pub.pem back from the same backup.",
	zh: "从同一份备份放回 keys.cose 与 root.pub.pem。",
};
const RESTART = {
	en: "Start the gateway again; if it stays, report the log's lines.",
	zh: "重启网关；若仍如此，请报告日志。",
};

/** Data folder, keys, token, ports, broker. */
export const MACHINE: ErrorTable = {
	"broker-closed": {
		fault: "state",
		en: { what: "The broker is closed.", next: "Start the gateway again." },
		zh: { what: "消息代理已关闭。", next: "重启网关。" },
	},
	"broker-down": {
		fault: "environment",
		en: {
			what: "The broker {broker} cannot be reached.",
			next: "Start the broker, or mend mqtt.url; the gateway goes on trying and then publishes everything again.",
		},
		zh: {
			what: "连不上消息代理 {broker}。",
			next: "启动消息代理，或改正 mqtt.url；网关会一直重试，连上后全部重新发布。",
		},
	},
	"broker-failed": {
		fault: "internal",
		en: { what: "The broker did not take a message.", next: RESTART.en },
		zh: { what: "消息代理没有接收一条消息。", next: RESTART.zh },
	},
	"broker-queue-full": {
		fault: "state",
		en: {
			what: "{count} messages wait for the broker already.",
			next: "Wait until lights have taken what waits; the newest state of each is sent again by itself.",
		},
		zh: { what: "已有 {count} 条消息等待发送。", next: "等顶灯取走；每盏灯的最新状态会自动重发。" },
	},
	"broker-refused": {
		fault: "input",
		en: {
			what: "The broker refused {what}: {reason}.",
			next: "A light connects under its own registered id and uses its own topics only, at the protocol's rates.",
		},
		zh: {
			what: "消息代理拒绝了 {what}：{reason}。",
			next: "顶灯只能用自己登记的编号、自己的主题，并按协议的频率。",
		},
	},
	"broker-unguarded": {
		fault: "internal",
		en: {
			what: "This version of aedes does not let its packet sizes be watched.",
			next: "Install the version that package-lock.json names (npm ci).",
		},
		zh: { what: "这个版本的 aedes 不能监视报文大小。", next: "安装 package-lock.json 指定的版本（npm ci）。" },
	},
	"data-folder-unwritable": {
		fault: "environment",
		en: {
			what: "The data folder cannot be written: {path} ({reason}).",
			next: "Give its owner and mode to the user who runs the gateway, or choose another folder with --data.",
		},
		zh: {
			what: "无法写入数据文件夹：{path}（{reason}）。",
			next: "把它的所有者和权限交给运行网关的用户，或用 --data 另选文件夹。",
		},
		more: [
			{
				en: { what: "{path} is a file, not a folder.", next: "Choose a folder with --data, or move that file away." },
				zh: { what: "{path} 是文件，不是文件夹。", next: "用 --data 另选文件夹，或移走该文件。" },
			},
			{
				en: {
					what: "The data folder {path} cannot be made: {file} is a file, not a folder.",
					next: "Choose a folder with --data, or move that file away.",
				},
				zh: {
					what: "无法建立数据文件夹 {path}：{file} 是文件，不是文件夹。",
					next: "用 --data 另选文件夹，或移走该文件。",
				},
			},
		],
	},
	"disk-full": {
		fault: "environment",
		en: {
			what: "The disk of {path} is full.",
			next: "Free some space, then start again; nothing accepted so far is lost.",
		},
		zh: { what: "{path} 所在磁盘已满。", next: "腾出空间后重新启动；已接受的都没有丢。" },
	},
	"file-mode-too-open": {
		fault: "environment",
		en: { what: "{path} can be read by other users (mode {mode}).", next: "Run: chmod 600 {path}" },
		zh: { what: "其他用户能读取 {path}（权限 {mode}）。", next: "运行：chmod 600 {path}" },
	},
	"fleet-mismatch": {
		fault: "input",
		en: {
			what: "The data folder belongs to fleet {stored}, the settings say {wanted}.",
			next: "Set fleet to {stored}, or give the other fleet a data folder of its own with --data.",
		},
		zh: {
			what: "数据文件夹属于车队 {stored}，配置写的是 {wanted}。",
			next: "把 fleet 设为 {stored}，或用 --data 给另一车队单独的数据文件夹。",
		},
		more: [
			{
				en: {
					what: 'The store {path} is of fleet "{stored}", not of "{wanted}".',
					next: 'Set fleet to "{stored}", or give the other fleet a data folder of its own.',
				},
				zh: {
					what: "存储 {path} 属于车队“{stored}”，不是“{wanted}”。",
					next: "把 fleet 设为“{stored}”，或给另一车队单独的数据文件夹。",
				},
			},
		],
	},
	"key-file-invalid": {
		fault: "environment",
		en: {
			what: "{file} holds no Ed25519 {half} key ({form}, PEM).",
			next: "Put {file} back from a backup of the data folder.",
		},
		zh: {
			what: "{file} 里没有 Ed25519 密钥（{half}，{form}，PEM）。",
			next: "从数据文件夹的备份放回 {file}。",
		},
	},
	"key-file-missing": {
		fault: "environment",
		en: {
			what: "{what} is missing: {path}.",
			next: "Put the data folder back from a backup. Lights trust only the keys that they were given.",
		},
		zh: { what: "缺少密钥文件：{path}（{what}）。", next: "从备份放回数据文件夹。顶灯只信任发给它们的密钥。" },
	},
	"keys-message-invalid": {
		fault: "environment",
		en: { what: "{file} is not signed by the root ({reason}).", next: SAME_BACKUP.en },
		zh: { what: "{file} 不是根密钥签的（{reason}）。", next: SAME_BACKUP.zh },
	},
	"port-not-allowed": {
		fault: "environment",
		en: {
			what: "Port {port} of {host} cannot be opened ({reason}).",
			next: "Set mqtt.port to a free port above 1023 (0 takes a free one).",
		},
		zh: {
			what: "无法打开 {host} 的端口 {port}（{reason}）。",
			next: "把 mqtt.port 设为大于 1023 的空闲端口（0 为任意空闲端口）。",
		},
	},
	"port-refused": {
		fault: "environment",
		en: {
			what: "Port {port} on {host} cannot be opened ({reason}).",
			next: "Choose another address or port with --http-host and --http-port; ports below 1024 need rights.",
		},
		zh: {
			what: "无法打开 {host} 的端口 {port}（{reason}）。",
			next: "用 --http-host、--http-port 换地址或端口；1024 以下的端口需要权限。",
		},
	},
	"port-taken": {
		fault: "environment",
		en: {
			what: "Port {port} on {host} is taken by another program.",
			next: "Stop that program, or choose another port with --http-port (0 = any free one).",
		},
		zh: {
			what: "{host} 的端口 {port} 已被别的程序占用。",
			next: "停掉那个程序，或用 --http-port 换端口（0 为任意空闲端口）。",
		},
		more: [
			{
				en: {
					what: "Port {port} of {host} is taken by another program.",
					next: "Stop that program, or set mqtt.port to another port (0 takes a free one).",
				},
				zh: {
					what: "{host} 的端口 {port} 已被别的程序占用。",
					next: "停掉那个程序，或把 mqtt.port 设为别的端口（0 为任意空闲端口）。",
				},
			},
			{
				en: {
					what: "Port {port} on {host} is taken by another program.",
					next: "Stop that program, or choose another port with --port (0 = any free one).",
				},
				zh: {
					what: "{host} 的端口 {port} 已被别的程序占用。",
					next: "停掉那个程序，或用 --port 换端口（0 为任意空闲端口）。",
				},
			},
			{
				en: {
					what: "Port {port} on {host} is taken by another program.",
					next: "Stop that program, or choose another port with --mqtt-port (0 = any free one).",
				},
				zh: {
					what: "{host} 的端口 {port} 已被别的程序占用。",
					next: "停掉那个程序，或用 --mqtt-port 换端口（0 为任意空闲端口）。",
				},
			},
		],
	},
	"signing-key-not-trusted": {
		fault: "environment",
		en: {
			what: "{file} is not in the root-signed list of keys.",
			next: "Put signing.key.pem and keys.cose back from the same backup.",
		},
		zh: { what: "{file} 不在根密钥签的密钥表里。", next: "从同一份备份放回 signing.key.pem 与 keys.cose。" },
	},
	"token-invalid": {
		fault: "environment",
		en: {
			what: "{file} holds no usable token.",
			next: "Remove {file} and start the gateway again; it makes a new one.",
		},
		zh: { what: "{file} 里没有可用的令牌。", next: "删去 {file} 并重启网关，它会生成新的。" },
	},
};

/** The store. */
export const STORE: ErrorTable = {
	"store-closed": {
		fault: "state",
		en: { what: "The store is closed: {path}.", next: "Start the gateway again." },
		zh: { what: "存储已关闭：{path}。", next: "重启网关。" },
	},
	"store-corrupt": {
		fault: "environment",
		en: {
			what: "The store's file is damaged or is no store: {path}.",
			next: "Keep the file aside, put back the newest backup, then start again; lights go on with their leases meanwhile.",
		},
		zh: {
			what: "存储文件已损坏，或不是存储：{path}。",
			next: "把该文件另存，放回最新的备份再启动；其间顶灯按租期继续。",
		},
		more: [
			{
				en: {
					what: "A row of the store's table {table} cannot be read: {path}.",
					next: "Keep the file aside, put back the newest backup, then start again; lights go on with their leases meanwhile.",
				},
				zh: {
					what: "存储的 {table} 表有一行无法读取：{path}。",
					next: "把该文件另存，放回最新的备份再启动；其间顶灯按租期继续。",
				},
			},
		],
	},
	"store-failed": {
		fault: "internal",
		en: { what: "The store failed: {path}.", next: RESTART.en },
		zh: { what: "存储出错：{path}。", next: RESTART.zh },
		more: [
			{
				en: {
					what: "The store cannot be written; what was accepted before is safe.",
					next: "Free disk space and see the gateway's log; it goes on by itself.",
				},
				zh: { what: "存储无法写入；此前已接受的都安全。", next: "腾出磁盘空间并查看网关日志；它会自行继续。" },
			},
			{
				en: {
					what: "The depot's store could not take this; nothing of it holds.",
					next: "Free space on the disk or mend the store (see the log), then repeat.",
				},
				zh: { what: "场站的存储没能存下，全部不算数。", next: "腾出磁盘空间或修复存储（见日志），然后重试。" },
			},
			{
				en: { what: "The store could not take this.", next: "Repeat; see the gateway's log." },
				zh: { what: "存储没能存下。", next: "重试；查看网关日志。" },
			},
		],
	},
	"store-foreign": {
		fault: "input",
		en: { what: "{path} is a database, but not one of ours.", next: "Give the gateway a data folder of its own." },
		zh: { what: "{path} 是数据库，但不是本产品的。", next: "给网关一个单独的数据文件夹。" },
	},
	"store-full": {
		fault: "environment",
		en: {
			what: "There is no space left for the store: {path}.",
			next: "Free space on its disk; what was accepted so far is kept, and the gateway goes on by itself.",
		},
		zh: { what: "存储没有空间了：{path}。", next: "在它的磁盘上腾出空间；已接受的都保留，网关会自行继续。" },
	},
	"store-io": {
		fault: "environment",
		en: {
			what: "The disk failed under the store: {path}.",
			next: "Check the disk and its cable or card, then start the gateway again.",
		},
		zh: { what: "存储所在磁盘出错：{path}。", next: "检查磁盘及其连线或存储卡，然后重启网关。" },
		more: [
			{
				en: {
					what: "A failed commit could not be undone: {path}.",
					next: "Check the disk, then start the gateway again.",
				},
				zh: { what: "失败的提交没能撤销：{path}。", next: "检查磁盘，然后重启网关。" },
			},
		],
	},
	"store-locked": {
		fault: "state",
		en: {
			what: "Another program has the store open: {path}.",
			next: "Use the running gateway (its commands go through it), or stop it first, then repeat.",
		},
		zh: { what: "另一个程序正打开着存储：{path}。", next: "用正在运行的网关（命令会经过它），或先停掉它再试。" },
		more: [
			{
				en: {
					what: "The gateway at {address} (process {pid}) has the store open: {path}.",
					next: "Use that gateway: commands with the same --data go through it. Or stop it first, then repeat.",
				},
				zh: {
					what: "位于 {address} 的网关（进程 {pid}）正打开着存储：{path}。",
					next: "用那个网关：--data 相同的命令会经过它。或先停掉它再试。",
				},
			},
		],
	},
	"store-not-durable": {
		fault: "environment",
		en: {
			what: "The store does not keep commits over a loss of power: {path}.",
			next: "Put the data folder on a local disk; network folders and memory disks may not have what it needs.",
		},
		zh: {
			what: "存储在断电后不能保住已提交的内容：{path}。",
			next: "把数据文件夹放在本地磁盘；网络文件夹和内存盘可能做不到。",
		},
	},
	"store-refused": {
		fault: "internal",
		en: { what: "The store refused a row that breaks its own rules: {path}.", next: REPORT.en },
		zh: { what: "存储拒收了一行不合规则的数据：{path}。", next: REPORT.zh },
		more: [
			{
				en: { what: "A value to be stored is missing: {name}.", next: REPORT.en },
				zh: { what: "要存储的值缺失：{name}。", next: REPORT.zh },
			},
		],
	},
	"store-too-new": {
		fault: "state",
		en: {
			what: "The store {path} has schema {version}; this program knows {newest}.",
			next: "Run the newer version that made it, or put back the backup beside it from before that version.",
		},
		zh: {
			what: "存储 {path} 的版本是 {version}，本程序只认识到 {newest}。",
			next: "运行写出它的较新版本，或放回旁边升级前的备份。",
		},
	},
	"store-unwritable": {
		fault: "environment",
		en: { what: "The store's file or folder cannot be written: {path}.", next: OWNER.en },
		zh: { what: "无法写入存储的文件或文件夹：{path}。", next: OWNER.zh },
		more: [
			{
				en: {
					what: "The store cannot be made: {path}.",
					next: "Check that the folder exists, is not read-only, has space, and belongs to the user who runs the gateway.",
				},
				zh: {
					what: "无法建立存储：{path}。",
					next: "检查文件夹是否存在、可写、有空间，并属于运行网关的用户。",
				},
			},
		],
	},
};
