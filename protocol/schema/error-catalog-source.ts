import type { ErrorTable, Wording } from "./error-entry.ts";

const LATER = {
	en: "Nothing is lost: the former ratings stand, and it is tried again. If it stays, ask the platform.",
	zh: "没有丢失任何东西：原有评级不变，会再试。若一直如此，请询问平台。",
};
const TELL = {
	en: "The former ratings stand. Tell the platform which form a page has: docs/rating-sources.md.",
	zh: "原有评级不变。请告诉平台一页应是什么形式：docs/rating-sources.md。",
};

/** Why a list that came is not a whole one. */
const incomplete = (en: string, zh: string): Wording => ({
	en: {
		what: `The platform's list did not come whole: ${en}.`,
		next: "Nothing of it was taken, the former ratings stand, and it is tried again. If it stays, tell the platform.",
	},
	zh: {
		what: `平台的名单没有完整取到：${zh}。`,
		next: "没有采用其中任何内容，原有评级不变，会再试。若一直如此，请告诉平台。",
	},
});

/** The credit platform that ratings are pulled from. */
export const SOURCE: ErrorTable = {
	"cursor-gone": {
		fault: "environment",
		en: { what: "The platform does not know the cursor any more (status {status}).", next: LATER.en },
		zh: { what: "平台已不认识游标（状态 {status}）。", next: LATER.zh },
	},
	"list-too-large": {
		fault: "environment",
		en: {
			what: "The platform's list has more than {limit} characters.",
			next: "See whether it is the right address: a list of 100,000 drivers has about 10 million.",
		},
		zh: {
			what: "平台的名单超过 {limit} 个字符。",
			next: "看看地址对不对：十万名驾驶员的名单约一千万个字符。",
		},
	},
	"page-cut-off": {
		fault: "environment",
		en: { what: "The platform's answer ended before its end.", next: LATER.en },
		zh: { what: "平台的答复没有传完就断了。", next: LATER.zh },
	},
	"page-malformed": {
		fault: "environment",
		en: { what: "The platform's page is not as expected. {problem}", next: TELL.en },
		zh: { what: "平台的一页不是应有的形式。{problem}", next: TELL.zh },
	},
	"page-not-json": {
		fault: "environment",
		en: { what: "The platform's answer is not JSON.", next: TELL.en },
		zh: { what: "平台的答复不是 JSON。", next: TELL.zh },
	},
	"page-too-large": {
		fault: "environment",
		en: {
			what: "The platform's page has more than {limit} bytes.",
			next: "Set source.http.pageSize lower; if the platform does not heed it, tell the platform.",
		},
		zh: {
			what: "平台的一页超过 {limit} 字节。",
			next: "把 source.http.pageSize 调小；若平台不理会，请告诉平台。",
		},
	},
	"platform-busy": {
		fault: "environment",
		en: { what: "The platform says that it is asked too often.", next: LATER.en },
		zh: { what: "平台说请求过于频繁。", next: LATER.zh },
	},
	"platform-failing": {
		fault: "environment",
		en: { what: "The platform answers with status {status}.", next: LATER.en },
		zh: { what: "平台答复了状态 {status}。", next: LATER.zh },
	},
	"platform-redirects": {
		fault: "environment",
		en: {
			what: "The platform sends to another address, which is not followed: the token would go with it.",
			next: "Set source.http.url to the address that answers by itself.",
		},
		zh: {
			what: "平台要求转到别的地址，没有照做：否则令牌会一起送去。",
			next: "把 source.http.url 设为直接应答的地址。",
		},
	},
	"platform-refuses": {
		fault: "environment",
		en: {
			what: "The platform refuses the request (status {status}).",
			next: "Check source.http.url; ask the platform what it wants.",
		},
		zh: { what: "平台拒绝了请求（状态 {status}）。", next: "检查 source.http.url；问问平台要什么。" },
	},
	"platform-refuses-token": {
		fault: "environment",
		en: {
			what: "The platform does not let this depot in (status {status}).",
			next: "Put the token that the platform gave into the file of source.http.tokenFile; it is read at each pull.",
		},
		zh: {
			what: "平台不让本场站进入（状态 {status}）。",
			next: "把平台给的令牌写进 source.http.tokenFile 所指的文件；每次取评级时都会重读。",
		},
	},
	"platform-token-unusable": {
		fault: "environment",
		en: {
			what: "{path} holds no token of the platform.",
			next: "Write the platform's token into it, one line, and make it the gateway's own: chmod 600.",
		},
		zh: { what: "{path} 里没有平台的令牌。", next: "把平台的令牌写进去，一行，并设为仅网关可读：chmod 600。" },
	},
	"platform-too-slow": {
		fault: "environment",
		en: { what: "The platform did not answer whole within {ms} ms.", next: LATER.en },
		zh: { what: "平台没有在 {ms} 毫秒内答完。", next: LATER.zh },
	},
	"platform-unreachable": {
		fault: "environment",
		en: {
			what: "The platform cannot be reached ({reason}).",
			next: "The former ratings stand, and it is tried again. Check source.http.url, the network and the name service.",
		},
		zh: {
			what: "连不上平台（{reason}）。",
			next: "原有评级不变，会再试。检查 source.http.url、网络和域名解析。",
		},
	},
	"pull-incomplete": {
		fault: "environment",
		...incomplete("{flaw}", "{flaw}"),
		more: [
			incomplete("the list changed between two pages", "名单在两页之间变了"),
			incomplete("two pages of one snapshot name different totals or times", "同一版的两页说的总数或时间不一样"),
			incomplete("a page stands at another place than it should", "有一页的位置不对"),
			incomplete("it has more than {most} pages", "超过 {most} 页"),
			incomplete("a page came a second time", "同一页来了两次"),
			incomplete("the cursors go in a circle", "游标绕圈"),
			incomplete("a page before the last one is empty", "最后一页之前有空页"),
			incomplete("it has more than the {total} rows that it announces", "行数多于它所说的 {total} 行"),
			incomplete("only {rows} of the {total} rows that it announces came", "它说有 {total} 行，只来了 {rows} 行"),
		],
	},
	"pull-running": {
		fault: "state",
		en: { what: "Ratings are being pulled from another address.", next: "Wait for its end, then repeat." },
		zh: { what: "正在从另一个地址取评级。", next: "等它结束，再重来。" },
	},
	"snapshot-in-future": {
		fault: "environment",
		en: {
			what: "The platform's list says that it was made more than a day from now.",
			next: "Check this machine's clock; if it is right, tell the platform that its own is wrong.",
		},
		zh: {
			what: "平台的名单说它是一天多以后做的。",
			next: "核对本机时间；若本机是对的，请告诉平台它的时间不对。",
		},
	},
	"source-not-set": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "There is no platform to pull ratings from.",
			next: "Set source.http.url in the settings, or give --url.",
		},
		zh: { what: "没有设置要取评级的平台。", next: "在配置里设 source.http.url，或给出 --url。" },
	},
	"source-url-refused": {
		fault: "input",
		wrongUse: true,
		en: {
			what: "The platform's address (source.http.url) is not an http or https address.",
			next: "Give an address such as https://credit.example.cn/api/ratings.",
		},
		zh: {
			what: "平台地址（source.http.url）不是 http 或 https 地址。",
			next: "请给出如 https://credit.example.cn/api/ratings 的地址。",
		},
		more: [
			{
				en: {
					what: "The platform's address (source.http.url) has a user or a password in it.",
					next: "Put the platform's token into a file of mode 0600 and name it by source.http.tokenFile.",
				},
				zh: {
					what: "平台地址（source.http.url）里有用户名或密码。",
					next: "把平台的令牌写进权限 0600 的文件，用 source.http.tokenFile 指出。",
				},
			},
			{
				en: {
					what: "The platform's address (source.http.url) has a fragment, a cursor or a limit in it.",
					next: "Leave that part away.",
				},
				zh: {
					what: "平台地址（source.http.url）里带了片段、cursor 或 limit。",
					next: "去掉这一部分。",
				},
			},
			{
				en: {
					what: "The platform's address (source.http.url) is plain http to {host}: whoever is on the way could change ratings and read the token.",
					next: "Use https, or set source.http.allowPlain to true where the way is safe (a tunnel, a closed network).",
				},
				zh: {
					what: "平台地址（source.http.url）用明文 http 连 {host}：途中的人能改评级、读令牌。",
					next: "改用 https；若途中安全（隧道、封闭网络），可把 source.http.allowPlain 设为 true。",
				},
			},
		],
	},
};
