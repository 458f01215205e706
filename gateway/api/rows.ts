import type { LightId } from "../../protocol/wire/units.ts";
import type { CorePort, Shell } from "../depot/shell.ts";

/**
 * The lights as JSON. The whole list is built once and kept until a row changes or the second turns (ages count in seconds), so
 * many consoles that ask at once cost one list.
 */
export class Rows<C extends CorePort> {
	private readonly shell: Shell<C>;
	private version = 0;
	private kept: { readonly version: number; readonly second: number; readonly json: string } | null = null;
	private readonly unsubscribe: () => void;

	constructor(shell: Shell<C>) {
		this.shell = shell;
		this.unsubscribe = shell.onChanged(() => {
			this.version += 1;
		});
	}

	/** JSON array of all rows. */
	all(): string {
		const now = this.shell.now();
		const second = Math.floor(now.unix / 1000);
		if (this.kept !== null && this.kept.version === this.version && this.kept.second === second) return this.kept.json;
		const json = JSON.stringify(this.shell.view.lights(now));
		this.kept = { version: this.version, second, json };
		return json;
	}

	/** JSON array of these rows; a light that is gone is left out. */
	some(lights: Iterable<LightId>): string {
		const now = this.shell.now();
		const rows: string[] = [];
		for (const id of lights) {
			const row = this.shell.view.light(id, now);
			if (row !== null) rows.push(JSON.stringify(row));
		}
		return `[${rows.join(",")}]`;
	}

	/** One page in the order of light ids: at most `limit` after `cursor`, and the cursor of the next page or null. */
	page(limit: number, cursor: string | null): { readonly json: string; readonly next: string | null } {
		const rows = this.shell.view.lights(this.shell.now());
		rows.sort((a, b) => (a.light < b.light ? -1 : a.light > b.light ? 1 : 0));
		const from = cursor === null ? 0 : rows.findIndex((r) => r.light > cursor);
		const page = from < 0 ? [] : rows.slice(from, from + limit);
		const last = page[page.length - 1];
		const more = from >= 0 && from + limit < rows.length;
		return { json: JSON.stringify(page), next: more && last !== undefined ? last.light : null };
	}

	close(): void {
		this.unsubscribe();
	}
}
