import type { Command } from "commander";
import { NodeCrypto } from "../../gateway/depot/node-crypto.ts";
import { fromHex, toHex } from "../../protocol/wire/bytes.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import { parseLightId } from "../../protocol/wire/light-id.ts";
import { lightIdError } from "../../protocol/wire/light-id-error.ts";
import { DEFAULT_LEASE_S, type Grant } from "../../protocol/wire/messages.ts";
import { seal } from "../../protocol/wire/seal.ts";
import { type LightId, type Stars, seconds, toUnixSeconds, unixSeconds } from "../../protocol/wire/units.ts";
import { type Text, withHelp } from "./help.ts";
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

const TEXTS = {
	about: {
		zh: "手工签发一张亮星凭证，输出一行十六进制",
		en: "make and sign one star grant, printed as one line of hex",
	},
	light: { zh: "顶灯编号：12 个字符，最后一个是校验字符", en: "light id: 12 characters, the last a check character" },
	stars: { zh: "0 至 5", en: "0 to 5" },
	key: { zh: "签发私钥（PEM，PKCS#8，Ed25519）", en: "signing key (PEM, PKCS#8 private, Ed25519)" },
	ask: {
		zh: "顶灯最新抽出的随机数，8 字节（默认随机，于是没有灯会接受）",
		en: "the light's newest ask, 8 bytes (default: random, so that no light takes it)",
	},
	fleet: { zh: "车队", en: "fleet" },
	epoch: { zh: "场站的纪元", en: "the depot's epoch" },
	seq: { zh: "本纪元内的序号", en: "number of this grant in the epoch" },
	lease: { zh: "可亮多少秒", en: "seconds it may be shown" },
	resumes: { zh: "断电后可恢复几次", en: "how often it may be shown again after a loss of power" },
	resume: { zh: "每次恢复的秒数", en: "seconds each such time" },
	issuedAt: { zh: "签发时间，Unix 秒（默认现在）", en: "unix seconds (default: now)" },
} as const satisfies Record<string, Text>;

/** `liangxing-sim grant`: makes one grant by hand and prints it as a line of hex. */
export function register(program: Command, root: Root): void {
	const t = (key: keyof typeof TEXTS): string => TEXTS[key][root.lang];
	const uint32 = wholeNumber(0, UINT32_MAX);
	const command = program
		.command("grant")
		.description(t("about"))
		.requiredOption("--light <ID>", t("light"))
		.requiredOption("--stars <N>", t("stars"), wholeNumber(0, 5))
		.requiredOption("--key <FILE>", t("key"))
		.option("--ask <HEX>", t("ask"))
		.option("--fleet <NAME>", t("fleet"), DEMO_FLEET)
		.option("--epoch <N>", t("epoch"), uint32, 1)
		.option("--seq <N>", t("seq"), uint32, 1)
		.option("--lease <S>", t("lease"), wholeNumber(1, UINT32_MAX), DEFAULT_LEASE_S)
		.option("--resumes <N>", t("resumes"), wholeNumber(0, 255), 0)
		.option("--resume <S>", t("resume"), uint32, 0)
		.option("--issued-at <S>", t("issuedAt"), uint32);
	withHelp(command, root.lang, ["liangxing-sim grant --light PDS00000001H --stars 4 --key signing.pem"]);
	command.action(async (options: Options) => {
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
	if (light === null) throw lightIdError(text);
	return light;
}

function askOf(text: string): Uint8Array {
	const ask = fromHex(text);
	if (ask?.length === TOKEN_BYTES) return ask;
	throw new CodedError("ask-malformed", `${text} is not an ask.`, {
		fault: "input",
		next: "Give 16 hexadecimal digits (8 bytes), as the light's state has them.",
	});
}
