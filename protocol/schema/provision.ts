import { z } from "zod";
import { MAX_BYTES } from "../wire/codec.ts";
import { PUBLIC_KEY_BYTES } from "../wire/cose.ts";
import { CodedError } from "../wire/errors.ts";
import { firstProblem } from "./problem.ts";
import { fleetName, hexBytes, lightId } from "./scalars.ts";

const PEM = /^-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+-----END PRIVATE KEY-----\n?$/;
const BROKER = /^mqtts?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** A PKCS#8 Ed25519 key has 119 characters; other suites may come, a whole file will not. */
const MAX_PEM = 1024;

/**
 * Provisioning file: what enrolment will hand to a light, until then made by `liangxing lights add`. Holds the light's private
 * key, so the file has mode 0600. Unknown keys are refused: a misspelt one would leave out what it means.
 */
export const provision = z.strictObject({
	/** Version of this form. */
	version: z.literal(1),
	fleet: fleetName,
	light: lightId,
	/** The light's Ed25519 key, PKCS#8 in PEM. */
	privateKey: z
		.string()
		.max(MAX_PEM)
		.transform((pem) => pem.replaceAll("\r\n", "\n"))
		.pipe(z.string().regex(PEM, "a private key in PEM (PKCS#8, BEGIN PRIVATE KEY) is wanted")),
	/** Raw 32-byte public key of `privateKey`, hex. */
	publicKey: hexBytes(PUBLIC_KEY_BYTES),
	/** Raw 32-byte public key of the fleet's root, hex. */
	rootPublicKey: hexBytes(PUBLIC_KEY_BYTES),
	/** The root-signed `keys` message, hex. */
	keys: hexBytes(MAX_BYTES.keys, true),
	/** `mqtt://host:port` or `mqtts://host:port`. */
	broker: z.string().max(256).regex(BROKER, "an address such as mqtt://127.0.0.1:1883 is wanted"),
});

/** As the file holds it (JSON; bytes are hex). */
export type ProvisionFile = z.input<typeof provision>;
/** As a program uses it (bytes are bytes). */
export type Provision = z.output<typeof provision>;

/** Reads a provisioning file's text. Throws `provision-invalid` naming the key, never the value. */
export function parseProvision(text: string): Provision {
	const parsed = provision.safeParse(parseJson(text));
	if (parsed.success) return parsed.data;
	const problem = firstProblem(parsed.error);
	throw invalid(`The provisioning file is not valid. ${problem.text}`, problem.key);
}

/** The file's text for these values, with a line feed at its end. Throws `provision-invalid`. */
export function formatProvision(file: ProvisionFile): string {
	const text = `${JSON.stringify(file, null, "\t")}\n`;
	parseProvision(text);
	return text;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// The parser's own message quotes the text, which holds a private key.
		throw invalid("The provisioning file is not JSON.", "(whole document)");
	}
}

const invalid = (message: string, key: string): CodedError =>
	new CodedError("provision-invalid", message, {
		fault: "input",
		next: "Make a new file with: liangxing lights add ID --out FILE",
		context: { key },
	});
