import { defineConfig } from "vitest/config";

/**
 * Lanes: `unit` is pure and fast; `integration` opens ports, files and child processes; `e2e` needs Chromium;
 * `long` has the reduced counts of `npm run test:long`, and the full ones with LIANGXING_LANE=nightly.
 */
const lane = (name: string, include: string[], testTimeout: number) => ({
	test: { name, include, testTimeout, hookTimeout: 30_000, environment: "node" as const },
});

export default defineConfig({
	test: {
		projects: [
			lane(
				"unit",
				["test/architecture.test.ts", "test/{protocol,device,gateway,simulator,conformance,fuzz,docs}/**/*.test.ts"],
				20_000,
			),
			lane("integration", ["test/integration/**/*.test.ts"], 60_000),
			lane("e2e", ["test/e2e/**/*.test.ts"], 60_000),
			lane("interop", ["test/interop/**/*.test.ts"], 60_000),
			lane("long", ["test/long/**/*.test.ts"], 1_200_000),
		],
	},
});
