import type { Picture } from "../records.ts";
import type { CoreConfig } from "../types.ts";
import type { StarPolicy } from "./policy.ts";

/** The policy that counts: the one a person activated last, else the settings'. */
export const policyOf = ({
	picture,
	config,
}: {
	readonly picture: Pick<Picture, "policy">;
	readonly config: Pick<CoreConfig, "policy">;
}): StarPolicy => picture.policy?.policy ?? config.policy;
