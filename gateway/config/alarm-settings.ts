import { z } from "zod";

const text = (what: string) => z.string().max(2048).default("").describe(what);

/** Submission with STARTTLS (RFC 6409, RFC 3207). */
const SUBMISSION_PORT = 587;
/** A year: beyond it nobody would call it watched. */
const MAX_HOURS = 8760;

/** When people are told, and where. Empty `webhook.url` and `email.host` = nowhere but the log, the console and the metrics. */
export const alarmSettings = z
	.strictObject({
		pullHours: z
			.int()
			.min(0)
			.max(MAX_HOURS)
			.default(36)
			.describe("Alarm after so many hours without ratings that hold; 0 = never"),
		rightShare: z
			.number()
			.min(0)
			.max(1)
			.default(0.95)
			.describe("Alarm while fewer than this share of the lights on duty show what they owe"),
		rightShareMinutes: z.int().min(1).max(1440).default(15).describe("For so many minutes"),
		silentLights: z
			.int()
			.min(1)
			.max(100_000)
			.default(5)
			.describe("Alarm when at least so many lights on duty are silent"),
		silentShare: z.number().min(0).max(1).default(0.2).describe("And at least this share of those on duty"),
		diskFreeMib: z.int().min(0).max(10_000_000).default(512).describe("Alarm below so much free disk, MiB; 0 = never"),
		webhook: z
			.strictObject({
				url: text("Address to which alarms are posted as JSON; https, or http on this machine; empty = none"),
				secretFile: text("File with the secret for the signature header; mode 0600; empty = not signed"),
			})
			.prefault({}),
		email: z
			.strictObject({
				host: text("SMTP server for alarms; STARTTLS is required unless it is this machine; empty = none"),
				port: z.int().min(1).max(65_535).default(SUBMISSION_PORT).describe("Its port; 465 is TLS from the first byte"),
				user: text("User name at the SMTP server; empty = no login"),
				secretFile: text("File with that user's password; mode 0600"),
				from: text("Sender's address"),
				to: text("Receivers' addresses, with commas between"),
				lang: z.enum(["zh", "en", "both"]).default("both").describe("Language of the messages"),
			})
			.prefault({}),
	})
	.prefault({});

export type AlarmSettings = z.output<typeof alarmSettings>;
