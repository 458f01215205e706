import { describe, expect, it } from "vitest";
import { oneTaxi } from "./harness.ts";

describe("from sign-in to observed", () => {
	it("signs the owed stars once the light is heard, and knows them shown from its verified state", () => {
		const { depot, light } = oneTaxi();
		light.report();
		expect(depot.grants(light.id).map((g) => g.stars)).toEqual([0]);
		light.take();
		depot.advance(1000);
		depot.signIn("A-10001", "C5");
		const grant = light.take();
		expect(grant).toMatchObject({ stars: 5, seq: 2 });
		expect(depot.view(light.id)).toMatchObject({ desired: 5, acked: 5, observed: 5, status: "right", onDuty: true });
	});
});
