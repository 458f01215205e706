import { initial } from "./0001-initial.ts";
import { changes } from "./0002-changes.ts";
import { pullStage } from "./0003-pull-stage.ts";
import type { Migration } from "./migration.ts";

/** Every step, oldest first. */
export const MIGRATIONS: readonly Migration[] = [initial, changes, pullStage];
