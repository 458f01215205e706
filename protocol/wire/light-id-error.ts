import { CodedError } from "./errors.ts";
import { lightIdCheck } from "./light-id.ts";

const LENGTH = 12;
/** Characters of a wrong id that an error quotes. */
const MAX_QUOTED = 40;
const FOREIGN = /[^0-9A-HJKMNP-TV-Z]/u;

/** Why a text is no light id, in upper case as people mean it: `light-id-malformed` naming the character where one can be named. */
export function lightIdError(text: string): CodedError {
	const characters = [...text];
	const quoted = characters.slice(0, MAX_QUOTED).join("");
	const id = quoted === "" ? '""' : quoted;
	const malformed = (message: string, next: string) =>
		new CodedError("light-id-malformed", message, { fault: "input", next, context: { id } });
	if (characters.length !== LENGTH)
		return malformed(
			`${id} is not a light id: it has ${characters.length} characters in place of 12.`,
			"Copy all 12 characters from the light's label: digits and capitals without I, L, O and U.",
		);
	const place = characters.findIndex((character) => FOREIGN.test(character));
	if (place >= 0)
		return malformed(
			`${id} is not a light id: its character ${place + 1}, ${characters[place]}, is none that an id has.`,
			"Probably a typing error: ids have digits and capitals without I, L, O and U. Compare it with the light's label.",
		);
	return malformed(
		`${id} is not a light id: its check character is ${characters[LENGTH - 1]} and should be ${lightIdCheck(text.slice(0, LENGTH - 1))}.`,
		"Probably a typing error in one of its 12 characters: compare each with the light's label.",
	);
}
