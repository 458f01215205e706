import type { WhyCode, Words } from "./words-en.ts";

const ok = (detail: string): Words => ({ detail, next: "" });

export const ZH: Readonly<Record<WhyCode, Words>> = {
	"rating-nobody": ok("无人当班，不查评级。"),
	"rating-known": ok("驾驶员 {driver}：{period} {grade} 级，{score} 分。"),
	"rating-unrated": ok("来源中驾驶员 {driver} 在 {period} 未评级，应熄星。"),
	"rating-held": {
		detail: "驾驶员 {driver} 的评级在待人工确认的批次 {pull} 中。",
		next: "查看并决定：liangxing ratings held；liangxing ratings held accept {pull}",
	},
	"rating-quarantined": {
		detail: "批次 {pull} 第 {row} 行（驾驶员 {driver}）未被采用：{reason}。",
		next: "请来源方改正该行，再重新导入或拉取。",
	},
	"rating-no-pull": {
		detail: "尚未导入任何评级，驾驶员 {driver} 没有评级。",
		next: "导入评级：liangxing ratings import 文件",
	},
	"rating-none": {
		detail: "最新评级（批次 {pull}）中没有驾驶员 {driver}。",
		next: "向来源方核实该驾驶员是否缺失，再重新导入或拉取。",
	},
	"policy-waits": ok("亮星规则 {policy}：没有可用的评级。"),
	"policy-applied": ok("按亮星规则 {policy} 应亮 {stars} 星。"),
	"rating-too-old": {
		detail: "评级已有 {ageDays} 天，亮星规则 {policy} 最多接受 {maxAgeDays} 天。",
		next: "导入更新的评级；过期的评级视为未评级。",
	},
	"on-duty": ok("驾驶员 {driver} 在车辆 {vehicle} 上当班。"),
	"driver-off-duty": { detail: "驾驶员 {driver} 未在任何车辆上当班。", next: "上班时请签到。" },
	"never-on-duty": { detail: "该车从未有人签到。", next: "请驾驶员签到。" },
	"no-duty": { detail: "该车无人当班。", next: "请驾驶员签到；在此之前熄星是对的。" },
	"light-unbound": { detail: "该顶灯未绑定车辆。", next: "绑定：liangxing lights bind 顶灯号 车牌" },
	"vehicle-left-fleet": { detail: "该顶灯的车辆已不在车辆表中。", next: "导入含该车的车辆表，或把顶灯绑定到别的车。" },
	"no-light": { detail: "该车没有绑定顶灯。", next: "绑定：liangxing lights bind 顶灯号 车牌" },
	"clock-behind": {
		detail: "停止签发：网关时钟早于已保存的最新时间。",
		next: "请校正时钟；若时钟无误：liangxing clock accept",
	},
	"clock-ahead": {
		detail: "停止签发：网关时钟比已保存的最新时间快一天以上。",
		next: "请校正时钟；若时钟无误：liangxing clock accept",
	},
	blanking: { detail: "正在全部熄星，随后重新签发。", next: "请等几秒再看。" },
	"grant-not-due": ok("未当班，不需要凭证。"),
	"no-glass": ok("没有对应的灯面。"),
	"grant-waits-for-light": ok("顶灯一上报，就签发 {stars} 星凭证。"),
	"grant-under-way": ok("{stars} 星凭证正在保存和签发。"),
	"grant-stuck": {
		detail: "应签发 {stars} 星凭证，但没有签发。",
		next: "先看网关是否在运行，再看日志：liangxing doctor",
	},
	"grant-lapsed": {
		detail: "凭证 {epoch}/{seq} 租期已过，没有续签。",
		next: "先看网关是否在运行，再看日志：liangxing doctor",
	},
	"grant-signed": ok("{stars} 星凭证 {epoch}/{seq} 已签发。"),
	"never-heard": { detail: "从未收到该顶灯的上报。", next: "检查供电和网络，以及是否由本站发放身份。" },
	"not-heard": { detail: "该顶灯已超过上报周期没有消息。", next: "检查供电和网络。" },
	offline: { detail: "该顶灯已断线。", next: "检查供电和网络。" },
	refused: { detail: "顶灯拒绝了凭证：{code}。", next: "在 docs/errors.md 查该代码；顶灯日志写明是哪一张凭证。" },
	"no-answer": { detail: "凭证已发出，顶灯没有应答。", next: "等下一次上报；若仍没有，检查供电和网络。" },
	"not-taken": { detail: "顶灯有上报，但没有采用这张凭证。", next: "等下一次上报；若仍如此，查看顶灯日志。" },
	taken: ok("顶灯已应答。"),
	"dark-anyway": ok("顶灯已熄星，与应亮一致。"),
	"on-its-way": ok("凭证正在路上。"),
	"waits-for-grant": ok("暂无需要下发的内容。"),
	"glass-unknown": { detail: "不知道灯面的情况。", next: "检查顶灯的供电和网络。" },
	"lamp-open": { detail: "第 {lamp} 颗灯不亮（断路），顶灯熄星。", next: "请更换灯珠。" },
	"lamp-short": { detail: "第 {lamp} 颗灯短路，顶灯熄星。", next: "请更换灯珠。" },
	"lamp-stuck-on": { detail: "第 {lamp} 颗灯关不掉。", next: "请维修顶灯。" },
	"lamp-stuck-off": { detail: "第 {lamp} 颗灯点不亮，顶灯熄星。", next: "请维修顶灯。" },
	"fault-pattern": { detail: "顶灯报告故障，已熄星。", next: "请检修顶灯。" },
	"glass-flashes": ok("顶灯正在为安装人员闪烁，之后自动恢复。"),
	"lease-over": {
		detail: "上次上报的 {shown} 星租期已过，顶灯此时已熄星。",
		next: "检查网关是否在运行、顶灯是否在线。",
	},
	right: ok("顶灯签名上报：实亮 {shown} 星，与应亮一致。"),
	moving: ok("实亮 {shown} 星，正在变为 {desired} 星。"),
	differs: { detail: "实亮 {shown} 星，应亮 {desired} 星。", next: "若仍如此，看上面各环节和顶灯日志。" },
};
