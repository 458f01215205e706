import { isAbsolute } from "node:path";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { AlarmSettings } from "./alarm-settings.ts";
import { isLoopback } from "./loopback.ts";

/** What is wrong with a setting, and how to mend it. */
interface Wrong {
	readonly key: string;
	readonly value: string;
	readonly what: string;
	readonly next: string;
}

const ADDRESS = /^[^\s@,<>"]{1,64}@[^\s@,<>"]{1,255}$/;

/** Receivers named with commas between. */
export const receiversOf = (to: string): string[] =>
	to
		.split(",")
		.map((one) => one.trim())
		.filter((one) => one !== "");

/** The host alone: hooks carry secrets in their paths. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "");

function webhookWrong({ webhook: { url, secretFile } }: AlarmSettings): Wrong | null {
	const key = "alarms.webhook.url";
	const is = (what: string, next: string): Wrong => ({ key, value: hostOf(url) || "(not shown)", what, next });
	if (url === "")
		return secretFile === ""
			? null
			: is("is empty, but alarms.webhook.secretFile is set", "Set the address, or remove the secret file.");
	if (!URL.canParse(url))
		return is("is no address", "Write a whole address, e.g. https://hooks.example.org/liangxing.");
	const { protocol, hostname, username } = new URL(url);
	if (username !== "") return is("holds a user name", "Remove it; the signature header proves who sends.");
	if (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) return null;
	return is("would go out in the clear", "Use https; http is for this machine (127.0.0.1, localhost) only.");
}

function emailWrong({ email }: AlarmSettings): Wrong | null {
	const wrong = (name: string, value: string, what: string, next: string): Wrong => ({
		key: `alarms.email.${name}`,
		value,
		what,
		next,
	});
	if (email.host === "") {
		const set = (["user", "secretFile", "from", "to"] as const).find((name) => email[name] !== "");
		return set === undefined
			? null
			: wrong("host", "", `is empty, but alarms.email.${set} is set`, "Set the SMTP server.");
	}
	if (!ADDRESS.test(email.from))
		return wrong("from", email.from, "is no address", "Write one, e.g. depot@example.org.");
	const receivers = receiversOf(email.to);
	const bad = receivers.find((one) => !ADDRESS.test(one));
	if (receivers.length === 0 || bad !== undefined)
		return wrong("to", bad ?? "", "is no address", "Write one or several, with commas between.");
	if (email.user !== "" && email.secretFile === "")
		return wrong("secretFile", "", "is empty, but there is a user", "Name the file that holds the password.");
	return null;
}

/** Throws `config-alarms-invalid` naming the first wrong key of the alarms, its value and the mend. */
export function checkAlarms(alarms: AlarmSettings): void {
	const wrong = webhookWrong(alarms) ?? emailWrong(alarms);
	if (wrong === null) return;
	throw new CodedError(
		"config-alarms-invalid",
		`Setting ${wrong.key} = ${JSON.stringify(wrong.value)} ${wrong.what}.`,
		{ fault: "input", next: wrong.next, context: { key: wrong.key } },
	);
}

/** Secret files are taken from where they were written: `base` of the key. */
export function placeSecretFiles(alarms: AlarmSettings, place: (key: string, path: string) => string): AlarmSettings {
	const at = (key: string, path: string) => (path === "" || isAbsolute(path) ? path : place(key, path));
	return {
		...alarms,
		webhook: { ...alarms.webhook, secretFile: at("alarms.webhook.secretFile", alarms.webhook.secretFile) },
		email: { ...alarms.email, secretFile: at("alarms.email.secretFile", alarms.email.secretFile) },
	};
}
