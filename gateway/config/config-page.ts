import { boundLines } from "./bounds.ts";
import { CONFIG_KEYS, type KeyInfo } from "./keys.ts";
import { settingsSchema } from "./schema.ts";

/** Where the JSON schema lies, seen from a file beside it. */
export const SCHEMA_FILE = "config.schema.json";

const HEAD = `# Settings · 配置

Made from the settings' schema in \`gateway/config/\` by \`npm run docs\`; a test holds page and schema equal.

Each setting can stand in a YAML file, in the environment, or be a flag of \`liangxing gateway\`; flags win over the environment, the environment over the
file, the file over the default. The file is \`liangxing.yaml\` in the data folder, or the one named by \`--config FILE\` or \`LIANGXING_CONFIG\`. An unknown key is
refused with the one that was meant. \`liangxing gateway --print-config\` prints the settings in force and where each comes from, as a file that can be used.

每项配置可写在 YAML 文件、环境变量或 \`liangxing gateway\` 的选项里；选项优先于环境变量，环境变量优先于文件，文件优先于默认值。文件是数据文件夹里的
\`liangxing.yaml\`，或由 \`--config 文件\`、\`LIANGXING_CONFIG\` 指明。

An editor completes and checks the file with the JSON schema [${SCHEMA_FILE}](${SCHEMA_FILE}); with the YAML language server, this is the file's first line:

\`\`\`yaml
# yaml-language-server: $schema=./docs/${SCHEMA_FILE}
fleet: demo
http:
  port: 8790
\`\`\`
`;

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

const row = ({ key, env, flag, expects, defaultValue, description, descriptionZh }: KeyInfo): string =>
	`| \`${key}\` | ${cell(expects)} | \`${String(defaultValue)}\` | \`${env}\`<br>\`${flag}\` | ${cell(description)}<br>${cell(descriptionZh)} |`;

function boundText(): string {
	const defaults = settingsSchema.parse({});
	return `## The bound\n\nHow long a star may outlive its order follows from three settings. With the defaults:\n\n${boundLines(
		defaults,
	)
		.map((line) => `- ${line}`)
		.join("\n")}\n`;
}

/** The text of docs/config.md. */
export const configPage = (): string =>
	`${HEAD}\n| key | value | default | environment, flag | what it does |\n|---|---|---|---|---|\n${CONFIG_KEYS.map(row).join("\n")}\n\n${boundText()}`;
