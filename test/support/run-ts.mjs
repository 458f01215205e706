// Runs the `main` of a TypeScript module in a process of its own: node test/support/run-ts.mjs FILE ARG...
import { runnerImport } from "vite";

const [file, ...args] = process.argv.slice(2);
const { module } = await runnerImport(file, { configFile: false, logLevel: "error" });
await module.main(args);
