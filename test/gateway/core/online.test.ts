import { expect, it } from "vitest";
import { utf8Encode } from "../../../protocol/wire/bytes.ts";
import { topicOf } from "../../../protocol/wire/topics.ts";
import { FLEET, oneTaxi } from "./harness.ts";

it("a made-up word of a session to come hides a light no longer than until its next signed report", () => {
	const { depot, light } = oneTaxi();
	depot.signIn("A-10001", "C5");
	light.report();
	light.take();
	depot.advance(20_000);
	const bytes = utf8Encode(JSON.stringify({ online: false, session: 0xffff_ffff }));
	depot.feed({ type: "message", topic: topicOf.online(FLEET, light.id), bytes, publisher: null });
	expect(depot.view(light.id)).toMatchObject({ status: "silent", reason: "offline" });
	light.period();
	expect(depot.view(light.id)).toMatchObject({ status: "right", observed: 5 });
});
