import { z } from "zod";
import { MAX_KEPT_BACKUPS } from "../../protocol/schema/api-backup.ts";
import { DEFAULT_LEASE_S, DEFAULT_REPORT_S } from "../../protocol/wire/messages.ts";
import { alarmSettings } from "./alarm-settings.ts";

/** Defaults of the two ports: neighbours, seldom taken by others; 0 asks for any free port. */
export const DEFAULT_HTTP_PORT = 8790;
export const DEFAULT_MQTT_PORT = 8791;

const UINT32 = 0xffff_ffff;
/** A lease is at least this, so that a round trip and one renewal fit into it. */
const MIN_LEASE_S = 6;
/** A day and a half: beyond it an expiring grant is no safety any more. */
const MAX_LEASE_S = 129_600;

const port = (what: string, value: number) =>
	z.int().min(0).max(65_535).default(value).describe(`${what}; 0 = any free port`);

const host = (what: string) =>
	z.string().min(1).max(255).default("127.0.0.1").describe(`${what}; only this machine (loopback) for now`);

/**
 * Every setting of the gateway, its type, bounds, default and description. Keys of the YAML file are as written here; the
 * environment name and the flag follow from the key (`http.port` -> `LIANGXING_HTTP_PORT`, `--http-port`).
 */
export const settingsSchema = z.strictObject({
	fleet: z
		.string()
		.regex(/^[a-z0-9-]{1,32}$/, { error: "1 to 32 characters of a-z, 0-9 and -" })
		.default("demo")
		.describe("Name of the fleet; goes into every topic and message and cannot change once lights are registered"),
	data: z.string().min(1).max(4096).default("liangxing-data").describe("Data folder: store, keys, token"),
	http: z
		.strictObject({
			host: host("Address of console and API"),
			port: port("Port of console and API", DEFAULT_HTTP_PORT),
		})
		.prefault({}),
	mqtt: z
		.strictObject({
			host: host("Address of the embedded broker"),
			port: port("Port of the embedded broker", DEFAULT_MQTT_PORT),
			url: z
				.string()
				.max(255)
				.regex(/^(mqtt:\/\/[^/\s@]+)?$/, {
					error: "mqtt://HOST:PORT, without a user, or empty for the embedded broker",
				})
				.default("")
				.describe("Address of a broker that runs by itself, e.g. mqtt://127.0.0.1:1883; empty = the embedded one"),
		})
		.prefault({}),
	policy: z
		.string()
		.min(1)
		.max(4096)
		.default("score-2021")
		.describe("Star policy: a preset's name or a YAML file; counts until another one is activated"),
	leaseS: z
		.int()
		.min(MIN_LEASE_S)
		.max(MAX_LEASE_S)
		.default(DEFAULT_LEASE_S)
		.describe("Lease of a star grant, seconds; at least 3 report periods, renewed at half"),
	resumes: z
		.int()
		.min(0)
		.max(255)
		.default(0)
		.describe("How often a light may show its star again after a loss of power without hearing the depot"),
	resumeS: z.int().min(0).max(MAX_LEASE_S).default(0).describe("For how long each such time, seconds; at most leaseS"),
	reportS: z
		.int()
		.min(2)
		.max(MAX_LEASE_S / 3)
		.default(DEFAULT_REPORT_S)
		.describe("Report period of the lights, seconds"),
	allowUnassigned: z
		.boolean()
		.default(false)
		.describe("Take the sign-in of a driver whom the fleet file does not give to the vehicle"),
	heldRemovedShare: z
		.number()
		.min(0)
		.max(1)
		.default(0.02)
		.describe("A pull that removes more than this share of drivers is held for a person"),
	heldLoweredShare: z
		.number()
		.min(0)
		.max(1)
		.default(0.05)
		.describe("A pull that lowers the owed stars of more than this share of drivers is held for a person"),
	silentAfterS: z
		.int()
		.min(0)
		.max(UINT32)
		.default(0)
		.describe("A light not heard for this long is drawn as silent, seconds; 0 = two and a half report periods"),
	identityCheck: z
		.enum(["quarantine", "warn", "off"])
		.default("quarantine")
		.describe("What a wrong check digit in an 18-character certificate number means for its row (GB 11643)"),
	backup: z
		.strictObject({
			schedule: z
				.string()
				.max(200)
				.default("")
				.describe("When a running gateway backs up its store, as a cron line (15 2 * * * = at 02:15); empty = never"),
			keep: z
				.int()
				.min(1)
				.max(MAX_KEPT_BACKUPS)
				.default(7)
				.describe("How many of its backups a scheduled one leaves in the folder"),
			dir: z
				.string()
				.max(4096)
				.default("")
				.describe("Folder of the backups, best on another disk; empty = backups in the data folder"),
		})
		.prefault({}),
	source: z
		.strictObject({
			http: z
				.strictObject({
					url: z.string().max(2000).default("").describe("Address of the credit platform's rating list; empty = none"),
					tokenFile: z
						.string()
						.max(4096)
						.default("")
						.describe("File of mode 0600 with the platform's bearer token; empty = none is sent"),
					schedule: z
						.string()
						.max(200)
						.default("*/10 * * * *")
						.describe("When to pull: a cron expression of 5 or 6 fields, or off (only by liangxing ratings pull)"),
					timeZone: z.string().max(64).default("Asia/Shanghai").describe("Time zone of the schedule"),
					pageSize: z.int().min(50).max(5000).default(500).describe("Rows asked for at a time"),
					timeoutMs: z
						.int()
						.min(100)
						.max(600_000)
						.default(30_000)
						.describe("How long one page may take, connecting and body included, milliseconds"),
					attempts: z.int().min(1).max(20).default(5).describe("Requests for one page before a pull is given up"),
					allowPlain: z
						.boolean()
						.default(false)
						.describe(
							"Take a platform by plain http that is not on this machine; the token then goes over in the clear",
						),
				})
				.prefault({}),
		})
		.prefault({}),
	alarms: alarmSettings,
	log: z
		.strictObject({
			level: z.enum(["debug", "info", "warn", "error"]).default("info").describe("Lowest level that is logged"),
		})
		.prefault({}),
});

/** All settings, validated, with every default filled in. */
export type Settings = z.output<typeof settingsSchema>;
