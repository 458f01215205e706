import { join, resolve } from "node:path";
import type { Command } from "commander";
import { CodedError } from "../../../protocol/wire/errors.ts";
import type { LightId } from "../../../protocol/wire/units.ts";
import type { Access } from "../../depot/access.ts";
import { makeFolder } from "../../depot/make-folder.ts";
import { withDepot } from "../access.ts";
import { type CommonOptions, type Context, common, group, newDepot, print, say, settingsFor } from "../common.ts";
import { listLights } from "../lights-list.ts";

interface AddOptions extends CommonOptions {
	readonly out?: string;
	readonly outDir?: string;
	readonly count?: string;
	readonly new?: boolean;
}

/** One call makes a yard's worth of files, not a typing error's. */
const MAX_COUNT = 20_000;

const optionError = (code: string, message: string, next: string) =>
	new CodedError(code, message, { fault: "input", next });

function countOf(options: AddOptions): number {
	const text = options.count ?? "1";
	const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
	if (count < 1 || count > MAX_COUNT)
		throw optionError(
			"option-invalid",
			`--count ${text} is not a whole number from 1 to ${MAX_COUNT}.`,
			"Give a whole number within these bounds.",
		);
	return count;
}

function outFolder(path: string, given: string): void {
	const unwritable = (cause?: unknown) =>
		new CodedError("file-unwritable", `The folder ${given} cannot be made.`, {
			fault: "input",
			next: "Give --out-dir a folder that you may write.",
			context: { file: given },
			cause,
		});
	let inTheWay: string | null;
	try {
		inTheWay = makeFolder(path);
	} catch (cause) {
		throw unwritable(cause);
	}
	if (inTheWay !== null) throw unwritable();
}

interface Plan {
	readonly count: number;
	readonly target: (light: LightId) => string;
}

/** How many lights, and where each one's file goes: `--out FILE` for one, `--out-dir DIR` for any number. */
function planOf(context: Context, id: string | undefined, options: AddOptions): Plan {
	const count = countOf(options);
	if (id !== undefined && count > 1)
		throw optionError("option-conflict", "An id names one light; --count asks for more.", "Leave one of them out.");
	if (options.outDir !== undefined) {
		const dir = resolve(context.host.cwd, options.outDir);
		outFolder(dir, options.outDir);
		return { count, target: (light) => join(dir, `${light}.json`) };
	}
	if (options.out === undefined || count > 1)
		throw optionError(
			"option-missing",
			count > 1 ? "Where the provisioning files go is missing." : "Where the provisioning file goes is missing.",
			count > 1 ? "Add --out-dir DIR." : "Add --out FILE; it will hold the light's private key.",
		);
	const file = resolve(context.host.cwd, options.out);
	return { count, target: () => file };
}

/** The file comes first: a registered light without its key could never be used. A refused registration takes it away again. */
async function addLights(
	depot: Access,
	given: LightId | null,
	plan: Plan,
	data: string,
): Promise<{ light: LightId; file: string }[]> {
	const [{ lightMaker, writeProvisionFile }, { dataFolder }, { NodeCrypto, nodeRandom }, { rmSync }] =
		await Promise.all([
			import("../../depot/provision.ts"),
			import("../../depot/data-folder.ts"),
			import("../../depot/node-crypto.ts"),
			import("node:fs"),
		]);
	if (depot.broker === null)
		throw new CodedError(
			"broker-address-unknown",
			"The broker's port is any free one (mqtt.port 0) and no gateway runs.",
			{
				fault: "state",
				next: "Start the gateway first, or set mqtt.port: the light must know where to connect.",
			},
		);
	const make = lightMaker(dataFolder(data), depot.broker, nodeRandom, new NodeCrypto());
	const added: { light: LightId; file: string }[] = [];
	for (let i = plan.count; i > 0; i--) {
		const light = make(given);
		const file = plan.target(light.light);
		writeProvisionFile(file, light.file);
		try {
			await depot.addLight(light.light, light.publicKey);
		} catch (e) {
			rmSync(file, { force: true });
			throw e;
		}
		added.push({ light: light.light, file });
	}
	return added;
}

async function add(context: Context, id: string | undefined, options: AddOptions): Promise<void> {
	const { requireLightId } = await import("../../depot/provision.ts");
	const given = id === undefined ? null : requireLightId(id);
	const plan = planOf(context, id, options);
	const loaded = await settingsFor(context, options);
	const { data } = loaded.settings;
	const lights = await withDepot(context.host, loaded, (depot) => addLights(depot, given, plan, data), {
		wanted: "may-make",
		isNew: options.new === true,
	});
	const lines = lights.map((l) => `${l.light}  ${l.file}`);
	lines.push(
		say(context, {
			zh: "文件里有顶灯的私钥，只交给这盏灯。下一步：liangxing lights bind 编号 车牌",
			en: "The file holds the light's private key; give it to that light only.\nnext: liangxing lights bind ID PLATE",
		}),
	);
	print(context, { lights }, lines.join("\n"));
}

async function bind(context: Context, id: string, plate: string | undefined, options: CommonOptions): Promise<void> {
	const { requireLightId } = await import("../../depot/provision.ts");
	const light = requireLightId(id);
	const loaded = await settingsFor(context, options);
	const value = await withDepot(context.host, loaded, (depot) => depot.bindLight(light, plate ?? null));
	const text =
		plate === undefined
			? say(context, { zh: `${light} 已解绑。`, en: `${light} is bound to no vehicle.` })
			: say(context, { zh: `${light} 已绑定 ${plate}。`, en: `${light} is bound to ${plate}.` });
	print(context, value, text);
}

export function lightsCommand(program: Command, context: Context): void {
	const lights = group(program, context, "lights", { zh: "顶灯", en: "roof lights" }, [
		"liangxing lights --data depot",
		"liangxing lights add --out light.json --data depot",
		"liangxing lights bind PDS00000001H 豫DY6393 --data depot",
	]);
	const all = lights.command("list", { isDefault: true }).description(say(context, { zh: "列出", en: "list them" }));
	common(all, context, ["liangxing lights list", "liangxing lights list --json"]);
	all.action((options: CommonOptions) => listLights(context, options));
	const make = lights
		.command("add")
		.argument("[id]", say(context, { zh: "顶灯编号（不给则随机）", en: "light id (random if left out)" }))
		.description(
			say(context, { zh: "登记新顶灯，写出它的配置文件", en: "register a new light and write its provisioning file" }),
		)
		.option("--out <file>", say(context, { zh: "配置文件（权限 0600）", en: "provisioning file (mode 0600)" }))
		.option("--count <n>", say(context, { zh: "一次登记多少盏", en: "how many at once" }))
		.option("--out-dir <dir>", say(context, { zh: "多盏时的文件夹", en: "folder for their files" }));
	newDepot(make, context);
	common(make, context, [
		"liangxing lights add --out light.json",
		"liangxing lights add PDS00000001H --out light.json",
		"liangxing lights add --count 24 --out-dir lights",
	]);
	make.action((id: string | undefined, options: AddOptions) => add(context, id, options));
	const tie = lights
		.command("bind")
		.argument("<id>", say(context, { zh: "顶灯编号", en: "light id" }))
		.argument("[plate]", say(context, { zh: "车牌；不给则解绑", en: "plate; left out = unbind" }))
		.description(say(context, { zh: "把顶灯绑定到车辆", en: "bind a light to a vehicle" }));
	common(tie, context, ["liangxing lights bind PDS00000001H 豫DY6393"]);
	tie.action((id: string, plate: string | undefined, options: CommonOptions) => bind(context, id, plate, options));
}
