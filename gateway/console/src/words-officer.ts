import { inBoth } from "./page-words.ts";

const zh = {
	cancel: "取消",
	token: "操作令牌",
	tokenWhy: "改动要凭网关的操作令牌，只问一次。",
	tokenWhere: "令牌在网关主机的数据文件夹里，文件名 token，网关首次启动时生成，只有运行网关的用户能读：",
	tokenKept: "只留在本页内存里，刷新或关页即忘。",
	tokenHeld: "本页记着操作令牌。",
	forget: "忘掉令牌",
	tokenWrong: "令牌不对。所填所选都还在，改正令牌后再试。",
	working: "正在办理",
	from: "现在",
	to: "之后",
	gridTitle: "星数怎么变",
	gridNote: "行是现在应亮，列是之后应亮；大数是当班的灯，小数是驾驶员。",
	starsOf: (n: number) => (n === 0 ? "熄星" : `${n} 星`),
	cell: (from: number, to: number, lights: number, drivers: number) =>
		`${from} 星变 ${to} 星：${lights} 盏灯，${drivers} 名驾驶员`,
	drivers: (n: number) => `${n} 人`,
	way: { same: "不变", up: "升", down: "降", dark: "熄" },
	movesTitle: "会变的灯",
	restingTitle: "无人当班的灯",
	restingNote: "现在都熄星，接受与否都不变；等这位驾驶员下次签到才见分晓。",
	plate: "车牌",
	light: "顶灯",
	nowGlass: "此刻灯面",
	owedNow: "现在应亮",
	owedThen: "之后应亮",
	driver: "驾驶员",
	noMoves: "没有一盏当班的灯会变。",
	lightsNow: (up: number, down: number, dark: number, same: number) =>
		[
			down > 0 ? `${down} 盏灯降星${dark > 0 ? `（其中 ${dark} 盏熄星）` : ""}` : "",
			up > 0 ? `${up} 盏灯升星` : "",
			up + down === 0 ? "没有一盏灯会变" : `${same} 盏不变`,
		]
			.filter((t) => t !== "")
			.join("，"),
	driversNow: (moved: number, rated: number) => `${moved} 名驾驶员的星数会变；现有 ${rated} 名有评级`,
	restingNow: (n: number) => `另有 ${n} 盏无人当班，要到下次签到才变`,
	and: "；",
	stop: "。",
};

const en: typeof zh = {
	cancel: "Cancel",
	token: "Operator's token",
	tokenWhy: "A change needs the gateway's operator token. It is asked for once. ",
	tokenWhere:
		"It is in the data folder on the gateway's machine, in the file named token, made at the first start and readable only by the user who runs the gateway:",
	tokenKept: "It stays in this page's memory and is gone when the page is.",
	tokenHeld: "This page holds the operator's token.",
	forget: "Forget the token",
	tokenWrong: "The token is not right. All that you chose and typed is still here; mend the token and try again.",
	working: "Working",
	from: "now",
	to: "then",
	gridTitle: "How the stars change",
	gridNote: "Lines: owed now; columns: owed then. Large numbers are lights on duty, small ones drivers.",
	starsOf: (n) => (n === 0 ? "dark" : n === 1 ? "1 star" : `${n} stars`),
	cell: (from, to, lights, drivers) => `${from} to ${to} stars: ${lights} lights, ${drivers} drivers`,
	drivers: (n) => `${n} dr.`,
	way: { same: "same", up: "up", down: "down", dark: "dark" },
	movesTitle: "Lights that would change",
	restingTitle: "Lights without a driver on duty",
	restingNote: "All dark now, whatever is decided; it shows at this driver's next sign-in.",
	plate: "Plate",
	light: "Light",
	nowGlass: "Glass now",
	owedNow: "Owed now",
	owedThen: "Owed then",
	driver: "Driver",
	noMoves: "No light on duty would change.",
	lightsNow: (up, down, dark, same) =>
		[
			down > 0
				? `${down} ${down === 1 ? "light goes" : "lights go"} down${dark > 0 ? ` (${dark} of them dark)` : ""}`
				: "",
			up > 0 ? `${up} ${down > 0 ? "" : up === 1 ? "light " : "lights "}${up === 1 ? "goes" : "go"} up` : "",
			up + down === 0 ? "no light changes" : `${same} ${same === 1 ? "stays" : "stay"}`,
		]
			.filter((t) => t !== "")
			.join(", "),
	driversNow: (moved, rated) => `${moved} drivers would have other stars; ${rated} are rated now`,
	restingNow: (n) => `${n} more without a driver on duty would change at the next sign-in`,
	and: "; ",
	stop: ".",
};

/** What the pages of a deciding officer share. */
export const officerWords = inBoth(zh, en);
export type OfficerWords = typeof zh;
