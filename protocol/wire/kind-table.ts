import { MAX_BYTES } from "./codec.ts";
import { DUTY_FIELDS } from "./duty.ts";
import { EVENT_FIELDS } from "./event.ts";
import type { FieldInfo, Table } from "./field-table.ts";
import { GRANT_FIELDS, GRANT_RULES } from "./grant.ts";
import { JOB_FIELDS } from "./job.ts";
import { KEYS_FIELDS, KEYS_RULES } from "./keys.ts";
import { KINDS, type Kind } from "./messages.ts";
import { NOTICE_FIELDS } from "./notice.ts";
import { STATE_FIELDS } from "./state.ts";

/** A field with the name by which programs know it. */
export interface NamedField extends FieldInfo {
	readonly name: string;
}

/** What is told of one kind of signed message; the codec reads and writes by the same fields. */
export interface KindInfo {
	readonly kind: Kind;
	readonly about: string;
	readonly signedBy: string;
	readonly mostBytes: number;
	/** Whether keys that are not in the table are ignored; otherwise they make the message malformed. */
	readonly ignoresUnknown: boolean;
	readonly fields: readonly NamedField[];
	/** What holds between fields. */
	readonly rules: readonly string[];
}

const named = <T>(table: Table<T>): readonly NamedField[] =>
	Object.entries<FieldInfo>(table).map(([name, { key, form, about, optional }]) => ({
		name,
		key,
		form,
		about,
		optional,
	}));

const DEPOT_KEY = "the depot's signing key";

const ABOUT: { readonly [K in Kind]: Pick<KindInfo, "about" | "signedBy" | "fields" | "rules"> } = {
	grant: {
		about: "A star grant: this light shows so many stars, until it ends.",
		signedBy: DEPOT_KEY,
		fields: named(GRANT_FIELDS),
		rules: GRANT_RULES,
	},
	notice: {
		about: "Blanks the whole fleet; every grant of an older epoch ends.",
		signedBy: DEPOT_KEY,
		fields: named(NOTICE_FIELDS),
		rules: [],
	},
	keys: {
		about: "The keys whose signatures lights trust.",
		signedBy: "the fleet's root key",
		fields: named(KEYS_FIELDS),
		rules: KEYS_RULES,
	},
	job: { about: "Something to do once.", signedBy: DEPOT_KEY, fields: named(JOB_FIELDS), rules: [] },
	state: { about: "What a light says of itself.", signedBy: "the light's key", fields: named(STATE_FIELDS), rules: [] },
	event: {
		about: "Something that happened on a light.",
		signedBy: "the light's key",
		fields: named(EVENT_FIELDS),
		rules: [],
	},
	duty: {
		about: "A driver signed in or out on a vehicle.",
		signedBy: "the vehicle gateway's key",
		fields: named(DUTY_FIELDS),
		rules: [],
	},
};

/** All kinds, with all that is told of them. */
export const KIND_TABLE: readonly KindInfo[] = KINDS.map((kind) => ({
	kind,
	...ABOUT[kind],
	mostBytes: MAX_BYTES[kind],
	ignoresUnknown: kind === "state" || kind === "event",
}));
