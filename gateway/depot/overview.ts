import type { GatewayCore } from "../core/core.ts";
import type { DepotFigures } from "../core/figures/figures.ts";
import type { Pull } from "../core/model.ts";
import type { Now } from "../core/types.ts";

const pullRow = ({ id, source, at, rows, accepted, quarantined, status }: Pull) => ({
	...{ id, source, at, rows, accepted, status },
	quarantined: quarantined.length,
});

const channelRow = ({ outbox, ends, convergenceS, refusals }: DepotFigures["channels"]["mqtt"]) => ({
	...{ outbox, ends, refusals },
	convergence: convergenceS,
});

/** The way from rating to glass in figures, as `GET /api/v1/overview` answers it. One pass over the lights. */
export function overviewOf(core: GatewayCore, now: Now) {
	const { picture } = core.look(now);
	const { channels, drivers, vehicles, pulls } = core.figures(now);
	const told = picture.pulls.findLast(({ status }) => status !== "unchanged") ?? picture.pulls.at(-1);
	return {
		at: now.unix,
		since: core.builtAt,
		records: { ratings: picture.ratings.size, drivers, vehicles },
		pulls: {
			appliedAt: pulls.appliedAgeS === null ? null : Math.round(now.unix - pulls.appliedAgeS * 1000),
			held: pulls.held,
			newest: told === undefined ? null : pullRow(told),
		},
		channels: Object.fromEntries(Object.entries(channels).map(([name, figures]) => [name, channelRow(figures)])),
	};
}
