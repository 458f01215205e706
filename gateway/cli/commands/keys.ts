import type { Command } from "commander";
import { type CommonOptions, type Context, common, group, print, say, settingsFor } from "../common.ts";
import { formatTable } from "../table.ts";

async function show(context: Context, options: CommonOptions): Promise<void> {
	const { settings } = await settingsFor(context, options);
	const [{ showKeys }, { dataFolder }, { NodeCrypto }] = await Promise.all([
		import("../../depot/keys.ts"),
		import("../../depot/data-folder.ts"),
		import("../../depot/node-crypto.ts"),
	]);
	const folder = dataFolder(settings.data);
	const keys = showKeys(folder, new NodeCrypto());
	const head = say(context, { zh: "用途,编号,公钥", en: "use,id,public key" }).split(",");
	const rows = keys.signing.map((k) => [
		k.used ? say(context, { zh: "签发（在用）", en: "signing (used)" }) : say(context, { zh: "签发", en: "signing" }),
		k.id,
		k.publicKey,
	]);
	const root = [[say(context, { zh: "根", en: "root" }), "-", keys.root]];
	const made = new Date(keys.version * 1000).toISOString();
	const notes = [
		say(context, { zh: `车队 ${keys.fleet}，密钥表 ${made}`, en: `fleet ${keys.fleet}, list of keys of ${made}` }),
		keys.rootKeyHere
			? say(context, {
					zh: `根私钥在 ${folder.rootKey}：请另存到别处，并从这里移走。`,
					en: `The root's private key is ${folder.rootKey}: keep it elsewhere and remove it here.`,
				})
			: say(context, {
					zh: "根私钥不在这里（应当如此）。",
					en: "The root's private key is not here, as it should be.",
				}),
	];
	print(context, keys, `${formatTable(head, [...root, ...rows])}${notes.join("\n")}`);
}

export function keysCommand(program: Command, context: Context): void {
	const keys = group(program, context, "keys", { zh: "密钥", en: "the keys" }, ["liangxing keys show --data depot"]);
	const all = keys
		.command("show")
		.description(say(context, { zh: "显示公钥与密钥表", en: "show public keys and the root-signed list" }));
	common(all, context, ["liangxing keys show --data depot"]);
	all.action((options: CommonOptions) => show(context, options));
}
