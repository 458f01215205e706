import { CodedError } from "../../protocol/wire/errors.ts";

/** A row of a rating file has about 120 characters; one of 64 Ki is a file without line ends. */
export const MAX_RECORD_CHARACTERS = 65_536;

export const lineTooLong = (name: string, line: number, column: number): CodedError =>
	new CodedError(
		"line-too-long",
		`${name}, line ${line}, column ${column}: a row has more than ${MAX_RECORD_CHARACTERS} characters.`,
		{
			fault: "input",
			next: "See whether the file has line ends and closed quotes; export it again.",
			context: { file: name, line, column },
		},
	);
