import type { Command } from "commander";
import { NodeCrypto } from "../../gateway/depot/node-crypto.ts";
import { fromHex, toHex } from "../../protocol/wire/bytes.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import { DEFAULT_LEASE_S, type Grant } from "../../protocol/wire/messages.ts";
import { seal } from "../../protocol/wire/seal.ts";
import { type LightId, type Stars, seconds, toUnixSeconds, unixSeconds } from "../../protocol/wire/units.ts";
import { signerFromPem } from "./node-crypto.ts";
import { readKeyFile, wholeNumber } from "./options.ts";
import type { Root } from "./root.ts";

const UINT32_MAX = 0xffff_ffff;
const TOKEN_BYTES = 8;
/** Fleet, policy and rating behind a grant that is made by hand. */
const DEMO_FLEET = "demo";

interface Options {
	readonly light: string;
	readonly stars: number;
	readonly key: string;
	readonly fleet: string;
	readonly epoch: number;
	readonly seq: number;
	readonly lease: number;
	readonly resumes: number;
	readonly resume: number;
	readonly issuedAt?: number;
	readonly ask?: string;
}

/** `liangxing-sim grant`: makes one grant by hand and prints it as a line of hex. */
export function register(program: Command, root: Root): void {
	const uint32 = wholeNumber(0, UINT32_MAX);
	program
		.command("grant")
		.description("make and sign one star grant, printed as one line of hex")
		.requiredOption("--light <ID>", "light id: 12 characters, the last a check character")
		.requiredOption("--stars <N>", "0 to 5", wholeNumber(0, 5))
		.requiredOption("--key <FILE>", "signing key (PEM, PKCS#8 private, Ed25519)")
		.option("--ask <HEX>", "the light's newest ask, 8 bytes (default: random, so that no light takes it)")
		.option("--fleet <NAME>", "fleet", DEMO_FLEET)
		.option("--epoch <N>", "the depot's epoch", uint32, 1)
		.option("--seq <N>", "number of this grant in the epoch", uint32, 1)
		.option("--lease <S>", "seconds it may be shown", wholeNumber(1, UINT32_MAX), DEFAULT_LEASE_S)
		.option("--resumes <N>", "how often it may be shown again after a loss of power", wholeNumber(0, 255), 0)
		.option("--resume <S>", "seconds each such time", uint32, 0)
		.option("--issued-at <S>", "unix seconds (default: now)", uint32)
		.addHelpText("after", "\nExample:\n  liangxing-sim grant --light PDS00000001H --stars 4 --key signing.pem")
		.action(async (options: Options) => {
			const signer = signerFromPem(readKeyFile(options.key), options.key);
			await root.out(toHex(seal("grant", grantOf(options, root), signer, new NodeCrypto())));
		});
}

function grantOf(options: Options, root: Root): Grant {
	const issuedAt = options.issuedAt ?? toUnixSeconds(root.clock.unixMs());
	return {
		fleet: options.fleet,
		light: lightOf(options.light),
		epoch: options.epoch,
		seq: options.seq,
		stars: options.stars as Stars,
		issuedAt: unixSeconds(issuedAt),
		notAfter: unixSeconds(Math.min(UINT32_MAX, issuedAt + options.lease + options.resumes * options.resume)),
		leaseS: seconds(options.lease),
		resumes: options.resumes,
		resumeS: seconds(options.resume),
		asOf: unixSeconds(issuedAt),
		policy: new Uint8Array(TOKEN_BYTES),
		trace: root.random.bytes(TOKEN_BYTES),
		ask: options.ask === undefined ? root.random.bytes(TOKEN_BYTES) : askOf(options.ask),
	};
}

function lightOf(text: string): LightId {
	const light = parseLightId(text);
	if (light !== null) return light;
	throw new CodedError("light-id-malformed", `${text} is not a light id.`, {
		fault: "input",
		next: "Copy all 12 characters from the label: digits and capitals without I, L, O and U.",
	});
}

function askOf(text: string): Uint8Array {
	const ask = fromHex(text);
	if (ask?.length === TOKEN_BYTES) return ask;
	throw new CodedError("ask-malformed", `${text} is not an ask.`, {
		fault: "input",
		next: "Give 16 hexadecimal digits (8 bytes), as the light's state has them.",
	});
}
