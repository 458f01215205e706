import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { printSettings } from "../../../gateway/config/describe.ts";
import { CONFIG_KEYS, nearest } from "../../../gateway/config/keys.ts";
import { type ConfigInput, loadSettings } from "../../../gateway/config/load.ts";
import { isLoopback } from "../../../gateway/config/loopback.ts";
import type { CodedError } from "../../../protocol/wire/errors.ts";

const root = mkdtempSync(join(tmpdir(), "lx-config-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
function folderWith(yaml: string | null): string {
	const dir = join(root, `d${folders++}`);
	mkdirSync(dir);
	if (yaml !== null) writeFileSync(join(dir, "liangxing.yaml"), yaml);
	return dir;
}

const load = (input: Partial<ConfigInput>) => loadSettings({ cwd: root, env: {}, flags: {}, ...input });

function refusal(input: Partial<ConfigInput>): CodedError {
	try {
		load(input);
	} catch (e) {
		return e as CodedError;
	}
	throw new TypeError("nothing was refused");
}

describe("the settings", () => {
	it("have a default each, so that none must be written", () => {
		const { settings, file } = load({ flags: { data: folderWith(null) } });
		expect(file).toBeNull();
		expect(settings).toMatchObject({
			fleet: "demo",
			http: { host: "127.0.0.1", port: 8790 },
			mqtt: { host: "127.0.0.1", port: 8791 },
			leaseS: 3600,
			resumes: 0,
			reportS: 600,
			heldRemovedShare: 0.02,
			heldLoweredShare: 0.05,
			identityCheck: "quarantine",
			log: { level: "info" },
		});
	});

	it("are taken from the file, over it the environment, over it the flags", () => {
		const data = folderWith("fleet: yard\nhttp:\n  port: 1001\nreportS: 30\n");
		const env = { LIANGXING_HTTP_PORT: "1002", LIANGXING_REPORT_S: "40" };
		const { settings, sources } = load({ env, flags: { data, "http.port": "1003" } });
		expect(settings).toMatchObject({ fleet: "yard", reportS: 40, http: { host: "127.0.0.1", port: 1003 } });
		expect(sources).toMatchObject({ fleet: "file", reportS: "environment", "http.port": "flag", leaseS: "default" });
	});

	it("take the data folder from the flag, then the environment, then the file's own place", () => {
		const dir = folderWith(null);
		writeFileSync(join(dir, "site.yaml"), "data: store\n");
		const file = join(dir, "site.yaml");
		expect(load({ configFile: file }).settings.data).toBe(join(dir, "store"));
		expect(load({ configFile: file, env: { LIANGXING_DATA: "e" } }).settings.data).toBe(join(root, "e"));
		expect(load({ configFile: file, env: { LIANGXING_DATA: "e" }, flags: { data: "f" } }).settings.data).toBe(
			join(root, "f"),
		);
		expect(load({}).settings.data).toBe(join(root, "liangxing-data"));
	});

	it("find a policy file beside the settings file that names it, and leave a preset's name alone", () => {
		const dir = folderWith("policy: rules/ours.yaml\n");
		expect(load({ flags: { data: dir } }).settings.policy).toBe(join(dir, "rules/ours.yaml"));
		expect(load({ flags: { policy: "tianjin-2019" } }).settings.policy).toBe("tianjin-2019");
	});

	it("are a file again when printed, with both figures of the bound beside the lease", () => {
		const data = folderWith("leaseS: 1800\nresumes: 2\nresumeS: 300\n");
		const loaded = load({ flags: { data } });
		const text = printSettings(loaded);
		expect(text).toContain("with power: dark at the latest 1800 s after the grant was signed");
		expect(text).toContain("after a power cut: lit for at most 2 x 300 = 600 s in all");
		const { data: _data, ...printed } = loaded.settings;
		expect(parse(text)).toEqual(printed);
	});
});

describe("a wrong setting is refused with key, value and mend", () => {
	const cases: readonly [string, string, string, RegExp, RegExp][] = [
		["an unknown key", "leaseSS: 3600", "config-unknown-key", /leaseSS = 3600/, /Did you mean leaseS\?/],
		["an unknown key in a group", "http:\n  prot: 80", "config-unknown-key", /http\.prot = 80/, /http\.port/],
		["a text for a number", "leaseS: soon", "config-wrong-type", /leaseS = "soon"/, /whole number from 6 to 129600/],
		["a fraction for a whole number", "leaseS: 3600.5", "config-wrong-type", /3600\.5/, /whole number/],
		["a port beyond its range", "mqtt:\n  port: 70000", "config-out-of-range", /mqtt\.port = 70000/, /0 to 65535/],
		["a lease too short for the reports", "leaseS: 900", "config-lease-too-short", /leaseS = 900/, /at least 1800/],
		["a resume longer than the lease", "resumeS: 3601", "config-resume-too-long", /resumeS = 3601/, /at most 3600/],
		["a word outside the list", "identityCheck: maybe", "config-invalid-value", /"maybe"/, /quarantine, warn, off/],
		["a fleet name with capitals", "fleet: Yard", "config-invalid-value", /fleet = "Yard"/, /a-z0-9-/],
		["a scalar where a group is", "http: 8790", "config-wrong-type", /http = 8790/, /below http indented/],
		["a wide bind", "http:\n  host: 0.0.0.0", "bind-not-loopback", /http\.host = "0\.0\.0\.0"/, /127\.0\.0\.1/],
		["a wide bind of the broker", 'mqtt:\n  host: "::"', "bind-not-loopback", /mqtt\.host/, /127\.0\.0\.1/],
		[
			"a schedule that is none",
			"source:\n  http:\n    schedule: hourly",
			"config-invalid-value",
			/source\.http\.schedule = "hourly"/,
			/cron expression/,
		],
		[
			"a time zone that is none",
			"source:\n  http:\n    timeZone: Mars/Base",
			"config-invalid-value",
			/source\.http\.timeZone = "Mars\/Base"/,
			/Asia\/Shanghai/,
		],
		["a page size beyond its range", "source:\n  http:\n    pageSize: 1", "config-out-of-range", /pageSize = 1/, /50/],
		[
			"an address of no platform",
			"source:\n  http:\n    url: ftp://a/",
			"source-url-refused",
			/source\.http\.url/,
			/https/,
		],
		[
			"a password in an address",
			"source:\n  http:\n    url: https://a:b@c/",
			"source-url-refused",
			/password/,
			/tokenFile/,
		],
		[
			"a cursor in an address",
			"source:\n  http:\n    url: https://c/?cursor=1",
			"source-url-refused",
			/cursor/,
			/away/,
		],
		["a platform in the clear", "source:\n  http:\n    url: http://c.cn/", "source-url-refused", /c\.cn/, /allowPlain/],
		["a list", "- fleet", "config-wrong-type", /not a list of keys/, /key: value/],
		["what is no YAML", "fleet: [", "config-not-yaml", /not valid YAML/, /line/],
		["one key twice", "fleet: a\nfleet: b", "config-not-yaml", /unique/, /line/],
		["the folder inside itself", "data: x", "config-data-in-folder", /data = "x"/, /--data/],
	];
	it.each(cases)("%s", (_name, yaml, code, message, next) => {
		const e = refusal({ flags: { data: folderWith(yaml) } });
		expect(e.code).toBe(code);
		expect(e.message).toMatch(message);
		expect(e.next).toMatch(next);
	});

	it("takes a platform on this machine in the clear, one elsewhere where that is allowed, and its token's file from where it was written", () => {
		const yaml = "source:\n  http:\n    url: http://127.0.0.1:8795/api/ratings\n    tokenFile: platform.token\n";
		const data = folderWith(yaml);
		expect(load({ flags: { data } }).settings.source.http.tokenFile).toBe(join(data, "platform.token"));
		const flags = { data, "source.http.url": "http://c.cn/", "source.http.allowPlain": "true" };
		expect(load({ flags }).settings.source.http.url).toBe("http://c.cn/");
	});

	it("never says a password that stands in an address", () => {
		const e = refusal({ flags: { data: folderWith(null), "source.http.url": "https://a:hunter2@c/" } });
		expect(`${e.message} ${e.next}`).not.toContain("hunter2");
	});

	it("says where a value came from", () => {
		expect(refusal({ env: { LIANGXING_LEASE_S: "abc" } }).message).toContain("(from LIANGXING_LEASE_S)");
		expect(refusal({ flags: { "http.port": "-1" } }).message).toContain("(from --http-port)");
	});

	it("refuses a mistyped environment name, and leaves those of the other programs alone", () => {
		const e = refusal({ env: { LIANGXING_LEASES: "3600" } });
		expect([e.code, e.next]).toEqual(["config-unknown-key", expect.stringContaining("LIANGXING_LEASE_S")]);
		expect(load({ env: { LIANGXING_SEED: "7", LIANGXING_SIM_SPEED: "2", LIANGXING_FLEET: "a" } }).settings.fleet).toBe(
			"a",
		);
	});

	it("refuses a settings file that is not there", () => {
		expect(refusal({ configFile: "nowhere.yaml" }).code).toBe("config-file-unreadable");
	});
});

describe("the list of settings", () => {
	it("gives each a name of its own in file, environment and flags, and a description", () => {
		for (const pick of ["key", "env", "flag"] as const)
			expect(new Set(CONFIG_KEYS.map((k) => k[pick])).size).toBe(CONFIG_KEYS.length);
		for (const info of CONFIG_KEYS) expect([info.key, info.description.length > 10]).toEqual([info.key, true]);
		expect(CONFIG_KEYS.find((k) => k.key === "http.port")).toMatchObject({
			env: "LIANGXING_HTTP_PORT",
			flag: "--http-port",
			defaultValue: 8790,
		});
	});

	it("guesses a near name and no far one", () => {
		expect(nearest("repotS", ["reportS", "leaseS"])).toBe("reportS");
		expect(nearest("banana", ["reportS", "leaseS"])).toBeNull();
	});
});

describe("this machine", () => {
	it.each(["localhost", "127.0.0.1", "127.8.9.10", "::1", "[::1]", "LOCALHOST"])("is %s", (host) => {
		expect(isLoopback(host)).toBe(true);
	});
	it.each(["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.evil.example", "localhost.evil.example", "", "127.1"])(
		"is not %s",
		(host) => {
			expect(isLoopback(host)).toBe(false);
		},
	);
});
