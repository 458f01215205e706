import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivate } from "../../gateway/depot/data-folder.ts";
import type { NewLight } from "../../gateway/depot/provision.ts";
import { parseProvision } from "../../protocol/schema/provision.ts";

/** Provisioning of the simulated lights by plate, kept in the data folder so that a second run finds its lights again. */
export interface LightBook {
	/** The light of this plate; made when it is not in the book. */
	of(plate: string): NewLight;
	/** Durable on disk; called before any of them is registered. */
	save(): void;
}

/** @param make makes one new light, see `lightMaker` */
export function openLightBook(data: string, make: () => NewLight): LightBook {
	const path = join(data, "simulated-lights.json");
	const files: Record<string, string> = existsSync(path)
		? (JSON.parse(readFileSync(path, "utf8")) as Record<string, string>)
		: {};
	const lights = new Map<string, NewLight>();
	return {
		of(plate) {
			const known = lights.get(plate);
			if (known !== undefined) return known;
			const kept = files[plate];
			const light = kept === undefined ? make() : lightOf(kept);
			lights.set(plate, light);
			files[plate] = light.file;
			return light;
		},
		save: () => writePrivate(path, `${JSON.stringify(files)}\n`),
	};
}

function lightOf(file: string): NewLight {
	const { light, publicKey } = parseProvision(file);
	return { light, publicKey, file };
}
