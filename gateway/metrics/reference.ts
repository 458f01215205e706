import type { MetricSpec } from "./spec.ts";
import { METRICS } from "./table.ts";

const HEAD = `# Metrics

\`GET /metrics\` on the console's address, in Prometheus' text format; no token, this machine only. Alert rules made of these metrics are
in [alerts/liangxing.rules.yml](alerts/liangxing.rules.yml).

- A metric that is absent is not known: nothing here shows 0 in place of "never".
- Labels have few values, all of them ours. There is no light id, plate, driver or certificate in any of them.
- Counters begin at 0 with each start, and those of the depot with each rebuild after a store's failure; \`rate\` and \`increase\` know that.
- A scrape costs one pass over the lights.

Scrape it with:

\`\`\`yaml
scrape_configs:
  - job_name: liangxing
    static_configs:
      - targets: ["127.0.0.1:8790"]
\`\`\`

This page is made from the code by \`npm run docs\`.

| name | type | labels | meaning |
|---|---|---|---|
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

const labelsOf = ({ labels }: MetricSpec): string =>
	Object.entries(labels)
		.map(([name, values]) => `\`${name}\`: ${values}`)
		.join("; ");

/** The reference page of all metrics, in Markdown. */
export const metricsReference = (): string =>
	`${HEAD}${METRICS.map((m) => `| \`${m.name}\` | ${m.type} | ${cell(labelsOf(m))} | ${cell(m.help)} |`).join("\n")}\n`;
