import { existsSync } from "node:fs";
import type { Clock } from "../../protocol/ports/clock.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { toUnixSeconds, unixMs, unixSeconds } from "../../protocol/wire/units.ts";
import { alarmText } from "../alarms/texts.ts";
import type { Settings } from "../config/schema.ts";
import { readClock } from "../core/lights/clock-guard.ts";
import type { Pull } from "../core/model.ts";
import { type DataFolder, dataFolder, type RuntimeInfo } from "../depot/data-folder.ts";
import type { AlarmsView } from "../depot/ops.ts";
import { checkKeys } from "./check-keys.ts";
import { askNtp, checkClock, checkDisk, checkFolder, checkNode } from "./check-machine.ts";
import { checkBroker, checkPorts } from "./check-ports.ts";
import { checkPull, type PullsSeen } from "./check-pull.ts";
import { checkRunningStore, checkStore, type DepotAnswer } from "./check-store.ts";
import { type Finding, fine, found } from "./finding.ts";

export interface DoctorPorts {
	readonly clock: Clock;
	readonly nodeVersion: string;
	/** The running gateway of the data folder, or null. */
	readonly running: RuntimeInfo | null;
	/** Asks the running gateway; resolves also to refusals. */
	readonly ask: <T>(path: string) => Promise<T>;
	/** Where the settings came from, for people; null = no file. */
	readonly configFile: string | null;
}

/** Throws `no-data-folder` where no depot was ever started. */
export function requireStore(folder: DataFolder): void {
	if (existsSync(folder.db)) return;
	throw new CodedError("no-data-folder", `There is no depot in ${folder.path}.`, {
		fault: "state",
		next: `Check --data, or start a new depot there first: liangxing gateway --data ${folder.path}`,
		context: { path: folder.path },
	});
}

interface PullRow {
	readonly at: number;
	readonly status: Pull["status"];
}
const HOLDS: readonly Pull["status"][] = ["applied", "accepted", "unchanged"];

/** `pulls` oldest first. */
const seenIn = (pulls: readonly PullRow[]): PullsSeen => ({
	newest: pulls.at(-1) ?? null,
	appliedAt: pulls.findLast(({ status }) => HOLDS.includes(status))?.at ?? null,
	held: pulls.filter(({ status }) => status === "held").length,
});

/** Alarms of the running gateway that no other check has said already. */
function checkAlarms({ alarms = [], hooks = [] }: Partial<AlarmsView>): Finding {
	// What is over already is not what to mend first.
	const first = alarms.find(({ over }) => !over) ?? alarms[0];
	if (first === undefined) {
		const to = hooks.map(({ hook }) => hook).join(", ");
		if (to !== "") return fine("alarms", `没有告警；发往：${to}`, `none stands; sent to: ${to}`);
		return fine("alarms", "没有告警；不发给任何人", "none stands; sent to nobody", {
			zh: "要让人收到告警，设定 alarms.webhook.url 或 alarms.email.host。",
			en: "To have people told, set alarms.webhook.url or alarms.email.host.",
		});
	}
	const of = (lang: "zh" | "en") => alarmText(first.code, first.detail, lang, first.over);
	const [zh, en] = [of("zh"), of("en")];
	const codes = alarms.map(({ code }) => code).join(", ");
	return found(
		"alarms",
		{ zh: `${codes}：${zh.title}`, en: `${codes}: ${en.title}` },
		{ zh: `${zh.next}（全部：liangxing alarms）`, en: `${en.next} (all of them: liangxing alarms)` },
	);
}

async function askAll(
	folder: DataFolder,
	info: RuntimeInfo,
	settings: Settings,
	ports: DoctorPorts,
): Promise<Finding[]> {
	const [depot, ready, { pulls = [] }, alarms] = await Promise.all([
		ports.ask<DepotAnswer>("/api/v1/depot"),
		ports.ask<{ readonly error?: { readonly code?: string } }>("/readyz"),
		ports.ask<{ readonly pulls?: readonly PullRow[] }>("/api/v1/pulls"),
		// A gateway of an older version has none.
		ports.ask<Partial<AlarmsView>>("/api/v1/alarms"),
	]);
	const now = ports.clock.unixMs();
	return [
		checkClock(depot.clock, toUnixSeconds(now), await askNtp()),
		checkRunningStore(folder, depot, ready.error?.code !== "store-failed"),
		fine("ports", `网关在用：${info.http}、${info.mqtt}`, `in use by this gateway: ${info.http}, ${info.mqtt}`),
		await checkBroker(info.mqtt),
		checkPull(seenIn(pulls), now, settings.alarms.pullHours),
		checkAlarms(alarms),
	];
}

const noGateway = (folder: DataFolder): Finding =>
	fine("broker", "网关没有运行", "no gateway runs", {
		zh: `启动：liangxing gateway --data ${folder.path}`,
		en: `Start it: liangxing gateway --data ${folder.path}`,
	});

async function lookAll(folder: DataFolder, settings: Settings, ports: DoctorPorts): Promise<Finding[]> {
	const { finding, storedTime, pulls } = checkStore(folder);
	const now = ports.clock.unixMs();
	const time = readClock(unixMs(now), unixSeconds(storedTime ?? 0));
	const findings = [
		checkClock(time.trusted ? null : time, toUnixSeconds(now), await askNtp()),
		finding,
		await checkPorts([
			{ key: "http.port", ...settings.http },
			// A broker that runs by itself has its port already.
			...(settings.mqtt.url === "" ? [{ key: "mqtt.port", ...settings.mqtt }] : []),
		]),
		settings.mqtt.url === "" ? noGateway(folder) : await checkBroker(settings.mqtt.url),
	];
	if (pulls !== null) findings.push(checkPull(pulls, now, settings.alarms.pullHours));
	return findings;
}

/** Every check, with or without a running gateway. Throws `no-data-folder`. */
export async function examine(settings: Settings, ports: DoctorPorts): Promise<Finding[]> {
	const folder = dataFolder(settings.data);
	requireStore(folder);
	const file = ports.configFile;
	const findings = [
		checkNode(ports.nodeVersion),
		file === null
			? fine("config", "没有配置文件，用默认值", "no settings file, defaults hold")
			: fine("config", `有效：${file}`, `valid: ${file}`),
		checkFolder(folder, ports.clock),
		await checkDisk(folder, settings.alarms.diskFreeMib),
		checkKeys(folder, settings.fleet),
	];
	const { running } = ports;
	const more = running === null ? lookAll(folder, settings, ports) : askAll(folder, running, settings, ports);
	return [...findings, ...(await more)];
}
