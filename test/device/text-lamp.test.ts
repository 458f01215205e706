import { describe, expect, it } from "vitest";
import { TEXTS } from "../../device/cli/texts.ts";
import { MemoryLamp } from "../../device/drivers/memory-lamp.ts";
import { type LampNote, TextLamp } from "../../device/drivers/text-lamp.ts";
import { handTimers } from "../support/hand-timers.ts";

function lampOn(terminal: boolean, words = TEXTS.en.lamp) {
	const hand = handTimers();
	const note: LampNote & { leaseLeftS: number | null; linkUp: boolean } = { leaseLeftS: 3_552, linkUp: true };
	let written = "";
	const write = (text: string) => {
		written += text;
	};
	const lamp = new TextLamp({ write, terminal, label: "PDS00000001H", words, timers: hand.timers, note: () => note });
	return { lamp, note, hand, text: () => written };
}

describe("the lamp in a terminal", () => {
	it("redraws one line each second while stars are lit, with what is left of the lease", () => {
		const { lamp, note, hand, text } = lampOn(true);
		lamp.show({ pattern: "stars", stars: 4 });
		note.leaseLeftS = 3_551;
		hand.fire();
		expect(text()).toBe(
			"\r\u001b[KPDS00000001H [★★★★☆] 4 stars, lease 59:12\r\u001b[KPDS00000001H [★★★★☆] 4 stars, lease 59:11",
		);
	});

	it("rests while it is dark and after it is closed", async () => {
		const { lamp, hand, text } = lampOn(true);
		lamp.show({ pattern: "stars", stars: 1 });
		expect(text()).toContain("1 star,");
		lamp.show({ pattern: "neutral", stars: 0 });
		expect(hand.waiting()).toBe(0);
		await lamp.close();
		const end = text();
		lamp.show({ pattern: "stars", stars: 5 });
		expect(text()).toBe(end);
		expect(end.endsWith("[☆☆☆☆☆] no star\n")).toBe(true);
	});

	it("shows no stars for a fault, a job or a lost record", () => {
		const { lamp, text } = lampOn(true);
		for (const pattern of ["fault", "identify", "self-test", "neutral"] as const) lamp.show({ pattern, stars: 0 });
		expect(text()).not.toContain("★");
	});
});

describe("the lamp off a terminal", () => {
	it("writes a line for each change only, without control codes", () => {
		const { lamp, note, text } = lampOn(false, TEXTS.zh.lamp);
		lamp.show({ pattern: "neutral", stars: 0 });
		lamp.show({ pattern: "stars", stars: 5 });
		note.leaseLeftS = 12;
		lamp.draw();
		note.linkUp = false;
		lamp.draw();
		expect(text().split("\n")).toEqual([
			"PDS00000001H [☆☆☆☆☆] 熄星",
			"PDS00000001H [★★★★★] 5 星",
			"PDS00000001H [★★★★★] 5 星, 未连上场站",
			"",
		]);
	});
});

describe("a lamp that remembers", () => {
	it("tells what a passer-by would see, broken lamps included", async () => {
		const lamp = new MemoryLamp();
		const heard: string[] = [];
		lamp.onStates((lamps, sensed) => heard.push(`${sensed}:${lamps.join(",")}`));
		lamp.show({ pattern: "stars", stars: 3 });
		expect(lamp.glass()).toEqual([true, true, true, false, false]);
		lamp.setLamp(0, "open");
		lamp.setLamp(4, "stuck-on");
		expect(lamp.glass()).toEqual([false, true, true, false, true]);
		expect(heard.at(-1)).toBe("true:open,ok,ok,ok,stuck-on");
		await lamp.close();
		expect(lamp.face().stars).toBe(0);
	});
});
