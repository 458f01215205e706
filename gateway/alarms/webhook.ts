import { createHmac, timingSafeEqual } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AlarmSettings } from "../config/alarm-settings.ts";
import { bodyOf } from "./message.ts";
import { notSent, readSecret, type Sender, TRY_MS } from "./sender.ts";

export const SIGNATURE_HEADER = "liangxing-signature";

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 over "<t>.<body>">`: the time in it lets the other side refuse an old one sent again. */
export function signatureOf(secret: string, at: number, body: string): string {
	return `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${body}`, "utf8").digest("hex")}`;
}

/** How a receiver checks it; `maxAgeS` bounds replays. */
export function isSignedBy(secret: string, header: string, body: string, nowS: number, maxAgeS = 300): boolean {
	const at = Number(/^t=(\d{1,15}),/.exec(header)?.[1] ?? Number.NaN);
	if (!(Math.abs(nowS - at) <= maxAgeS)) return false;
	const wanted = Buffer.from(signatureOf(secret, at, body), "utf8");
	const given = Buffer.from(header, "utf8");
	return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** 408 and 429 ask to come again, as do failures of the server; any other refusal stays one. */
const comesAgain = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Posts alarms as JSON. Redirects are not followed: the address is the one that was set. Throws `alarm-secret-missing`. */
export function webhookSender({ url, secretFile }: AlarmSettings["webhook"]): Sender {
	const target = new URL(url);
	const secret = () => (secretFile === "" ? null : readSecret(secretFile, "alarms.webhook.secretFile"));
	// Said at the start, not when the first alarm is due.
	secret();
	const request = target.protocol === "https:" ? httpsRequest : httpRequest;
	return {
		hook: "webhook",
		target: target.host,
		send: (message, signal) => {
			const body = bodyOf(message);
			const key = secret();
			const headers = {
				"content-type": "application/json; charset=utf-8",
				"content-length": Buffer.byteLength(body),
				"user-agent": "liangxing",
				...(key === null ? {} : { [SIGNATURE_HEADER]: signatureOf(key, Math.floor(message.at / 1000), body) }),
			};
			return new Promise((resolve, reject) => {
				const whole = AbortSignal.any([signal, AbortSignal.timeout(TRY_MS)]);
				const failed = (e: NodeJS.ErrnoException) => reject(notSent("webhook", e.code ?? e.name, true, e));
				const sent = request(target, { method: "POST", headers, agent: false, signal: whole }, (response) => {
					const status = response.statusCode ?? 0;
					// Its body is of no interest and may be of any length.
					response.destroy();
					if (status >= 200 && status < 300) resolve();
					else reject(notSent("webhook", `status ${status}`, comesAgain(status)));
				});
				sent.on("error", failed);
				sent.end(body);
			});
		},
	};
}
