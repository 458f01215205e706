import type { Command } from "commander";
import { CodedError } from "../../../protocol/wire/errors.ts";
import type { Value } from "../../depot/access.ts";
import { readNamedFile } from "../../sources/read-file.ts";
import { withDepot } from "../access.ts";
import { type CommonOptions, type Context, common, group, newDepot, print, say, settingsFor } from "../common.ts";
import { heldWhy, rowLines } from "../rows.ts";
import { formatTable } from "../table.ts";
import { pullCommand } from "./ratings-pull.ts";

interface ImportOptions extends CommonOptions {
	readonly dryRun?: boolean;
	readonly new?: boolean;
}

const number = (value: Value, key: string): number => (typeof value[key] === "number" ? value[key] : 0);

/** The first words of the answer, so that nobody reads its counts as what is in force. */
function heldText(context: Context, pull: Value): string {
	return say(context, {
		zh: `尚未生效，待人工确认：${heldWhy(context, pull)}。现有评级不变。`,
		en: `Not in force: held for a person, since ${heldWhy(context, pull)}. The former ratings stand.`,
	});
}

function heldNext(context: Context, pull: Value): string {
	const id = String(pull["pull"]);
	return say(context, {
		zh: `下一步：liangxing ratings held accept ${id}  或  liangxing ratings held reject ${id}`,
		en: `next: liangxing ratings held accept ${id}  or  liangxing ratings held reject ${id}`,
	});
}

function pullText(context: Context, pull: Value): string {
	const n = (key: string) => number(pull, key);
	const status = String(pull["status"]);
	const lines = [
		...(status === "held" ? [heldText(context, pull)] : []),
		say(context, {
			zh: `${n("rows")} 行：采用 ${n("accepted")}，隔离 ${n("quarantined")}`,
			en: `${n("rows")} rows: ${n("accepted")} accepted, ${n("quarantined")} quarantined`,
		}),
		say(context, {
			zh: `驾驶员：新增 ${n("added")}，变更 ${n("changed")}，删去 ${n("removed")}，降星 ${n("lowered")}`,
			en: `drivers: ${n("added")} added, ${n("changed")} changed, ${n("removed")} removed, ${n("lowered")} with fewer stars`,
		}),
	];
	lines.push(...rowLines(context, pull));
	if (status === "held") lines.push(heldNext(context, pull));
	else if (status === "unchanged")
		lines.push(say(context, { zh: "与上次相同，没有变化。", en: "The same ratings as before; nothing changed." }));
	else lines.push(say(context, { zh: "已生效。", en: "In force." }));
	return lines.join("\n");
}

async function importRatings(context: Context, file: string, options: ImportOptions): Promise<void> {
	if (options.dryRun === true) {
		const { ratingsDryRun } = await import("../ratings-dry-run.ts");
		context.exit = await ratingsDryRun(context, file, options);
		return;
	}
	const input = readNamedFile(file, { cwd: context.host.cwd });
	const loaded = await settingsFor(context, options);
	const value = await withDepot(context.host, loaded, (depot) => depot.importRatings(input.bytes, input.name), {
		wanted: "may-make",
		isNew: options.new === true,
	});
	print(context, value, pullText(context, value));
}

function heldTable(context: Context, pulls: readonly Value[]): string {
	if (pulls.length === 0) return say(context, { zh: "没有待确认的评级。", en: "Nothing is held." });
	const head = say(context, {
		zh: "编号,时间,文件,新增,变更,删去,降星,原因",
		en: "id,at,file,added,changed,removed,lowered,held for",
	}).split(",");
	const rows = pulls.map((p) => [
		String(p["id"]),
		new Date(number(p, "at")).toISOString(),
		String(p["name"]),
		...["added", "changed", "removed", "lowered"].map((key) => String(number(p, key))),
		(Array.isArray(p["heldFor"]) ? p["heldFor"] : []).join(" "),
	]);
	return (
		formatTable(head, rows) +
		say(context, {
			zh: "下一步：liangxing ratings held accept 编号  或  liangxing ratings held reject 编号",
			en: "next: liangxing ratings held accept ID  or  liangxing ratings held reject ID",
		})
	);
}

async function held(
	context: Context,
	action: string | undefined,
	id: string | undefined,
	options: CommonOptions,
): Promise<void> {
	const verb = action ?? "list";
	if (verb !== "list" && verb !== "accept" && verb !== "reject")
		throw new CodedError("option-unknown", `ratings held does not know ${verb}.`, {
			fault: "input",
			next: "Use list, accept ID or reject ID.",
		});
	if (verb !== "list" && id === undefined)
		throw new CodedError("option-missing", `ratings held ${verb} needs the pull's id.`, {
			fault: "input",
			next: "See the ids with: liangxing ratings held",
		});
	const loaded = await settingsFor(context, options);
	if (verb === "list") {
		const pulls = await withDepot(context.host, loaded, (depot) => depot.held());
		print(context, { held: pulls }, heldTable(context, pulls));
		return;
	}
	const value = await withDepot(context.host, loaded, (depot) => depot.decideHeld(id ?? "", verb));
	print(
		context,
		value,
		verb === "accept"
			? say(context, { zh: `${id} 已采用。`, en: `${id} is in force.` })
			: say(context, { zh: `${id} 已退回，现有评级不变。`, en: `${id} is rejected; the former ratings stand.` }),
	);
}

export function ratingsCommand(program: Command, context: Context): void {
	const ratings = group(program, context, "ratings", { zh: "信用评级", en: "credit ratings" }, [
		"liangxing ratings import ratings-2025.csv --dry-run",
		"liangxing ratings import ratings-2025.csv --data depot",
		"liangxing ratings pull --data depot",
		"liangxing ratings held --data depot",
	]);
	const take = ratings
		.command("import")
		.argument(
			"<file>",
			say(context, { zh: "评级文件（CSV，UTF-8 或 GB18030）", en: "rating file (CSV, UTF-8 or GB18030)" }),
		)
		.description(say(context, { zh: "导入评级文件", en: "import a rating file" }))
		.option(
			"--dry-run",
			say(context, { zh: "只检查，不改任何东西；不需要网关", en: "check only, change nothing; needs no gateway" }),
		);
	newDepot(take, context);
	common(take, context, [
		"liangxing ratings import ratings-2025.csv",
		"liangxing ratings import ratings-2025.csv --dry-run --json",
	]);
	take.action((file: string, options: ImportOptions) => importRatings(context, file, options));
	pullCommand(ratings, context, pullText);
	const keep = ratings
		.command("held")
		.argument(
			"[action]",
			say(context, { zh: "list 列出、accept 采用或 reject 退回", en: "list | accept | reject" }),
			"list",
		)
		.argument("[id]", say(context, { zh: "编号", en: "id of the pull" }))
		.description(say(context, { zh: "待人工确认的评级", en: "pulls that wait for a person" }));
	common(keep, context, ["liangxing ratings held", "liangxing ratings held accept P000007"]);
	keep.action((action: string | undefined, id: string | undefined, options: CommonOptions) =>
		held(context, action, id, options),
	);
}
