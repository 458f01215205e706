import type { Command } from "commander";
import type { PolicyBody } from "../../../protocol/schema/api-policy.ts";
import { CodedError } from "../../../protocol/wire/errors.ts";
import type { PolicyNamed, Value } from "../../depot/access.ts";
import { withDepot } from "../access.ts";
import { type CommonOptions, type Context, common, group, print, say, settingsFor } from "../common.ts";
import { quoted } from "../paste.ts";
import { formatTable } from "../table.ts";

interface ActivateOptions extends CommonOptions {
	readonly hash?: string;
}

type PolicyRow = PolicyBody & Value;

const SHORT = 16;

/** A name is the depot's to find; what looks like a file is read here. Throws `policy-not-found`, `policy-invalid`. */
async function named(context: Context, text: string): Promise<PolicyNamed> {
	if (!/[/\\]|\.ya?ml$/i.test(text)) return text;
	const [{ resolve }, { readPolicyTable }] = await Promise.all([
		import("node:path"),
		import("../../config/policy-file.ts"),
	]);
	return readPolicyTable(resolve(context.host.cwd, text));
}

const starsText = (policy: PolicyRow): string =>
	policy.by === "score"
		? policy.scoreBands.map(({ from, stars }) => `>=${from}: ${stars}`).join("  ")
		: Object.entries(policy.gradeStars)
				.map(([grade, stars]) => `${grade}: ${stars}`)
				.join("  ");

async function show(context: Context, options: CommonOptions): Promise<void> {
	const loaded = await settingsFor(context, options);
	const value = await withDepot(context.host, loaded, (depot) => depot.policy());
	// The answer of `policyOverview`, here or over the API.
	const { active, activatedAt, presets } = value as unknown as {
		readonly active: PolicyRow;
		readonly activatedAt: number | null;
		readonly presets: readonly PolicyRow[];
	};
	const since =
		activatedAt === null
			? say(context, { zh: "取自配置", en: "from the settings" })
			: say(context, {
					zh: `启用于 ${new Date(activatedAt).toISOString()}`,
					en: `activated ${new Date(activatedAt).toISOString()}`,
				});
	const head = say(context, {
		zh: "名称,版本,依据,星,评级有效天数,散列",
		en: "name,version,by,stars,max age in days,hash",
	});
	const rows = [active, ...presets.filter(({ hash }) => hash !== active.hash)].map((policy) => [
		policy.hash === active.hash ? `* ${policy.name}` : `  ${policy.name}`,
		String(policy.version),
		policy.by,
		starsText(policy),
		String(policy.maxAgeDays),
		policy.hash.slice(0, SHORT),
	]);
	print(
		context,
		value,
		`${say(context, { zh: "现行规则", en: "active policy" })}: ${active.name} (${since})\n${formatTable(head.split(","), rows)}`,
	);
}

function diffText(context: Context, value: Value, of: string): string {
	// The answer of `policyDryRun`.
	const { name, hash, lights, drivers, moves } = value as unknown as {
		readonly name: string;
		readonly hash: string;
		readonly lights: { readonly up: number; readonly down: number; readonly same: number };
		readonly drivers: { readonly rated: number; readonly moved: number; readonly up: number; readonly down: number };
		readonly moves: readonly {
			readonly from: number;
			readonly to: number;
			readonly drivers: number;
			readonly lights: number;
		}[];
	};
	const head = say(context, { zh: "现在,之后,驾驶员,顶灯", en: "now,then,drivers,lights" }).split(",");
	const rows = moves.map(({ from, to, drivers: d, lights: l }) => [from, to, d, l].map(String));
	return [
		say(context, {
			zh: `${name}：试运行，什么都没有改。`,
			en: `${name}: dry run, nothing was changed.`,
		}),
		say(context, {
			zh: `驾驶员：有评级 ${drivers.rated}，星数变 ${drivers.moved}（升 ${drivers.up}，降 ${drivers.down}）`,
			en: `drivers: ${drivers.rated} rated, ${drivers.moved} with other stars (${drivers.up} more, ${drivers.down} fewer)`,
		}),
		say(context, {
			zh: `顶灯：升 ${lights.up}，降 ${lights.down}，不变 ${lights.same}`,
			en: `lights: ${lights.up} more, ${lights.down} fewer, ${lights.same} the same`,
		}),
		rows.length === 0 ? "" : formatTable(head, rows).trimEnd(),
		say(context, {
			zh: `下一步：liangxing policy activate ${quoted(of)} --hash ${hash}`,
			en: `next: liangxing policy activate ${quoted(of)} --hash ${hash}`,
		}),
	]
		.filter((line) => line !== "")
		.join("\n");
}

async function dryRun(context: Context, of: string, options: CommonOptions): Promise<void> {
	const policy = await named(context, of);
	const loaded = await settingsFor(context, options);
	const value = await withDepot(context.host, loaded, (depot) => depot.policyDryRun(policy));
	print(context, value, diffText(context, value, of));
}

async function activate(context: Context, of: string, options: ActivateOptions): Promise<void> {
	const { hash } = options;
	if (hash === undefined)
		throw new CodedError("option-missing", "policy activate needs the hash of the dry run that you looked at.", {
			fault: "input",
			next: `See what would change, and the hash: liangxing policy dry-run ${quoted(of)}`,
		});
	const policy = await named(context, of);
	const loaded = await settingsFor(context, options);
	const value = await withDepot(context.host, loaded, (depot) => depot.policyActivate(policy, hash));
	const name = String(value["name"]);
	print(
		context,
		value,
		value["applied"] === true
			? say(context, { zh: `${name} 已启用，每盏灯重新判定。`, en: `${name} is active; every light is decided anew.` })
			: say(context, { zh: `${name} 本来就在用，没有变化。`, en: `${name} was active already; nothing changed.` }),
	);
}

export function policyCommand(program: Command, context: Context): void {
	const policy = group(program, context, "policy", { zh: "亮星规则", en: "the star policy" }, [
		"liangxing policy --data depot",
		"liangxing policy dry-run tianjin-2019 --data depot",
		"liangxing policy activate tianjin-2019 --hash HASH --data depot",
	]);
	const about = say(context, { zh: "规则的名称，或 YAML 文件", en: "a policy's name, or a YAML file" });
	const looking = policy
		.command("show", { isDefault: true })
		.description(say(context, { zh: "现行规则与可选的规则", en: "the active policy, and those that can be named" }));
	common(looking, context, ["liangxing policy show", "liangxing policy show --json"]);
	looking.action((options: CommonOptions) => show(context, options));
	const trying = policy
		.command("dry-run")
		.argument("<file>", about)
		.description(say(context, { zh: "只说换了规则会有什么变化", en: "only say what another policy would change" }));
	common(trying, context, ["liangxing policy dry-run tianjin-2019", "liangxing policy dry-run ours.yaml --json"]);
	trying.action((of: string, options: CommonOptions) => dryRun(context, of, options));
	const taking = policy
		.command("activate")
		.argument("<file>", about)
		.description(say(context, { zh: "启用试运行过的规则", en: "activate a policy after its dry run" }))
		.option("--hash <hash>", say(context, { zh: "试运行给出的散列", en: "the hash that the dry run told" }));
	common(taking, context, ["liangxing policy activate ours.yaml --hash HASH"]);
	taking.action((of: string, options: ActivateOptions) => activate(context, of, options));
}
