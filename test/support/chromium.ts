import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PATH = "/usr/bin/chromium";

/** Whether the browser suite can run here; says in one plain line how to get what is missing. */
export function haveChromium(): boolean {
	if (existsSync(PATH)) return true;
	process.stderr.write("browser suite skipped: no Chromium here. Get it with: apt-get install chromium\n");
	return false;
}

export const launchChromium = (): Promise<Browser> =>
	chromium.launch({
		executablePath: PATH,
		args: [
			"--headless",
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
