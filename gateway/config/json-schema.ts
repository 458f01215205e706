import { z } from "zod";
import { CONFIG_KEYS } from "./keys.ts";
import { settingsSchema } from "./schema.ts";

type Json = Record<string, unknown>;

/** The settings' file as a JSON schema, for editors: draft 7, which they all read. Both languages stand in the description. */
export function configJsonSchema(): Json {
	const made = z.toJSONSchema(settingsSchema, { io: "input", target: "draft-7" }) as Json;
	for (const { key, descriptionZh } of CONFIG_KEYS) {
		let at: Json = made;
		for (const part of key.split(".")) at = (at["properties"] as Record<string, Json>)[part] ?? {};
		at["description"] = `${String(at["description"])}\n${descriptionZh}`;
	}
	return { ...made, title: "Liangxing settings", description: "liangxing.yaml in a depot's data folder" };
}
