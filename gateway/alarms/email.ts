import { createTransport } from "nodemailer";
import { receiversOf } from "../config/alarm-checks.ts";
import type { AlarmSettings } from "../config/alarm-settings.ts";
import { mailOf } from "./message.ts";
import { needsTls, notSent, readSecret, type Sender, TRY_MS } from "./sender.ts";

/** TLS from the first byte (RFC 8314). */
const SMTPS_PORT = 465;

/** A refusal by the server for good (5xx), of login or of addresses. */
const isFinal = (e: { readonly responseCode?: number; readonly code?: string }): boolean =>
	(e.responseCode !== undefined && e.responseCode >= 500) || e.code === "EAUTH" || e.code === "EENVELOPE";

/**
 * Sends alarms by SMTP, one connection each: they are rare. `tls` = refuse a server that offers no STARTTLS; its certificate is
 * checked in any case where it is used. Throws `alarm-secret-missing`.
 */
export function emailSender(email: AlarmSettings["email"], tls = needsTls(email.host)): Sender {
	const password = () => readSecret(email.secretFile, "alarms.email.secretFile");
	if (email.user !== "") password();
	return {
		hook: "email",
		target: email.host,
		send: async (message, signal) => {
			const transport = createTransport({
				host: email.host,
				port: email.port,
				secure: email.port === SMTPS_PORT,
				requireTLS: tls,
				// On this machine a server's home-made certificate is worse than none at all.
				ignoreTLS: !tls,
				...(email.user === "" ? {} : { auth: { user: email.user, pass: password() } }),
				connectionTimeout: TRY_MS,
				greetingTimeout: TRY_MS,
				socketTimeout: TRY_MS,
				disableFileAccess: true,
				disableUrlAccess: true,
			});
			const stop = () => transport.close();
			signal.addEventListener("abort", stop);
			try {
				await transport.sendMail({
					from: email.from,
					to: receiversOf(email.to),
					...mailOf(message, email.lang),
					headers: { "auto-submitted": "auto-generated" },
				});
			} catch (cause) {
				const e = cause as { readonly responseCode?: number; readonly code?: string };
				// The server's own words may hold addresses.
				const reason = e.responseCode === undefined ? (e.code ?? "unknown") : `SMTP ${e.responseCode}`;
				throw notSent("email", reason, !isFinal(e), cause);
			} finally {
				signal.removeEventListener("abort", stop);
				transport.close();
			}
		},
	};
}
