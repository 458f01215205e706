import { existsSync } from "node:fs";
import { EXIT } from "../../protocol/schema/failure.ts";
import { policyTable } from "../../protocol/schema/policy.ts";
import { toUnixSeconds } from "../../protocol/wire/units.ts";
import { loadPolicy } from "../config/policy-file.ts";
import type { Grade } from "../core/model.ts";
import type { ValidateOptions } from "../core/ratings/validate.ts";
import { DEFAULT_PRESET, hashPolicy, type PolicyTable } from "../core/stars/presets.ts";
import type { Value } from "../depot/access.ts";
import { dataFolder } from "../depot/data-folder.ts";
import { NodeCrypto } from "../depot/node-crypto.ts";
import { type RatingFile, readRatingFile } from "../sources/ratings-file.ts";
import { type NamedBytes, readNamedFile } from "../sources/read-file.ts";
import { withDepot } from "./access.ts";
import { type CommonOptions, type Context, print, say, settingsFor } from "./common.ts";
import type { Text } from "./host.ts";
import { heldWhy } from "./rows.ts";
import { formatTable } from "./table.ts";

/** Quarantined rows shown to people; the rest is counted, `--json` has them all. */
const MAX_SHOWN = 20;

/** The answer of a dry run, as scripts read it. */
export interface DryRun {
	readonly rows: number;
	readonly accepted: number;
	readonly grades: Readonly<Record<Grade, number>>;
	readonly quarantined: readonly { readonly row: number; readonly reason: string }[];
	readonly notes: readonly { readonly row: number; readonly note: string }[];
	/** What would come of an import into the depot that was named; left out where none was, or none is there. */
	readonly would?: Foreseen;
}

/** What a depot answers to a dry run: `applied`, `held` or `unchanged`, and how many drivers would change. */
export interface Foreseen {
	readonly status: string;
	readonly added: number;
	readonly changed: number;
	readonly removed: number;
	readonly lowered: number;
	readonly heldFor: readonly string[];
}

/** Counts of a read file; holds no certificate number. */
export function summarise(file: RatingFile): DryRun {
	const grades: Record<Grade, number> = { AAA: 0, AA: 0, A: 0, B: 0, unrated: 0 };
	for (const { grade } of file.accepted) grades[grade] += 1;
	return {
		rows: file.rows,
		accepted: file.accepted.length,
		grades,
		quarantined: file.quarantined.map(({ row, reason }) => ({ row, reason })),
		notes: file.notes,
	};
}

interface Judged {
	readonly rules: Omit<ValidateOptions, "now">;
	readonly would: Foreseen | null;
}

/**
 * What the file is judged by, and what would come of it: the policy and the ratings of the depot of `--data` or `--config`, through its
 * gateway or from its store; the settings' policy where no depot is yet. Given neither, the usual rules: then no gateway, no store and no
 * settings are looked at.
 */
async function judge(context: Context, options: CommonOptions, input: NamedBytes): Promise<Judged> {
	const crypto = new NodeCrypto();
	if (options.config === undefined && options.data === undefined)
		return { rules: { policy: loadPolicy(DEFAULT_PRESET, crypto), identityCheck: "quarantine" }, would: null };
	const loaded = await settingsFor(context, options);
	const { data, policy, identityCheck } = loaded.settings;
	if (!existsSync(dataFolder(data).db))
		return { rules: { policy: loadPolicy(policy, crypto), identityCheck }, would: null };
	return withDepot(context.host, loaded, async (depot) => {
		const { active } = await depot.policy();
		const { hash: _made, ...table } = active as PolicyTable & { hash: unknown };
		const rules = { policy: hashPolicy(policyTable.parse(table), crypto), identityCheck };
		return { rules, would: foreseen(await depot.importRatings(input.bytes, input.name, true)) };
	});
}

function foreseen(answer: Value): Foreseen {
	// The answer of a dry run, here or over the API.
	const { status, added, changed, removed, lowered, heldFor } = answer as unknown as Foreseen;
	return { status, added, changed, removed, lowered, heldFor };
}

/**
 * Checks a rating file and changes nothing, by what `judge` looks at. Exit 0 when the file could be read, also with quarantined rows. Throws the readers' coded errors.
 */
export async function ratingsDryRun(context: Context, path: string, options: CommonOptions): Promise<number> {
	const input = readNamedFile(path, { cwd: context.host.cwd });
	const { rules, would } = await judge(context, options, input);
	const file = await readRatingFile(input, { ...rules, now: toUnixSeconds(context.host.clock.unixMs()) });
	const result = { ...summarise(file), ...(would === null ? {} : { would }) };
	print(context, result, peopleText(context, file, result));
	return EXIT.done;
}

function wouldText(context: Context, would: Foreseen): string {
	const why = heldWhy(context, { ...would });
	const { added, changed, removed, lowered } = would;
	const counts = say(context, {
		zh: `驾驶员：新增 ${added}，变更 ${changed}，删去 ${removed}，降星 ${lowered}`,
		en: `drivers: ${added} added, ${changed} changed, ${removed} removed, ${lowered} with fewer stars`,
	});
	const texts: Readonly<Record<string, Text>> = {
		held: {
			zh: `导入后将待人工确认，不会立即生效：${why}（${counts}）。`,
			en: `An import would be held for a person, since ${why} (${counts}).`,
		},
		unchanged: {
			zh: "导入后没有变化：与现有评级相同。",
			en: "An import would change nothing: the same ratings as before.",
		},
	};
	const applied = { zh: `导入后立即生效（${counts}）。`, en: `An import would be in force at once (${counts}).` };
	return say(context, texts[would.status] ?? applied);
}

function peopleText(context: Context, file: RatingFile, result: DryRun): string {
	const head = say(context, {
		zh: `${file.name}（${file.encoding}）：${result.rows} 行，可采用 ${result.accepted}，隔离 ${result.quarantined.length}，备注 ${result.notes.length}。没有改动任何东西。`,
		en: `${file.name} (${file.encoding}): ${result.rows} rows, ${result.accepted} would be accepted, ${result.quarantined.length} quarantined, ${result.notes.length} noted. Nothing was changed.`,
	});
	const grades = formatTable(Object.keys(result.grades), [Object.values(result.grades).map(String)]);
	const lines = [head, ...(result.would === undefined ? [] : [wouldText(context, result.would)]), grades.trimEnd()];
	const shown = [
		...result.quarantined.map((q) => [q.row, q.reason] as const),
		...result.notes.map((n) => [n.row, n.note] as const),
	];
	const title = say(context, { zh: "行,代码", en: "row,code" }).split(",");
	if (shown.length > 0)
		lines.push(
			formatTable(
				title,
				shown.slice(0, MAX_SHOWN).map(([row, code]) => [String(row), code]),
			).trimEnd(),
		);
	if (shown.length > MAX_SHOWN)
		lines.push(
			say(context, {
				zh: `另有 ${shown.length - MAX_SHOWN} 行，用 --json 查看`,
				en: `and ${shown.length - MAX_SHOWN} more, see --json`,
			}),
		);
	return lines.join("\n");
}
