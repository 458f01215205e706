import type { Command } from "commander";
import { NodeCrypto } from "../../gateway/depot/node-crypto.ts";
import type { Crypto } from "../../protocol/ports/crypto.ts";
import { fromHex, toHex } from "../../protocol/wire/bytes.ts";
import { MAX_BYTES } from "../../protocol/wire/codec.ts";
import { CodedError } from "../../protocol/wire/errors.ts";
import type { Grant } from "../../protocol/wire/messages.ts";
import { type UnsealCode, unseal } from "../../protocol/wire/seal.ts";
import { type Text, withHelp } from "./help.ts";
import { boundedLines, type Line } from "./lines.ts";
import { publicKeyFromPem } from "./node-crypto.ts";
import { readKeyFile } from "./options.ts";
import type { Root } from "./root.ts";

/** A grant in hex, with room for blanks and an editor's line end; a longer line is malformed. */
const MAX_LINE = 2 * MAX_BYTES.grant + 64;

const TEXTS = {
	about: {
		zh: "核验凭证的形式与签名：标准输入每行一张，十六进制",
		en: "check form and signature of grants, one in hex a line on standard input",
	},
	key: { zh: "公钥（PEM，SPKI，Ed25519）", en: "public key (PEM, SPKI, Ed25519)" },
	note: {
		zh: "每行输出一行 JSON；全部无误才以 0 退出，一张凭证也没有则以 2 退出。",
		en: "Prints a JSON line for each; exit 0 only if all are good, 2 if there is none.",
	},
} as const satisfies Record<string, Text>;

/** `liangxing-sim verify`: checks the form and the signature of grants, nothing else. Throws `input-empty` where there is none. */
export function register(program: Command, root: Root): void {
	const command = program
		.command("verify")
		.description(TEXTS.about[root.lang])
		.requiredOption("--key <FILE>", TEXTS.key[root.lang]);
	withHelp(command, root.lang, ["liangxing-sim verify --key signing.pub < grants.txt"], TEXTS.note);
	command.action((options: { readonly key: string }) => verifyLines(options.key, root));
}

async function verifyLines(key: string, root: Root): Promise<void> {
	const publicKey = publicKeyFromPem(readKeyFile(key), key);
	const crypto = new NodeCrypto();
	let lines = 0;
	for await (const line of boundedLines(root.stdin, MAX_LINE)) {
		if (line.text.trim() === "" && !line.tooLong) continue;
		lines += 1;
		const verdict = judge(line, publicKey, crypto);
		if (!verdict.ok) root.exitCode(1);
		await root.out(JSON.stringify(verdict));
	}
	// A pipe whose other end failed must not look like grants that are all good.
	if (lines === 0)
		throw new CodedError("input-empty", "Standard input held no grant.", {
			fault: "input",
			next: "Pass grants in hex, one a line, as liangxing-sim grant prints them.",
		});
}

type Verdict =
	| { readonly ok: true; readonly grant: Readonly<Record<string, string | number>> }
	| { readonly ok: false; readonly code: UnsealCode };

function judge(line: Line, publicKey: Uint8Array, crypto: Crypto): Verdict {
	const bytes = line.tooLong ? null : fromHex(line.text.trim());
	if (bytes === null) return { ok: false, code: "malformed" };
	const opened = unseal("grant", bytes, [publicKey], crypto);
	return opened.ok ? { ok: true, grant: namedFields(opened.message) } : { ok: false, code: opened.code };
}

/** The protocol table's names; byte strings as lower-case hex; an ask that is left out stays out. */
function namedFields(grant: Grant): Record<string, string | number> {
	const { policy, trace, ask, ...rest } = grant;
	return { ...rest, policy: toHex(policy), trace: toHex(trace), ...(ask === null ? {} : { ask: toHex(ask) }) };
}
