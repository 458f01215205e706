import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seal, unseal } from "../../protocol/wire/seal.ts";
import { ODD_GRANTS } from "./odd-grants.ts";
import { grant, PUBLIC, SEEDS } from "./samples.ts";
import { hex, nodeCrypto, signerFrom, unhex } from "./second-opinion.ts";

interface Vector {
	readonly name: string;
	readonly code: string;
	readonly hex: string;
}

const FILE = new URL("../vectors/odd-grants.json", import.meta.url);

function independentFile(): string {
	const provenance =
		"Made by test/protocol/odd-grants.ts with cborg and node:crypto, not with protocol/wire; keys and sample as in " +
		'messages.json. `code` is what a reader that trusts the depot\'s key must answer; "ok" = a right grant at some bound.';
	const grants = ODD_GRANTS.map(({ name, code, bytes }): Vector => ({ name, code, hex: hex(bytes) }));
	return `${JSON.stringify({ provenance, publicKey: hex(PUBLIC.depot), grants }, null, "\t")}\n`;
}

const vectors = () => (JSON.parse(readFileSync(FILE, "utf8")) as { grants: Vector[] }).grants;

const codeOf = (bytes: Uint8Array): string => {
	const opened = unseal("grant", bytes, [PUBLIC.next, PUBLIC.depot], nodeCrypto);
	return opened.ok ? "ok" : opened.code;
};

describe("grants that are wrong in one place", () => {
	it("are made by cborg and node:crypto and have names of their own", async () => {
		expect(new Set(ODD_GRANTS.map((odd) => odd.name)).size).toBe(ODD_GRANTS.length);
		await expect(independentFile()).toMatchFileSnapshot("../vectors/odd-grants.json");
	});

	it.each(vectors())("$name: $code", ({ hex: odd, code }) => {
		expect(codeOf(unhex(odd))).toBe(code);
	});

	it("tell form from signature: what is malformed stays so with any trusted keys", () => {
		for (const { hex: odd, code } of vectors()) {
			const opened = unseal("grant", unhex(odd), [], nodeCrypto);
			const wanted = code === "malformed" ? "malformed" : "unknown-key";
			expect(opened).toMatchObject({ ok: false, code: wanted });
		}
	});
});

describe("a sealed grant with one byte changed", () => {
	const right = seal("grant", grant(), signerFrom(SEEDS.depot), nodeCrypto);
	/** Where the parts lie: tag and array, header with its kid, unprotected, payload, signature. */
	const kidAt = 2 + 1 + 5;
	const payloadAt = kidAt + 8 + 1;
	const signatureAt = right.length - 64;

	const wanted = (at: number): readonly string[] => {
		if (at >= kidAt && at < kidAt + 8) return ["unknown-key"];
		if (at >= signatureAt) return ["bad-signature"];
		return at >= payloadAt && at < signatureAt - 2 ? ["malformed", "bad-signature"] : ["malformed"];
	};

	it("is refused, whichever byte and bit it is, with the code of the part it lies in", () => {
		expect(codeOf(right)).toBe("ok");
		const seen = new Map<string, number>();
		for (let at = 0; at < right.length; at++) {
			for (const change of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
				const changed = Uint8Array.from(right);
				changed[at] = (changed[at] ?? 0) ^ change;
				const code = codeOf(changed);
				expect(wanted(at), `byte ${at} ^ ${change}`).toContain(code);
				seen.set(code, (seen.get(code) ?? 0) + 1);
			}
		}
		expect([...seen.keys()].toSorted()).toEqual(["bad-signature", "malformed", "unknown-key"]);
	});

	it("is refused when a byte is cut out or put in", () => {
		for (let at = 0; at <= right.length; at++) {
			const head = [...right.subarray(0, at)];
			const rest = [...right.subarray(at)];
			expect(codeOf(Uint8Array.from([...head, 0, ...rest])), `0 put in at ${at}`).not.toBe("ok");
			if (rest.length > 0) expect(codeOf(Uint8Array.from([...head, ...rest.slice(1)])), `cut at ${at}`).not.toBe("ok");
		}
	});
});
