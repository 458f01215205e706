import type { LightHost } from "./light-host.ts";
import { isExcluded } from "./moves.ts";
import type { World } from "./world.ts";

/** A rating that comes of age just now may still be shown for as long as a light's time is behind. */
const AGE_SLACK_S = 10;

/** At the end of a calm: every light shows exactly what is due, and the gateway says so. */
export function judgeCalm(world: World): void {
	const { gateway } = world;
	const brain = gateway.view();
	if (brain === null) {
		world.report("R8-gateway-down", null, "the gateway does not run at the end of a calm");
		return;
	}
	const { clock } = brain.depot(gateway.now());
	if (clock !== null) world.report("R8-clock-not-trusted", null, `${clock.code} although the clock was accepted`);
	if (world.caller.waiting() > 0) world.report("R8-call-unanswered", null, `${world.caller.waiting()} calls wait`);
	for (const light of world.lights) if (!isExcluded(world, light)) judgeLight(world, light);
}

function judgeLight(world: World, light: LightHost): void {
	const { taxi, lamp } = light;
	const id = taxi.light;
	const now = world.depotS();
	const owed = world.truth.owed(taxi.plate, now - AGE_SLACK_S, now + 1);
	const due = [...owed].join(" or ");
	if (!light.powered || !light.link.isUp()) {
		world.report("R8-not-connected", id, `powered ${light.powered}, link up ${light.link.isUp()}`);
		return;
	}
	const face = lamp.told();
	if (lamp.broken()) {
		if (face.pattern !== "fault")
			world.report("R5-broken-lamp-counts", id, `pattern ${face.pattern} with a broken lamp`);
	} else if (!owed.has(lamp.toldStars() as 0)) {
		world.report("R8-not-due", id, `shows ${face.pattern} ${face.stars}, due ${due}`);
	}
	if (!lamp.broken()) world.changesChecker.calm(id);
	const view = world.gateway.view()?.light(id, world.gateway.now()) ?? null;
	if (view === null) {
		world.report("R8-light-unknown", id, "the gateway has no view of it");
		return;
	}
	if (!owed.has(view.desired)) world.report("R8-desired-wrong", id, `desired ${view.desired}, due ${due}`);
	// Where a rating comes of age just now, the light's word of it may be on its way.
	const onItsWay = owed.size > 1 && view.observed !== null && owed.has(view.observed);
	if (view.observed !== lamp.toldStars() && !onItsWay) {
		world.report("R6-observed-in-calm", id, `observed ${view.observed}, shown ${lamp.toldStars()}`);
	}
}
