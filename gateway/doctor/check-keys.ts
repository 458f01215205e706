import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { isCoded } from "../../protocol/wire/errors.ts";
import type { DataFolder } from "../depot/data-folder.ts";
import { showKeys } from "../depot/keys.ts";
import { NodeCrypto } from "../depot/node-crypto.ts";
import { coded, type Finding, fine, found } from "./finding.ts";

/** Secrets that others of this machine may read. */
function open(folder: DataFolder): string[] {
	if (process.platform === "win32") return [];
	return [folder.signingKey, folder.rootKey, folder.token, folder.db].filter(
		(path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0,
	);
}

/** Modes of the secrets, and that the signing key is one of those that the root signed for this fleet. */
export function checkKeys(folder: DataFolder, fleet: string): Finding {
	const tooOpen = open(folder);
	if (tooOpen.length > 0) {
		const names = tooOpen.map((path) => basename(path)).join(", ");
		const run = `chmod 600 ${tooOpen.join(" ")}`;
		return found(
			"keys",
			{ zh: `其他用户可读：${names}`, en: `readable by other users: ${names}` },
			{ zh: `运行：${run}；若已被人读过，请更换密钥。`, en: `Run: ${run}; if somebody read them, replace the keys.` },
		);
	}
	try {
		const keys = showKeys(folder, new NodeCrypto());
		if (keys.fleet !== fleet)
			return found(
				"keys",
				{
					zh: `密钥表属于车队 ${keys.fleet}，配置为 ${fleet}`,
					en: `the keys are of fleet ${keys.fleet}, the settings say ${fleet}`,
				},
				{
					zh: `把 fleet 设为 ${keys.fleet}，或用 --data 另选文件夹。`,
					en: `Set fleet to ${keys.fleet}, or choose another folder with --data.`,
				},
			);
		if (!keys.signing.some((key) => key.used))
			return found(
				"keys",
				{ zh: "签发密钥不在根密钥签名的密钥表里", en: "the signing key is not in the root-signed list of keys" },
				{
					zh: "从同一备份放回 signing.key.pem 和 keys.cose。",
					en: "Put signing.key.pem and keys.cose back from the same backup.",
				},
			);
		const advice = keys.rootKeyHere
			? {
					zh: `根私钥还在这里：另存到别处，并移走 ${folder.rootKey}`,
					en: `The root's private key is here: keep it elsewhere and remove ${folder.rootKey}`,
				}
			: { zh: "", en: "" };
		return fine(
			"keys",
			`${keys.signing.length} 把签发密钥，与密钥表相符`,
			`${keys.signing.length} signing keys, fit the root-signed list`,
			advice,
		);
	} catch (e) {
		if (!isCoded(e)) throw e;
		return coded("keys", e);
	}
}
