import type { FastifyInstance } from "fastify";
import {
	HELD_ACCEPT,
	HELD_DIFF,
	HELD_LIGHTS,
	HELD_LIST,
	HELD_REJECT,
	MAX_RATINGS_BYTES,
	PULL_QUARANTINE,
	PULLS_LIST,
	RATINGS_DRY_RUN,
	RATINGS_IMPORT,
} from "../../protocol/schema/api-ratings.ts";
import { pageAt, pageOf } from "../core/lists/page.ts";
import type { Pull } from "../core/model.ts";
import { heldMoves } from "../core/ratings/held-moves.ts";
import { ratingMoves } from "../core/ratings/moves.ts";
import type { CorePort } from "../depot/shell.ts";
import { fileNameOf } from "./body.ts";
import { endpoint } from "./endpoint.ts";
import { fileOf, fileScope } from "./file-scope.ts";
import { listBody, pageAsked } from "./paged.ts";
import { type ApiParts, runner, runTaken } from "./parts.ts";
import { refused, sendAnswer } from "./problems.ts";

/** Quarantined rows of one pull in a list; a list of its own has them all. */
const MAX_QUARANTINED = 100;

/** A pull as lists show it: no changes (they hold certificate numbers), the first quarantined rows and how many there are. */
const pullRow = (pull: Pull) => ({
	...pull,
	quarantined: pull.quarantined.length,
	quarantinedRows: pull.quarantined.slice(0, MAX_QUARANTINED),
});

/** How many rows of a pull were not taken, by code. */
function byReason({ quarantined }: Pull): Readonly<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const { reason } of quarantined) counts[reason] = (counts[reason] ?? 0) + 1;
	return counts;
}

/** Rating files, their pulls, and what a person decides. */
export function ratingRoutes<C extends CorePort>(app: FastifyInstance, parts: ApiParts<C>): void {
	const run = runner(parts);
	const look = () => parts.shell.view.look(parts.shell.now());
	fileScope(app, MAX_RATINGS_BYTES, (scope) => {
		for (const [at, dry] of [
			[RATINGS_IMPORT, false],
			[RATINGS_DRY_RUN, true],
		] as const)
			endpoint(scope, at, async ({ request, reply }) => {
				const name = fileNameOf(request.headers["x-file-name"], "ratings");
				return sendAnswer(reply, await runTaken(run, await parts.intake.ratings(fileOf(request, name), name, dry)));
			});
	});
	const pulls = (all: readonly Pull[], name: string, query: Parameters<typeof pageAsked>[0]) => {
		const { rows, next } = pageOf(all, (pull) => pull.id, pageAsked(query));
		return listBody(name, { rows: rows.map(pullRow), next });
	};
	endpoint(app, PULLS_LIST, ({ query }) => pulls(parts.shell.view.pulls(), "pulls", query));
	endpoint(app, HELD_LIST, ({ query }) => {
		const held = parts.shell.view.held().map((h) => h.pull);
		return pulls(held, "held", query);
	});
	endpoint(app, PULL_QUARANTINE, ({ params, query }) => {
		const pull = look().picture.pulls.find((p) => p.id === params["pull"]);
		if (pull === undefined)
			throw refused("pull-unknown", "No such pull is kept.", "See the newest ones with: GET /api/v1/pulls.");
		const { reason } = query;
		const rows = reason === undefined ? pull.quarantined : pull.quarantined.filter((row) => row.reason === reason);
		return { ...listBody("quarantine", pageAt(rows, pageAsked(query))), reasons: byReason(pull) };
	});
	const heldOf = (id: string) => {
		const view = look();
		const changes = view.picture.heldChanges.get(id);
		if (changes === undefined)
			throw refused("pull-not-held", `No pull ${id} is held.`, "See which are: liangxing ratings held list.");
		return { view, changes };
	};
	endpoint(app, HELD_LIGHTS, ({ params, query }) => {
		const id = params["pull"] ?? "";
		const { view, changes } = heldOf(id);
		const { moves, ...told } = heldMoves(view, changes);
		return { pull: id, ...told, ...listBody("moves", pageAt(moves, pageAsked(query))) };
	});
	endpoint(app, HELD_DIFF, ({ params, query }) => {
		const id = params["pull"] ?? "";
		const { view, changes } = heldOf(id);
		const moves = ratingMoves(view, changes);
		const counts = { pull: id, changes: changes.length, moved: moves.length };
		return { ...counts, ...listBody("moves", pageAt(moves, pageAsked(query))) };
	});
	endpoint(app, HELD_ACCEPT, async ({ params, reply }) =>
		sendAnswer(reply, await run({ what: "held-accept", pull: params["pull"] ?? "" })),
	);
	endpoint(app, HELD_REJECT, async ({ params, reply }) =>
		sendAnswer(reply, await run({ what: "held-reject", pull: params["pull"] ?? "" })),
	);
}
