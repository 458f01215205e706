import type { Refusal } from "../../../protocol/wire/messages.ts";
import type { OutboxEntry } from "../model.ts";

export const OLD_RETAINED_NOTE =
	"Normal when a light starts or comes back: the broker's kept grant is from before; the star comes with the next grant.";

/**
 * Whether a refusal is what a start always brings (protocol section 2, `grant`): the grant that the broker kept echoes an ask that is
 * not live any more. It is the newest one, or the one before it where the next has been reserved since.
 */
export function isOldRetained({ code, kind, epoch, seq }: Refusal, entry: OutboxEntry | null): boolean {
	if (kind !== "grant" || (code !== "not-fresh" && code !== "void") || entry === null) return false;
	return epoch === entry.epoch && (seq === entry.seq || seq === entry.seq - 1);
}
