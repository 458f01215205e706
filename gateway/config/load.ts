import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { CodedError } from "../../protocol/wire/errors.ts";
import { parseEndpoint } from "../sources/http/endpoint.ts";
import { checkAlarms, placeSecretFiles } from "./alarm-checks.ts";
import { CONFIG_KEYS, type KeyInfo, nearest } from "./keys.ts";
import { isLoopback } from "./loopback.ts";
import { isSchedule, isTimeZone, scheduleProblem } from "./schedule.ts";
import { type Settings, settingsSchema } from "./schema.ts";

/** Where a value came from; later ones win. */
export type Source = "default" | "file" | "environment" | "flag";

/** What a program was started with. Flags and environment values are texts as typed. */
export interface ConfigInput {
	readonly cwd: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** By key (`http.port`), texts. */
	readonly flags: Readonly<Record<string, string>>;
	/** `--config FILE`; without it `liangxing.yaml` in the data folder is read if it is there. */
	readonly configFile?: string | undefined;
}

export interface LoadedSettings {
	readonly settings: Settings;
	readonly sources: Readonly<Record<string, Source>>;
	/** The file that was read, or null. */
	readonly file: string | null;
}

export const CONFIG_FILE = "liangxing.yaml";
/** A configuration file is a page, not a data set. */
const MAX_CONFIG_BYTES = 256 * 1024;
/** Environment names of ours that are no settings, and prefixes of our other programs and of the tests. */
const OTHER_ENV = /^LIANGXING_(CONFIG|LANG|LANE|SEED|(SIM|LIGHT|TEST|BENCH|DEMO|CONSOLE)_.*)$/;

type Raw = Record<string, unknown>;

function configError(code: string, message: string, next: string, key: string): CodedError {
	return new CodedError(code, message, { fault: "input", next, context: { key } });
}

function setPath(into: Raw, key: string, value: unknown): void {
	const parts = key.split(".");
	let at = into;
	for (const part of parts.slice(0, -1)) {
		const inner = at[part];
		const fresh: Raw = typeof inner === "object" && inner !== null ? (inner as Raw) : {};
		at[part] = fresh;
		at = fresh;
	}
	at[parts[parts.length - 1] ?? key] = value;
}

function getPath(from: Raw, key: string): unknown {
	let at: unknown = from;
	for (const part of key.split(".")) at = typeof at === "object" && at !== null ? (at as Raw)[part] : undefined;
	return at;
}

/** A text from the environment or a flag as the setting's type; a text that is none stays one and is refused by the schema. */
function fromText(info: KeyInfo, text: string): unknown {
	if (info.type === "number" && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
	if (info.type === "boolean" && /^(true|false)$/.test(text)) return text === "true";
	return text;
}

function readConfigFile(path: string, mustExist: boolean): Raw | null {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (cause) {
		// A data folder that is a file is for the folder's own check to say.
		if (!mustExist && ["ENOENT", "ENOTDIR"].includes(String((cause as NodeJS.ErrnoException).code))) return null;
		throw new CodedError("config-file-unreadable", `The configuration file ${path} cannot be read.`, {
			fault: "input",
			next: "Give --config an existing, readable YAML file, or leave it out.",
			cause,
		});
	}
	if (text.length > MAX_CONFIG_BYTES)
		throw new CodedError("config-file-too-large", `The configuration file ${path} is larger than 256 KiB.`, {
			fault: "input",
			next: "Give --config the settings file; ratings and fleets are imported, not configured.",
		});
	const document = parseDocument(text, { uniqueKeys: true });
	const problem = document.errors[0];
	if (problem !== undefined)
		throw new CodedError("config-not-yaml", `${path} is not valid YAML: ${problem.message.split("\n")[0]}`, {
			fault: "input",
			next: "Mend the line named; indent with blanks and write `key: value`.",
		});
	const raw: unknown = document.toJS({ maxAliasCount: 10 });
	if (raw === null || raw === undefined) return {};
	if (typeof raw !== "object" || Array.isArray(raw))
		throw configError("config-wrong-type", `${path} is not a list of keys.`, "Write `key: value` lines.", "");
	return raw as Raw;
}

const show = (value: unknown): string => {
	const text = JSON.stringify(value) ?? "nothing";
	return text.length > 80 ? `${text.slice(0, 80)}...` : text;
};

/** Names the first problem as key, value, where it came from and how to mend it. */
function explain(issue: z.core.$ZodIssue, raw: Raw, whereOf: (key: string) => string): CodedError {
	if (issue.code === "unrecognized_keys") {
		const key = [...issue.path.map(String), issue.keys[0] ?? ""].join(".");
		const guess = nearest(
			key,
			CONFIG_KEYS.map((k) => k.key),
		);
		return configError(
			"config-unknown-key",
			`Unknown setting ${key} = ${show(getPath(raw, key))} ${whereOf(key)}.`,
			guess === null
				? "Remove it; `liangxing gateway --print-config` lists every setting."
				: `Did you mean ${guess}? \`liangxing gateway --print-config\` lists every setting.`,
			key,
		);
	}
	const key = issue.path.map(String).join(".");
	const info = CONFIG_KEYS.find((k) => k.key === key);
	const code =
		issue.code === "too_small" || issue.code === "too_big"
			? "config-out-of-range"
			: issue.code === "invalid_type"
				? "config-wrong-type"
				: "config-invalid-value";
	const wants = info?.expects ?? "a group of keys";
	return configError(
		code,
		`Setting ${key} = ${show(getPath(raw, key))} ${whereOf(key)} is not ${wants}.`,
		info === undefined
			? `Write the keys below ${key} indented, one a line.`
			: `Write ${wants}, or remove it for the default ${show(info.defaultValue)}.`,
		key,
	);
}

function crossChecks(s: Settings): void {
	if (s.leaseS < 3 * s.reportS)
		throw configError(
			"config-lease-too-short",
			`Setting leaseS = ${s.leaseS} is less than 3 report periods (reportS = ${s.reportS}).`,
			`Set leaseS to at least ${3 * s.reportS}, or reportS to at most ${Math.floor(s.leaseS / 3)}.`,
			"leaseS",
		);
	if (s.resumeS > s.leaseS)
		throw configError(
			"config-resume-too-long",
			`Setting resumeS = ${s.resumeS} is more than leaseS = ${s.leaseS}.`,
			`Set resumeS to at most ${s.leaseS}.`,
			"resumeS",
		);
	if (s.mqtt.url !== "" && !isLoopback(hostOf(s.mqtt.url)))
		throw configError(
			"bind-not-loopback",
			`Setting mqtt.url = ${show(s.mqtt.url)} names another machine, and there is no TLS yet.`,
			"Run the broker on this machine, or leave mqtt.url out for the embedded one.",
			"mqtt.url",
		);
	const cron = s.backup.schedule === "" ? null : scheduleProblem(s.backup.schedule);
	if (cron !== null)
		throw configError(
			"config-invalid-value",
			`Setting backup.schedule = ${show(s.backup.schedule)} is not a cron line (${cron}).`,
			'Write a cron line such as 15 2 * * * (02:15 each day), or remove it for the default "".',
			"backup.schedule",
		);
	checkSource(s);
	for (const [key, host] of [
		["http.host", s.http.host],
		["mqtt.host", s.mqtt.host],
	] as const)
		if (!isLoopback(host))
			throw configError(
				"bind-not-loopback",
				`Setting ${key} = ${show(host)} would open the gateway to other machines, and there are no users, roles or TLS yet.`,
				`Set ${key} to 127.0.0.1; reach it from elsewhere through an SSH tunnel.`,
				key,
			);
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : "");

/** What only the address, the calendar and the time zones themselves can say. */
function checkSource({ source: { http } }: Settings): void {
	if (http.url !== "") parseEndpoint(http.url, http.allowPlain);
	if (!isSchedule(http.schedule))
		throw configError(
			"config-invalid-value",
			`Setting source.http.schedule = ${show(http.schedule)} is not a time that comes again.`,
			'Write a cron expression such as "*/10 * * * *" (minute, hour, day, month, weekday), or off.',
			"source.http.schedule",
		);
	if (!isTimeZone(http.timeZone))
		throw configError(
			"config-invalid-value",
			`Setting source.http.timeZone = ${show(http.timeZone)} is not a time zone.`,
			"Write a name such as Asia/Shanghai or UTC.",
			"source.http.timeZone",
		);
}

function environment(env: ConfigInput["env"], known: ReadonlyMap<string, KeyInfo>): [KeyInfo, string][] {
	const out: [KeyInfo, string][] = [];
	for (const [name, value] of Object.entries(env)) {
		if (!name.startsWith("LIANGXING_") || value === undefined || value === "" || OTHER_ENV.test(name)) continue;
		const info = known.get(name);
		if (info === undefined) {
			const guess = nearest(name, [...known.keys()]);
			throw configError(
				"config-unknown-key",
				`Unknown setting ${name} = ${show(value)} in the environment.`,
				guess === null ? `Unset ${name}.` : `Did you mean ${guess}? Unset ${name}.`,
				name,
			);
		}
		out.push([info, value]);
	}
	return out;
}

/** Folder and file: flag, then environment, then `--config`'s `data`, then the default; relative to where it was written. */
function locate(input: ConfigInput): { data: string; file: string | null; raw: Raw } {
	const configFile = input.configFile ?? input.env["LIANGXING_CONFIG"];
	const given = input.flags["data"] ?? (input.env["LIANGXING_DATA"] || undefined);
	if (configFile !== undefined && configFile !== "") {
		const file = resolve(input.cwd, configFile);
		const raw = readConfigFile(file, true) ?? {};
		const inFile = typeof raw["data"] === "string" && raw["data"] !== "" ? raw["data"] : undefined;
		const data =
			given !== undefined
				? resolve(input.cwd, given)
				: inFile !== undefined
					? resolve(dirname(file), inFile)
					: resolve(input.cwd, "liangxing-data");
		return { data, file, raw };
	}
	const data = resolve(input.cwd, given ?? "liangxing-data");
	const file = join(data, CONFIG_FILE);
	const raw = readConfigFile(file, false);
	if (raw !== null && raw["data"] !== undefined)
		throw configError(
			"config-data-in-folder",
			`Setting data = ${show(raw["data"])} stands in ${file}, which is in a data folder itself.`,
			"Remove it there; name the folder by --data or LIANGXING_DATA.",
			"data",
		);
	return { data, file: raw === null ? null : file, raw: raw ?? {} };
}

/**
 * Settings in the order defaults < file < environment < flags. Throws a `CodedError` (`config-...`, `bind-not-loopback`) that
 * names key, value, source and mend. `data` and a policy file come out as absolute paths.
 */
export function loadSettings(input: ConfigInput): LoadedSettings {
	const { data, file, raw } = locate(input);
	const known = new Map(CONFIG_KEYS.map((k) => [k.env, k]));
	const sources: Record<string, Source> = {};
	for (const { key } of CONFIG_KEYS) sources[key] = getPath(raw, key) === undefined ? "default" : "file";
	const merged = structuredClone(raw);
	for (const [info, text] of environment(input.env, known)) {
		setPath(merged, info.key, fromText(info, text));
		sources[info.key] = "environment";
	}
	for (const [key, text] of Object.entries(input.flags)) {
		const info = CONFIG_KEYS.find((k) => k.key === key);
		setPath(merged, key, info === undefined ? text : fromText(info, text));
		sources[key] = "flag";
	}
	merged["data"] = data;
	const whereOf = (key: string): string => {
		const info = CONFIG_KEYS.find((k) => k.key === key);
		if (sources[key] === "environment") return `(from ${info?.env ?? "the environment"})`;
		if (sources[key] === "flag") return `(from ${info?.flag ?? "a flag"})`;
		return file === null ? "" : `(in ${file})`;
	};
	const parsed = settingsSchema.safeParse(merged);
	const issue = parsed.error?.issues[0];
	if (issue !== undefined || !parsed.success)
		throw explain(issue ?? { code: "custom", path: [], message: "", input: merged }, merged, whereOf);
	crossChecks(parsed.data);
	checkAlarms(parsed.data.alarms);
	const beside = (key: string, path: string) =>
		resolve(sources[key] === "file" && file !== null ? dirname(file) : input.cwd, path);
	const settings = {
		...parsed.data,
		policy: policyPath(parsed.data.policy, sources, input, file),
		alarms: placeSecretFiles(parsed.data.alarms, beside),
		backup: { ...parsed.data.backup, dir: backupDir(parsed.data, sources, input, file) },
		source: { http: { ...parsed.data.source.http, tokenFile: tokenPath(parsed.data, sources, input, file) } },
	};
	return { settings, sources, file };
}

/** The folder of the backups, from where it was written; the data folder has one where none is named. */
function backupDir(
	s: Settings,
	sources: Readonly<Record<string, Source>>,
	input: ConfigInput,
	file: string | null,
): string {
	if (s.backup.dir === "") return join(s.data, "backups");
	return resolve(sources["backup.dir"] === "file" && file !== null ? dirname(file) : input.cwd, s.backup.dir);
}

/** A token's file, from where it was written. */
function tokenPath(
	{ source }: Settings,
	sources: Readonly<Record<string, Source>>,
	input: ConfigInput,
	file: string | null,
): string {
	const { tokenFile } = source.http;
	if (tokenFile === "") return "";
	return resolve(sources["source.http.tokenFile"] === "file" && file !== null ? dirname(file) : input.cwd, tokenFile);
}

/** A policy that looks like a file is taken from where it was written: beside the configuration file, or the present folder. */
function policyPath(
	policy: string,
	sources: Readonly<Record<string, Source>>,
	input: ConfigInput,
	file: string | null,
): string {
	if (!/[/\\]|\.ya?ml$/i.test(policy) || isAbsolute(policy)) return policy;
	return resolve(sources["policy"] === "file" && file !== null ? dirname(file) : input.cwd, policy);
}
