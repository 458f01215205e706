import type { FastifyInstance } from "fastify";
import { whyBody } from "../../protocol/schema/api.ts";
import { foldPlate } from "../core/fleet/validate.ts";
import type { WhyQuery } from "../core/why/subject.ts";
import type { CorePort } from "../depot/shell.ts";
import { subjectUnknown, whyAnswer } from "../depot/why-answer.ts";
import { parseBody } from "./body.ts";
import type { ApiParts } from "./parts.ts";

/** Looks only, but is a POST: a plate belongs into no URL, since URLs are logged. The guard lets it through without the token. */
export const WHY_PATH = "/api/v1/why";

/** Why a light shows what it shows. */
export function whyRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	app.post(WHY_PATH, (request) => {
		const body = parseBody(whyBody, request.body);
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
