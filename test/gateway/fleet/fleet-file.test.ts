import { describe, expect, it } from "vitest";
import { readFleetFile } from "../../../gateway/sources/fleet-file.ts";

const HEADER = "车牌号,车牌颜色,所属企业,终端号,主班从业资格证号,副班从业资格证号";
const read = (lines: readonly string[]) =>
	readFleetFile({ name: "fleet.csv", bytes: new TextEncoder().encode([HEADER, ...lines].join("\r\n")) });

describe("a fleet file", () => {
	it("gives plates, colours, companies, terminals and who drives, folded as everywhere", async () => {
		const table = await read(["\u3000豫Ｄ·Ｔ０００１,蓝色,晨光出租,100,ｃ１,", "豫DD12345,5,长河出租,,C2,C3"]);
		expect(table.quarantined).toEqual([]);
		expect(table.accepted).toEqual([
			{ row: 1, plate: "豫DT0001", plateColour: 1, company: "晨光出租", terminal: "100", main: "C1", deputy: "" },
			{ row: 2, plate: "豫DD12345", plateColour: 5, company: "长河出租", terminal: "", main: "C2", deputy: "C3" },
		]);
	});

	it.each([
		[",1,a,,C1,", "plate-missing"],
		["豫D123,1,a,,C1,", "plate-malformed"],
		["豫DIO001,1,a,,C1,", "plate-malformed"],
		["豫DT0001,7,a,,C1,", "plate-colour-unknown"],
		["豫DT0001,1,a,,41040219970827574X12,", "certificate-too-long"],
	])("quarantines %j as %s", async (line, reason) => {
		expect((await read([line, "豫DT0002,1,a,,C1,"])).quarantined).toEqual([{ row: 1, reason }]);
	});

	it("quarantines every row of a plate that comes twice: nobody can say which is right", async () => {
		const table = await read(["豫DT0001,1,a,,C1,", "豫DT0002,1,a,,C2,", "豫D·T0001,1,b,,C3,"]);
		expect(table.quarantined).toEqual([
			{ row: 1, reason: "plate-twice" },
			{ row: 3, reason: "plate-twice" },
		]);
		expect(table.accepted.map((r) => r.plate)).toEqual(["豫DT0002"]);
	});

	it("without its columns, or with nothing below them, is refused whole", async () => {
		await expect(readFleetFile({ name: "f.csv", bytes: new TextEncoder().encode("a,b\n1,2\n") })).rejects.toMatchObject(
			{ code: "header-not-found" },
		);
		await expect(read([])).rejects.toMatchObject({ code: "no-rows" });
	});
});
