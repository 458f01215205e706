import { writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { emailSender } from "../../gateway/alarms/email.ts";
import { HookQueue } from "../../gateway/alarms/hook-queue.ts";
import type { AlarmMessage } from "../../gateway/alarms/message.ts";
import { isSignedBy, SIGNATURE_HEADER, webhookSender } from "../../gateway/alarms/webhook.ts";
import { settingsSchema } from "../../gateway/config/schema.ts";
import { unixMs } from "../../protocol/wire/units.ts";
import { tempFolder } from "../support/depot-files.ts";
import { silentLog } from "../support/silent-log.ts";

const folder = tempFolder("hooks");
afterAll(() => folder.remove());
const secretFile = (text: string, mode = 0o600): string => {
	const path = join(folder.path, `secret-${mode}-${text.length}`);
	writeFileSync(path, text, { mode });
	return path;
};
const NEVER = new AbortController().signal;
const FAST = { tries: 4, firstMs: 1, mostMs: 2 };
const AT = unixMs(1_772_323_200_000);

const message = (more: Partial<AlarmMessage> = {}): AlarmMessage => ({
	type: "raise",
	code: "lights-silent",
	severity: "warning",
	since: AT,
	at: AT,
	detail: { silent: 40, onDuty: 100 },
	fleet: "demo",
	...more,
});

interface Got {
	readonly body: string;
	readonly headers: IncomingHttpHeaders;
}
const open: { close(): unknown }[] = [];
afterEach(() => {
	for (const one of open.splice(0)) one.close();
});

/** Someone who receives alarms; answers with these statuses, the last one for ever. */
async function receiver(...statuses: number[]): Promise<{ url: string; got: Got[] }> {
	const got: Got[] = [];
	const server: Server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on("data", (part: Buffer) => parts.push(part));
		request.on("end", () => {
			const status = statuses[Math.min(got.length, statuses.length - 1)] ?? 200;
			got.push({ body: Buffer.concat(parts).toString("utf8"), headers: request.headers });
			response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end("x".repeat(1000));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	open.push({
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=geheim`, got };
}

const webhook = (url: string, secret = "") => webhookSender({ url, secretFile: secret });

describe("a webhook", () => {
	it("gets the alarm as JSON in both languages, signed with the shared secret", async () => {
		const { url, got } = await receiver(200);
		await webhook(url, secretFile("a shared secret of some length\n")).send(message(), NEVER);
		const [first] = got;
		const body = JSON.parse(first?.body ?? "");
		expect(body).toMatchObject({ program: "liangxing", fleet: "demo", event: "raise", alarm: "lights-silent" });
		expect(body.text.zh.what).toContain("40");
		expect(body.text.en.what).toContain("40 of the 100 lights");
		const header = String(first?.headers[SIGNATURE_HEADER]);
		const nowS = AT / 1000;
		const isSigned = (secret: string, text: string, at = nowS) => isSignedBy(secret, header, text, at);
		expect(isSigned("a shared secret of some length", first?.body ?? "")).toBe(true);
		expect(isSigned("another secret", first?.body ?? "")).toBe(false);
		expect(isSigned("a shared secret of some length", `${first?.body} `)).toBe(false);
		expect(isSigned("a shared secret of some length", first?.body ?? "", nowS + 301)).toBe(false);
	});

	it("that fails is tried again until it takes the message, once", async () => {
		const { url, got } = await receiver(500, 429, 204);
		const queue = new HookQueue(webhook(url), silentLog, FAST);
		queue.push(message());
		await queue.idle();
		expect([got.length, queue.counts]).toEqual([3, { sent: 1, failed: 0, dropped: 0 }]);
	});

	it("that refuses for good, or sends elsewhere, is not tried again", async () => {
		for (const status of [400, 404, 302]) {
			const { url, got } = await receiver(status);
			const queue = new HookQueue(webhook(url), silentLog, FAST);
			queue.push(message());
			await queue.idle();
			expect([status, got.length, queue.counts.failed]).toEqual([status, 1, 1]);
		}
	});

	it("that is gone costs one counted failure after all tries, and the next message is tried anew", async () => {
		const { url, got } = await receiver(200);
		const dead = `${url.replace(/:\d+/, ":1")}`;
		const queue = new HookQueue(webhook(dead), silentLog, FAST);
		queue.push(message());
		queue.push(message());
		await queue.idle();
		expect([got.length, queue.counts]).toEqual([0, { sent: 0, failed: 2, dropped: 0 }]);
	});

	it("names its host to the log, never the path with its token", async () => {
		const { url } = await receiver(200);
		expect(webhook(url).target).toMatch(/^127\.0\.0\.1:\d+$/);
	});

	it("is refused a secret file that is missing, empty or readable by others", () => {
		const url = "http://127.0.0.1:1/";
		for (const [path, code] of [
			[join(folder.path, "nowhere"), "alarm-secret-missing"],
			[secretFile(""), "alarm-secret-missing"],
			[secretFile("open to all", 0o644), "file-mode-too-open"],
		] as const)
			expect(() => webhook(url, path)).toThrow(expect.objectContaining({ code }));
	});
});

describe("a queue to people", () => {
	it("keeps the newest messages where too many wait, and counts those let go", async () => {
		const sent: string[] = [];
		let release = () => {};
		const gate = new Promise<void>((resolve) => {
			release = resolve;
		});
		const send = async ({ fleet }: AlarmMessage) => {
			await gate;
			sent.push(fleet);
		};
		const queue = new HookQueue({ hook: "webhook", target: "x", send }, silentLog, FAST);
		for (let i = 0; i < 150; i++) queue.push(message({ fleet: String(i) }));
		release();
		await queue.idle();
		expect(queue.counts.dropped + queue.counts.sent).toBe(150);
		expect(queue.counts.dropped).toBeGreaterThan(0);
		expect(sent.at(-1)).toBe("149");
	});

	it("that is stopped sends nothing more", async () => {
		const { url, got } = await receiver(500);
		const queue = new HookQueue(webhook(url), silentLog, { tries: 1000, firstMs: 1, mostMs: 1 });
		queue.push(message());
		queue.stop();
		queue.push(message());
		await queue.idle();
		expect(got.length).toBeLessThanOrEqual(1);
		expect(queue.counts).toEqual({ sent: 0, failed: 0, dropped: 0 });
	});
});

interface Mail {
	readonly from: string;
	readonly to: readonly string[];
	readonly text: string;
}

/** A mail server of this machine. */
async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[] }> {
	const mails: Mail[] = [];
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ["STARTTLS"],
		logger: false,
		onData: (stream, session, done) => {
			const parts: Buffer[] = [];
			stream.on("data", (part: Buffer) => parts.push(part));
			stream.on("end", () => {
				const { mailFrom, rcptTo } = session.envelope;
				const from = mailFrom === false ? "" : mailFrom.address;
				mails.push({ from, to: rcptTo.map((r) => r.address), text: Buffer.concat(parts).toString("utf8") });
				done();
			});
		},
		...options,
	});
	server.on("error", () => undefined);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	open.push({ close: () => server.close() });
	return { port: (server.server.address() as AddressInfo).port, mails };
}

const emailSettings = (port: number, more: Readonly<Record<string, string>> = {}) =>
	settingsSchema.parse({
		alarms: {
			email: { host: "127.0.0.1", port, from: "depot@example.org", to: "a@example.org, b@example.org", ...more },
		},
	}).alarms.email;

/** The text of a quoted-printable mail (RFC 2045, 6.7). */
function decoded(mail: string): string {
	const body = mail.slice(mail.indexOf("\r\n\r\n")).replace(/=\r\n/g, "");
	const bytes = [...body.matchAll(/=([0-9A-F]{2})|([\s\S])/g)].map(([, hex, plain = ""]) =>
		hex === undefined ? plain.charCodeAt(0) : Number.parseInt(hex, 16),
	);
	return Buffer.from(bytes).toString("utf8");
}

describe("an e-mail", () => {
	it("goes to all receivers, in both languages, with the next step", async () => {
		const { port, mails } = await mailServer();
		await emailSender(emailSettings(port)).send(message(), NEVER);
		const [mail] = mails;
		expect(mail).toMatchObject({ from: "depot@example.org", to: ["a@example.org", "b@example.org"] });
		const text = decoded(mail?.text ?? "");
		expect(text).toContain("许多顶灯同时没有消息");
		expect(text).toContain("Many lights are silent at once");
		expect(text).toContain("liangxing doctor");
		expect(mail?.text).toMatch(/auto-submitted: auto-generated/i);
	});

	it("is sent in one language where one is set", async () => {
		const { port, mails } = await mailServer();
		await emailSender(emailSettings(port, { lang: "en" })).send(message({ type: "clear" }), NEVER);
		expect(mails[0]?.text).toContain("[Liangxing demo] Cleared: Many lights are silent at once");
		expect(mails[0]?.text).not.toContain("Next:");
	});

	it("logs in with the password from its file", async () => {
		const logins: string[] = [];
		const { port, mails } = await mailServer({
			authOptional: false,
			allowInsecureAuth: true,
			onAuth: ({ username, password }, _session, done) => {
				logins.push(`${username} ${password}`);
				if (password === "sesame") done(null, { user: username });
				else done(new Error("no"));
			},
		});
		const settings = (text: string) => emailSettings(port, { user: "depot", secretFile: secretFile(text) });
		await emailSender(settings("sesame\n")).send(message(), NEVER);
		expect([logins, mails.length]).toEqual([["depot sesame"], 1]);
		await expect(emailSender(settings("wrong!!!")).send(message(), NEVER)).rejects.toMatchObject({
			code: "alarm-not-sent",
			fault: "input",
		});
	});

	it("is not sent in the clear to a server of another machine", async () => {
		const { port, mails } = await mailServer();
		await expect(emailSender(emailSettings(port), true).send(message(), NEVER)).rejects.toMatchObject({
			code: "alarm-not-sent",
		});
		expect(mails).toEqual([]);
	});

	it("is not given to a server whose certificate nobody vouches for", async () => {
		// smtp-server brings a self-signed one.
		const { port, mails } = await mailServer({ disabledCommands: [] });
		await expect(emailSender(emailSettings(port), true).send(message(), NEVER)).rejects.toMatchObject({
			code: "alarm-not-sent",
		});
		expect(mails).toEqual([]);
	});

	it("that one of its receivers refuses is a failure that is said, and the others do not get it twice", async () => {
		const { port, mails } = await mailServer({
			onRcptTo: ({ address }, _session, done) =>
				done(address.startsWith("a@") ? Object.assign(new Error("no such box"), { responseCode: 550 }) : undefined),
		});
		const queue = new HookQueue(emailSender(emailSettings(port)), silentLog, FAST);
		queue.push(message());
		await queue.idle();
		expect([mails.map((m) => m.to), queue.counts.failed]).toEqual([[["b@example.org"]], 1]);
	});

	it("that the server cannot take now is tried again, and its words with addresses are not repeated", async () => {
		let tries = 0;
		const { port, mails } = await mailServer({
			onRcptTo: (_address, _session, done) => {
				tries += 1;
				if (tries <= 2) done(Object.assign(new Error("a@example.org is busy"), { responseCode: 451 }));
				else done();
			},
		});
		const queue = new HookQueue(emailSender(emailSettings(port)), silentLog, FAST);
		queue.push(message());
		await queue.idle();
		expect([mails.length, queue.counts.sent]).toEqual([1, 1]);
	});
});
