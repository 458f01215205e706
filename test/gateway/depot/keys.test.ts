import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
	type DataFolder,
	ensureDataFolder,
	readRuntime,
	removeRuntime,
	writeRuntime,
} from "../../../gateway/depot/data-folder.ts";
import { ensureKeys, showKeys } from "../../../gateway/depot/keys.ts";
import { makeKeyPair, NodeCrypto, NodeSigner, nodeRandom } from "../../../gateway/depot/node-crypto.ts";
import { lightMaker, requireLightId, writeProvisionFile } from "../../../gateway/depot/provision.ts";
import { ensureToken, readToken, sameToken } from "../../../gateway/depot/token.ts";
import { parseProvision } from "../../../protocol/schema/provision.ts";
import { equalBytes, toHex, utf8Encode } from "../../../protocol/wire/bytes.ts";
import { unseal } from "../../../protocol/wire/seal.ts";

const root = mkdtempSync(join(tmpdir(), "lx-keys-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const fresh = (): DataFolder => ensureDataFolder(join(root, `f${count++}`));
const crypto = new NodeCrypto();
const NOW_S = 1_800_000_000;
const modeOf = (path: string) => statSync(path).mode & 0o777;

const codeOf = (run: () => unknown): string => {
	try {
		run();
	} catch (e) {
		return (e as { code: string }).code;
	}
	return "none";
};

describe("a first start", () => {
	it("makes root key, signing key and the root-signed list of keys, secrets readable by the owner only", () => {
		const folder = fresh();
		const keys = ensureKeys(folder, "demo", true, NOW_S, crypto);
		expect(keys.made).toBe(true);
		for (const path of [folder.rootKey, folder.signingKey]) expect(modeOf(path)).toBe(0o600);
		const opened = unseal("keys", keys.keysMessage, [keys.rootPublicKey], crypto);
		expect(opened.ok && opened.message).toEqual({ fleet: "demo", version: NOW_S, keys: [keys.signer.publicKey] });
		expect(readFileSync(folder.rootKey, "utf8")).not.toBe(readFileSync(folder.signingKey, "utf8"));
	});

	it("is not repeated: the second start has the same keys, also with the root key taken away", () => {
		const folder = fresh();
		const first = ensureKeys(folder, "demo", true, NOW_S, crypto);
		rmSync(folder.rootKey);
		const second = ensureKeys(folder, "demo", false, NOW_S + 9, crypto);
		expect(second.made).toBe(false);
		expect(toHex(second.signer.publicKey)).toBe(toHex(first.signer.publicKey));
		expect(equalBytes(second.keysMessage, first.keysMessage)).toBe(true);
		expect(existsSync(folder.rootKey)).toBe(false);
	});

	it("that was cut short before its last file is done again with the root key that is there", () => {
		const folder = fresh();
		const first = ensureKeys(folder, "demo", true, NOW_S, crypto);
		rmSync(folder.keysMessage);
		const second = ensureKeys(folder, "demo", true, NOW_S, crypto);
		expect(toHex(second.rootPublicKey)).toBe(toHex(first.rootPublicKey));
	});
});

describe("keys that do not fit are refused, never replaced", () => {
	it("a list of keys lost while lights rely on it", () => {
		const folder = fresh();
		ensureKeys(folder, "demo", true, NOW_S, crypto);
		rmSync(folder.keysMessage);
		expect(codeOf(() => ensureKeys(folder, "demo", false, NOW_S, crypto))).toBe("key-file-missing");
	});

	it("a signing key lost, of another depot, broken, or readable by others", () => {
		const folder = fresh();
		ensureKeys(folder, "demo", true, NOW_S, crypto);
		const again = () => codeOf(() => ensureKeys(folder, "demo", false, NOW_S, crypto));
		rmSync(folder.signingKey);
		expect(again()).toBe("key-file-missing");
		writeFileSync(folder.signingKey, makeKeyPair().privatePem, { mode: 0o600 });
		expect(again()).toBe("signing-key-not-trusted");
		writeFileSync(folder.signingKey, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
		expect(again()).toBe("key-file-invalid");
		rmSync(folder.signingKey);
		writeFileSync(folder.signingKey, makeKeyPair().privatePem, { mode: 0o644 });
		expect(again()).toBe("file-mode-too-open");
	});

	it("another fleet's, and a list that another root signed", () => {
		const folder = fresh();
		ensureKeys(folder, "demo", true, NOW_S, crypto);
		expect(codeOf(() => ensureKeys(folder, "other", false, NOW_S, crypto))).toBe("fleet-mismatch");
		const other = fresh();
		ensureKeys(other, "demo", true, NOW_S, crypto);
		writeFileSync(folder.keysMessage, readFileSync(other.keysMessage));
		expect(codeOf(() => ensureKeys(folder, "demo", false, NOW_S, crypto))).toBe("keys-message-invalid");
	});
});

describe("the keys as shown", () => {
	it("are public halves only", () => {
		const folder = fresh();
		const keys = ensureKeys(folder, "demo", true, NOW_S, crypto);
		const shown = showKeys(folder, crypto);
		expect(shown).toMatchObject({ fleet: "demo", version: NOW_S, root: toHex(keys.rootPublicKey), rootKeyHere: true });
		expect(shown.signing).toEqual([
			{ id: expect.stringMatching(/^[0-9a-f]{16}$/), publicKey: toHex(keys.signer.publicKey), used: true },
		]);
		expect(codeOf(() => showKeys(fresh(), crypto))).toBe("no-data-folder");
	});
});

describe("the token", () => {
	it("is made once, readable by the owner only, and compared whole", () => {
		const folder = fresh();
		const first = ensureToken(folder);
		expect(first.made).toBe(true);
		expect(modeOf(folder.token)).toBe(0o600);
		expect(ensureToken(folder)).toEqual({ token: first.token, made: false });
		expect(sameToken(first.token, first.token)).toBe(true);
		expect(sameToken(first.token, first.token.slice(0, -1))).toBe(false);
		expect(sameToken("", first.token)).toBe(false);
	});

	it("is refused when others can read it or it is none", () => {
		const folder = fresh();
		expect(readToken(folder)).toBeNull();
		writeFileSync(folder.token, "short", { mode: 0o600 });
		expect(codeOf(() => readToken(folder))).toBe("token-invalid");
		rmSync(folder.token);
		writeFileSync(folder.token, "x".repeat(43), { mode: 0o640 });
		expect(codeOf(() => readToken(folder))).toBe("file-mode-too-open");
	});
});

describe("the data folder", () => {
	it("that cannot be written is refused with its path", () => {
		const file = join(root, "a-file");
		writeFileSync(file, "");
		expect(codeOf(() => ensureDataFolder(join(file, "below")))).toBe("data-folder-unwritable");
	});

	it("tells commands of the running gateway, and forgets only its own", () => {
		const folder = fresh();
		expect(readRuntime(folder)).toBeNull();
		const info = { pid: 1, instance: "a", http: "http://127.0.0.1:1", mqtt: "mqtt://127.0.0.1:2" };
		writeRuntime(folder, info);
		expect([readRuntime(folder), modeOf(folder.runtime)]).toEqual([info, 0o600]);
		removeRuntime(folder, "b");
		expect(readRuntime(folder)).toEqual(info);
		removeRuntime(folder, "a");
		expect(readRuntime(folder)).toBeNull();
		writeFileSync(folder.runtime, "{");
		expect(readRuntime(folder)).toBeNull();
	});
});

describe("a new light", () => {
	it("gets a provisioning file with its private key and what it must trust; the depot gets the public half", () => {
		const folder = fresh();
		const keys = ensureKeys(folder, "demo", true, NOW_S, crypto);
		const made = lightMaker(folder, "mqtt://127.0.0.1:8791", nodeRandom, crypto)(requireLightId("pds00000001h"));
		const file = parseProvision(made.file);
		expect(file).toMatchObject({ version: 1, fleet: "demo", light: "PDS00000001H", broker: "mqtt://127.0.0.1:8791" });
		expect(equalBytes(file.publicKey, made.publicKey)).toBe(true);
		expect(equalBytes(file.rootPublicKey, keys.rootPublicKey)).toBe(true);
		expect(unseal("keys", file.keys, [file.rootPublicKey], crypto).ok).toBe(true);
	});

	it("is written once, with mode 0600, and never over another's", () => {
		mkdirSync(join(root, "out"), { recursive: true });
		const path = join(root, "out", "light.json");
		writeProvisionFile(path, "{}\n");
		expect(modeOf(path)).toBe(0o600);
		expect(codeOf(() => writeProvisionFile(path, "{}\n"))).toBe("file-exists");
		expect(codeOf(() => writeProvisionFile(join(root, "nowhere", "l.json"), "{}\n"))).toBe("file-unwritable");
	});

	it("has an id whose check character is right, or none", () => {
		expect(codeOf(() => requireLightId("PDS00000001J"))).toBe("light-id-malformed");
		expect(requireLightId(" 7zk3m9qw2hcz ")).toBe("7ZK3M9QW2HCZ");
	});
});

describe("crypto by node", () => {
	it("verifies what the signer signed and nothing else; a broken key is a bad signature", () => {
		const pair = makeKeyPair();
		const signer = new NodeSigner(pair.privateKey);
		const message = utf8Encode("stars");
		const signature = signer.sign(message);
		expect(crypto.verify(pair.publicKey, message, signature)).toBe(true);
		expect(crypto.verify(pair.publicKey, utf8Encode("Stars"), signature)).toBe(false);
		expect(crypto.verify(makeKeyPair().publicKey, message, signature)).toBe(false);
		expect(crypto.verify(pair.publicKey.slice(1), message, signature)).toBe(false);
		expect(crypto.verify(pair.publicKey, message, signature.slice(1))).toBe(false);
	});
});
