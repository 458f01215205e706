import type { FastifyInstance } from "fastify";
import { WHY } from "../../protocol/schema/api-why.ts";
import { foldPlate } from "../core/fleet/validate.ts";
import type { WhyQuery } from "../core/why/subject.ts";
import type { CorePort } from "../depot/shell.ts";
import { subjectUnknown, whyAnswer } from "../depot/why-answer.ts";
import { endpoint } from "./endpoint.ts";
import type { ApiParts } from "./parts.ts";

/** Why a light shows what it shows. */
export function whyRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	endpoint(app, WHY, ({ body }) => {
		const query: WhyQuery =
			body.light !== undefined
				? { light: body.light }
				: body.driver !== undefined
					? { driver: body.driver }
					: { plate: foldPlate(body.plate ?? "") };
		const now = parts.shell.now();
		const explanation = parts.shell.view.why(query, now);
		if (explanation === null) throw subjectUnknown(query);
		return whyAnswer(explanation, body.lang ?? "en", now);
	});
}
