import type { CommandView } from "../../gateway/core/commands/outcome.ts";
import type { Pull } from "../../gateway/core/model.ts";
import { Records } from "../../gateway/core/records.ts";
import type {
	Command,
	CommandAnswer,
	CoreEffect,
	CoreEvent,
	DepotView,
	LightView,
	Now,
} from "../../gateway/core/types.ts";
import { NodeClock } from "../../gateway/depot/node-clock.ts";
import { type CorePort, Shell } from "../../gateway/depot/shell.ts";
import { makeLightId } from "../../protocol/wire/light-id.ts";
import { type LightId, type Stars, toUnixSeconds, type UnixSeconds } from "../../protocol/wire/units.ts";
import { emptySnapshot, SimStore } from "../../simulator/hardware/sim-store.ts";
import { config, crypto } from "../gateway/core/harness.ts";
import { silentLog } from "./silent-log.ts";

export const lightNumber = (n: number): LightId => makeLightId(String(n).padStart(11, "0"));

const row = (n: number): LightView => ({
	light: lightNumber(n),
	plate: `豫DT${String(n).padStart(4, "0")}`,
	company: null,
	channel: "mqtt",
	desired: (n % 6) as Stars,
	acked: null,
	observed: null,
	ageS: null,
	status: "moving",
	reason: null,
	leaseLeftS: null,
	onDuty: false,
	heardAt: null,
	trace: null,
	lamps: null,
	operating: null,
	refused: null,
});

/** What lists see of these records, with a clock that is trusted. */
export function lookAt(picture: Records, now: Now): CommandView {
	return { picture, config, time: { trusted: true, ms: now.unix, s: toUnixSeconds(now.unix) }, now, crypto };
}

/** A core with a list of rows and an answer for every command: what the API does with them is under test, not what is decided. */
export class RowCore implements CorePort {
	readonly rows = new Map<LightId, LightView>();
	readonly commands: Command[] = [];
	readonly picture = new Records(emptySnapshot("demo"));
	clock: DepotView["clock"] = null;
	answer: CommandAnswer = { ok: true, value: { done: true } };

	constructor(count: number) {
		for (let n = 1; n <= count; n++) this.rows.set(lightNumber(n), row(n));
	}

	step(event: CoreEvent): CoreEffect[] {
		if (event.type === "command") {
			this.commands.push(event.command);
			return [{ type: "answer", id: event.id, answer: this.answer }];
		}
		// Here the topic names the row that changes, the first byte its stars.
		if (event.type === "message") {
			const light = event.topic as LightId;
			const old = this.rows.get(light);
			if (old !== undefined) this.rows.set(light, { ...old, desired: event.bytes[0] as Stars });
			return [{ type: "changed", light }];
		}
		return [];
	}
	lights(): LightView[] {
		return [...this.rows.values()];
	}
	light(id: LightId): LightView | null {
		return this.rows.get(id) ?? null;
	}
	depot(): DepotView {
		return {
			fleet: "demo",
			epoch: 1,
			clock: this.clock,
			policy: { name: "p", hash: "00", maxAgeDays: 550 },
			lights: this.rows.size,
			drivers: 0,
			vehicles: 0,
			held: 0,
			lastPull: null,
			refusals: {},
			dropped: {},
		};
	}
	held(): readonly { readonly pull: Pull }[] {
		return [];
	}
	why(): null {
		return null;
	}
	look(now: Now): CommandView {
		return lookAt(this.picture, now);
	}
	pulls(): readonly Pull[] {
		return [];
	}
}

export const clockInDoubt: DepotView["clock"] = {
	code: "clock-behind",
	storedTime: 1_800_000_000 as UnixSeconds,
	now: 1_799_000_000 as UnixSeconds,
};

/** The real loop around a `RowCore`. */
export function shellOf(core: RowCore): Shell<RowCore> {
	const clock = new NodeClock();
	const store = new SimStore(emptySnapshot("demo"));
	return new Shell<RowCore>(
		{
			makeCore: () => core,
			store: {
				load: async () => store.snapshot(),
				commit: async (changes) => store.commit(changes),
				close: async () => undefined,
			},
			signer: null,
			broker: null,
			clock,
			timers: clock,
			log: silentLog,
			soon: (run) => setImmediate(run),
		},
		store.snapshot(),
	);
}
