import { quoted } from "../../gateway/cli/paste.ts";
import type { ShiftChange } from "./shifts.ts";
import type { FleetVerdict } from "./sim-fleet.ts";

const STEPS = {
	lights: { zh: "顶灯登记并绑定", en: "lights registered and bound" },
	"switched-on": { zh: "顶灯通电", en: "lights switched on" },
	"signed-in": { zh: "驾驶员签到", en: "drivers signed in" },
} as const;
const SHIFTS = {
	"sign-in": { zh: "签到上班", en: "signs in" },
	swap: { zh: "换班", en: "changes driver" },
	"sign-out": { zh: "签退，熄星", en: "signs out: dark" },
} as const;

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** What the demo says, in one of its two languages. */
export function demoTexts(chinese: boolean) {
	const t = (zh: string, en: string): string => (chinese ? zh : en);
	const lang = chinese ? "zh" : "en";
	return {
		title: t("亮星演示：模拟，不是真车。", "Liangxing demo: simulated taxis, not real ones."),
		console: t("控制台：", "Console:"),
		data: (path: string, temporary: boolean) =>
			temporary
				? t("数据：临时文件夹，结束时删除。", "Data: a temporary folder, removed at the end.")
				: `${t("数据：", "Data:")} ${path}`,
		portTaken: (http: number, mqtt: number) =>
			t(`端口 ${http} 或 ${mqtt} 已被占用，改用空闲端口。`, `Port ${http} or ${mqtt} is taken: free ones are used.`),
		fewerTaxis: (have: number, want: number) =>
			t(
				`车队文件只有 ${have} 辆可用的车，不足 ${want} 辆。`,
				`The fleet file has ${have} usable vehicles, fewer than ${want}.`,
			),
		ratings: (accepted: number, quarantined: number) =>
			t(
				`评级：接受 ${accepted} 行，隔离 ${quarantined} 行。`,
				`Ratings: ${accepted} rows accepted, ${quarantined} quarantined.`,
			),
		held: (data: string) =>
			t(
				`这批评级变动过大，已暂缓，等待人工处理：liangxing ratings held --data ${quoted(data)}`,
				`These ratings change too much and are held for a person: liangxing ratings held --data ${quoted(data)}`,
			),
		step: (step: keyof typeof STEPS, done: number, of: number) => `${STEPS[step][lang]}: ${done}/${of}`,
		firstStar: (ms: number) => t(`第一颗星亮起：${seconds(ms)} 秒。`, `First star lit after ${seconds(ms)} s.`),
		settled: (v: FleetVerdict, ms: number) =>
			t(
				`${v.lights} 盏灯：亮星 ${v.lit}，与应亮一致 ${v.correct}，错亮 ${v.wrong}；用时 ${seconds(ms)} 秒。`,
				`${v.lights} lights: ${v.lit} lit, ${v.correct} as due, ${v.wrong} wrong, after ${seconds(ms)} s.`,
			),
		running: t("驾驶员会不断换班。按 Ctrl-C 停止。", "Drivers change shifts from now on. Ctrl-C stops it."),
		shift: ({ plate, what }: ShiftChange) => `${plate} ${SHIFTS[what][lang]}`,
		stopping: t("正在停止：先熄星，再关网关。", "Stopping: lights dark first, then the gateway."),
		stopped: t("已停止。", "Stopped."),
		depotGone: (how: string) => t(`网关已退出（${how}）。`, `The gateway is gone (${how}).`),
	};
}

export type DemoTexts = ReturnType<typeof demoTexts>;
