import type { UnixMs } from "../../protocol/wire/units.ts";
import type { AlarmDetail, Severity } from "../core/alarms/conditions.ts";
import type { AlarmEvent } from "../core/alarms/reducer.ts";
import { type AlarmLang, type AlarmText, alarmText, TEST_TEXT, TYPE_WORDS } from "./texts.ts";

/** One message to people: an alarm's event, or a test. Holds nothing of any person. */
export interface AlarmMessage {
	readonly type: AlarmEvent["type"] | "test";
	readonly code: AlarmEvent["code"] | "test";
	readonly severity: Severity | "info";
	readonly since: UnixMs;
	readonly at: UnixMs;
	readonly detail: AlarmDetail;
	readonly fleet: string;
}

export const testMessage = (fleet: string, at: UnixMs): AlarmMessage => ({
	type: "test",
	code: "test",
	severity: "info",
	since: at,
	at,
	detail: {},
	fleet,
});

const textOf = ({ type, code, detail }: AlarmMessage, lang: AlarmLang): AlarmText =>
	code === "test" ? TEST_TEXT[lang] : alarmText(code, detail, lang, type === "clear");

const iso = (at: UnixMs): string => new Date(at).toISOString();

/** The webhook's JSON body. */
export function bodyOf(message: AlarmMessage): string {
	const { type, code, severity, since, at, detail, fleet } = message;
	return JSON.stringify({
		program: "liangxing",
		fleet,
		event: type,
		alarm: code,
		severity,
		since: iso(since),
		at: iso(at),
		detail,
		text: { zh: textOf(message, "zh"), en: textOf(message, "en") },
	});
}

function lines(message: AlarmMessage, lang: AlarmLang): string {
	const { title, what, next } = textOf(message, lang);
	const zh = lang === "zh";
	const since = `${zh ? "自" : "since"} ${iso(message.since)}`;
	// What is over needs no next step.
	const step = message.type === "clear" ? [] : [`${zh ? "下一步：" : "Next: "}${next}`];
	return [`${TYPE_WORDS[message.type][lang]}${zh ? "：" : ": "}${title}`, what, ...step, since].join("\n");
}

/** Subject and text of the e-mail. */
export function mailOf(
	message: AlarmMessage,
	lang: AlarmLang | "both",
): { readonly subject: string; readonly text: string } {
	const langs: readonly AlarmLang[] = lang === "both" ? ["zh", "en"] : [lang];
	const titles = langs.map(
		(l) => `${TYPE_WORDS[message.type][l]}${l === "zh" ? "：" : ": "}${textOf(message, l).title}`,
	);
	return {
		subject: `[${langs[0] === "zh" ? "亮星" : "Liangxing"} ${message.fleet}] ${titles.join(" / ")}`,
		text: `${langs.map((l) => lines(message, l)).join("\n\n")}\n`,
	};
}
