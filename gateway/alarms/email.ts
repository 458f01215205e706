import { createTransport } from "nodemailer";
import { receiversOf } from "../config/alarm-checks.ts";
import type { AlarmSettings } from "../config/alarm-settings.ts";
import { mailOf } from "./message.ts";
import { needsTls, notSent, readSecret, type Sender, TRY_MS } from "./sender.ts";

/** TLS from the first byte (RFC 8314). */
const SMTPS_PORT = 465;

/** A refusal by the server for good (5xx); without an answer's code, a login or an address that cannot be right. */
const isFinal = ({ responseCode, code }: { readonly responseCode?: number; readonly code?: string }): boolean =>
	responseCode !== undefined ? responseCode >= 500 : code === "EAUTH" || code === "EENVELOPE";

/**
 * Sends alarms by SMTP, one connection each: they are rare. `tls` = refuse a server that offers no STARTTLS; its certificate is
 * checked in any case where it is used. Throws `alarm-secret-missing`.
 */
export function emailSender(email: AlarmSettings["email"], tls = needsTls(email.host)): Sender {
	const password = () => readSecret(email.secretFile, "alarms.email.secretFile");
	if (email.user !== "") password();
	const receivers = receiversOf(email.to);
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
			let refused: number;
			try {
				const { rejected } = await transport.sendMail({
					from: email.from,
					to: receivers,
					...mailOf(message, email.lang),
					headers: { "auto-submitted": "auto-generated" },
				});
				refused = rejected.length;
			} catch (cause) {
				const e = cause as { readonly responseCode?: number; readonly code?: string };
				// The server's own words may hold addresses.
				const reason = e.responseCode === undefined ? (e.code ?? "unknown") : `SMTP ${e.responseCode}`;
				throw notSent("email", reason, !isFinal(e), cause);
			} finally {
				signal.removeEventListener("abort", stop);
				transport.close();
			}
			// The others have it: sent again, they would have it twice.
			if (refused > 0) throw notSent("email", `${refused} of ${receivers.length} receivers refused`, false);
		},
	};
}
