import type { World } from "./world.ts";

/** The operator says that the depot's clock is right as it is: `liangxing clock accept`. */
export function accept(world: World): void {
	world.gatewayChecker.clockAccepted();
	world.caller.call({ what: "clock-accept" }, () => world.gatewayChecker.clockAccepted());
}

/** The operator sets the depot's clock right, and accepts it where the gateway asks for that. */
export function mendClock(world: World): void {
	const { gateway } = world;
	if (gateway.clock.offset() !== 0) {
		gateway.clock.setOffset(0);
		gateway.tick();
	}
	if (gateway.view()?.depot(gateway.now()).clock != null) accept(world);
}
