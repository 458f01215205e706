import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCoded } from "../../protocol/wire/errors.ts";
import { lightIdCheck, makeLightId, parseLightId, randomLightId } from "../../protocol/wire/light-id.ts";
import { SEED } from "../support/seed.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const body = fc
	.array(fc.constantFrom(...ALPHABET), { minLength: 11, maxLength: 11 })
	.map((characters) => characters.join(""));

describe("a light id", () => {
	it.each(["PDS00000001H", "7ZK3M9QW2HCZ"])("of the protocol's page is right: %s", (id) => {
		expect(parseLightId(id)).toBe(id);
	});

	it.each([
		"",
		"PDS00000001",
		"PDS00000001HH",
		"pds00000001h",
		" PDS00000001H",
		"PDS00000001H\n",
		"PDSO0000001H",
		"PDSI0000001H",
		"PDSL0000001H",
		"PDSU0000001H",
		"PDS-0000001H",
		"ＰDS00000001H",
	])("is taken only exactly as printed: %j is refused", (text) => {
		expect(parseLightId(text)).toBeNull();
	});

	it("has one right check character for any body, and every single changed character is noticed", () => {
		fc.assert(
			fc.property(body, (first11) => {
				const id = makeLightId(first11);
				expect(parseLightId(id)).toBe(id);
				for (let at = 0; at < 12; at++) {
					for (const other of ALPHABET) {
						if (other === id[at]) continue;
						expect(parseLightId(id.slice(0, at) + other + id.slice(at + 1))).toBeNull();
					}
				}
			}),
			{ seed: SEED, numRuns: 100 },
		);
	});

	it("tells two different neighbours that changed places, but for 0 and Z", () => {
		fc.assert(
			fc.property(body, fc.integer({ min: 0, max: 10 }), (first11, at) => {
				const id = makeLightId(first11);
				const [a, b] = [id.charAt(at), id.charAt(at + 1)];
				fc.pre(a !== b && new Set([a, b, "0", "Z"]).size > 2);
				expect(parseLightId(id.slice(0, at) + b + a + id.slice(at + 2))).toBeNull();
			}),
			{ seed: SEED, numRuns: 1000 },
		);
	});

	it("made at random is right and uses all 11 characters", () => {
		const id = randomLightId({ bytes: (length) => Uint8Array.from({ length }, (_, i) => (i * 37) % 256) });
		expect(parseLightId(id)).toBe(id);
		expect(new Set(id.slice(0, 11)).size).toBe(11);
	});

	it("is not made from anything but 11 characters of the alphabet", () => {
		for (const bad of ["", "PDS0000000", "PDS000000012", "pds00000001"]) {
			try {
				lightIdCheck(bad);
				expect.unreachable(bad);
			} catch (e) {
				expect(isCoded(e) && e.code).toBe("light-id-malformed");
			}
		}
	});
});
