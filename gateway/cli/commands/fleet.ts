import type { Command } from "commander";
import type { Value } from "../../depot/access.ts";
import { MAX_FLEET_FILE_BYTES, readNamedFile } from "../../sources/read-file.ts";
import { withDepot } from "../access.ts";
import { type CommonOptions, type Context, common, group, newDepot, print, say, settingsFor } from "../common.ts";
import { rowLines } from "../rows.ts";

interface FleetOptions extends CommonOptions {
	readonly dryRun?: boolean;
	readonly new?: boolean;
}

function summary(context: Context, value: Value, dryRun: boolean): string {
	const n = (key: string) => (typeof value[key] === "number" ? value[key] : 0);
	const lines = [
		say(context, {
			zh: `${n("rows")} 行，隔离 ${n("quarantined")}；${n("vehicles")} 辆车：新增 ${n("added")}，变更 ${n("changed")}，删去 ${n("removed")}`,
			en: `${n("rows")} rows, ${n("quarantined")} quarantined; ${n("vehicles")} vehicles: ${n("added")} added, ${n("changed")} changed, ${n("removed")} removed`,
		}),
		...rowLines(context, value),
	];
	if (n("kept") > 0) {
		const plates = (Array.isArray(value["keptPlates"]) ? value["keptPlates"] : []).join(" ");
		lines.push(
			say(context, {
				zh: `文件里没有、但仍绑着顶灯而保留的车 ${n("kept")} 辆：${plates}。先解绑再导入即可删去。`,
				en: `${n("kept")} vehicles are not in the file but stay, since a light is bound to them: ${plates}. Unbind it, then import again.`,
			}),
		);
	}
	lines.push(
		dryRun
			? say(context, { zh: "试运行，什么都没有改。", en: "Dry run: nothing was changed." })
			: say(context, { zh: "已生效。", en: "In force." }),
	);
	return lines.join("\n");
}

async function importFleet(context: Context, file: string, options: FleetOptions): Promise<void> {
	const input = readNamedFile(file, { cwd: context.host.cwd, limit: MAX_FLEET_FILE_BYTES });
	const dryRun = options.dryRun === true;
	const loaded = await settingsFor(context, options);
	const value = await withDepot(context.host, loaded, (depot) => depot.importFleet(input.bytes, input.name, dryRun), {
		wanted: dryRun ? "dry" : "may-make",
		isNew: options.new === true,
	});
	print(context, value, summary(context, value, dryRun));
}

export function fleetCommand(program: Command, context: Context): void {
	const fleet = group(program, context, "fleet", { zh: "车队", en: "the fleet" }, [
		"liangxing fleet import fleet.csv --dry-run",
		"liangxing fleet import fleet.csv --data depot",
	]);
	const take = fleet
		.command("import")
		.argument("<file>", say(context, { zh: "车队文件（CSV）", en: "fleet file (CSV)" }))
		.description(
			say(context, { zh: "导入车辆及其主班、副班驾驶员", en: "import vehicles and the drivers assigned to them" }),
		)
		.option("--dry-run", say(context, { zh: "只说会改什么", en: "only say what would change" }));
	newDepot(take, context);
	common(take, context, ["liangxing fleet import fleet.csv", "liangxing fleet import fleet.csv --dry-run"]);
	take.action((file: string, options: FleetOptions) => importFleet(context, file, options));
}
