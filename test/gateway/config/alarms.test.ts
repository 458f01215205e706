import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { printSettings } from "../../../gateway/config/describe.ts";
import { type LoadedSettings, loadSettings } from "../../../gateway/config/load.ts";

const cwd = mkdtempSync(join(tmpdir(), "lx-alarms-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const load = (flags: Readonly<Record<string, string>>, configFile?: string): LoadedSettings =>
	loadSettings({ cwd, env: {}, flags, configFile });
const mail = {
	"alarms.email.host": "mail.example.org",
	"alarms.email.from": "depot@example.org",
	"alarms.email.to": "a@example.org",
};

describe("the settings of alarms", () => {
	it("send nothing to anybody by default", () => {
		const { alarms } = load({}).settings;
		expect([alarms.webhook.url, alarms.email.host, alarms.pullHours]).toEqual(["", "", 36]);
	});

	it("take https, and http on this machine only", () => {
		for (const url of ["https://hooks.example.org/a?b=c", "http://127.0.0.1:9000/x", "http://localhost/x"])
			expect(load({ "alarms.webhook.url": url }).settings.alarms.webhook.url).toBe(url);
	});

	const wrong: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
		["alarms.webhook.url", { "alarms.webhook.url": "http://hooks.example.org/x" }],
		["alarms.webhook.url", { "alarms.webhook.url": "ftp://127.0.0.1/x" }],
		["alarms.webhook.url", { "alarms.webhook.url": "hooks" }],
		["alarms.webhook.url", { "alarms.webhook.url": "https://me:secret@hooks.example.org/" }],
		["alarms.webhook.url", { "alarms.webhook.secretFile": "secret" }],
		["alarms.email.from", { "alarms.email.host": "mail.example.org" }],
		["alarms.email.from", { ...mail, "alarms.email.from": "nobody" }],
		["alarms.email.to", { ...mail, "alarms.email.to": "" }],
		["alarms.email.to", { ...mail, "alarms.email.to": "a@example.org, b" }],
		["alarms.email.secretFile", { ...mail, "alarms.email.user": "depot" }],
		["alarms.email.host", { "alarms.email.to": "a@example.org" }],
	];
	it.each(wrong)("refuse a wrong %s (%j) by key, value and mend", (key, flags) => {
		try {
			load(flags);
			expect.unreachable();
		} catch (e) {
			expect(e).toMatchObject({
				code: "config-alarms-invalid",
				fault: "input",
				next: expect.stringMatching(/^[A-Z].*\.$/),
			});
			expect(String(e)).toContain(`Setting ${key} = `);
			// Hooks carry their secret in the address.
			expect(String(e)).not.toMatch(/secret@/);
		}
	});

	it("take a secret file from beside the settings file that names it", () => {
		const file = join(cwd, "liangxing.yaml");
		writeFileSync(file, "alarms:\n  webhook:\n    url: https://hooks.example.org/\n    secretFile: hook.secret\n");
		expect(load({}, file).settings.alarms.webhook.secretFile).toBe(join(cwd, "hook.secret"));
	});

	it("are printed as a file that can be used as one, groups within groups", () => {
		const loaded = load({ ...mail, "alarms.webhook.url": "https://hooks.example.org/", "alarms.rightShare": "0.9" });
		const printed = parse(printSettings(loaded)) as Record<string, unknown>;
		const { data: _data, ...rest } = loaded.settings;
		expect(printed).toEqual(rest);
	});
});
