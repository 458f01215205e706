import { TOKEN_BYTES } from "../../protocol/wire/bounds.ts";
import { copyBytes } from "../../protocol/wire/bytes.ts";
import type { Turn } from "./state.ts";

/** The last four are live (protocol section 1, "Ask"): with report period and lease at their defaults an hour's worth fits. */
export const LIVE_ASKS = 4;

/** Draws a new ask; the fifth oldest dies. Its `state` has to be sent: a depot can sign stars only for an ask it has heard. */
export function drawAsk(turn: Turn): void {
	const ask = copyBytes(turn.env.random.bytes(TOKEN_BYTES));
	turn.state.asks = [...turn.state.asks, { ask, drawnAt: turn.now }].slice(-LIVE_ASKS);
	turn.state.reporting = { ...turn.state.reporting, due: true };
}

/** After an accepted message or an unsigned 0 stars: what was signed for an ask drawn before is void. */
export function renewAsks(turn: Turn, byNotice = false): void {
	if (byNotice) turn.state.killedByNotice = turn.state.asks.map((record) => record.ask);
	turn.state.asks = [];
	drawAsk(turn);
}
