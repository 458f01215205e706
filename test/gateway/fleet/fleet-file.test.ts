import { describe, expect, it } from "vitest";
import { fleetCommandOf, readFleetFile } from "../../../gateway/sources/fleet-file.ts";

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
		expect((await read([line, "豫DT0002,1,a,,C1,"])).quarantined).toMatchObject([{ row: 1, reason }]);
	});

	it("quarantines every row of a plate that comes twice: nobody can say which is right", async () => {
		const table = await read(["豫DT0001,1,a,,C1,", "豫DT0002,1,a,,C2,", "豫D·T0001,1,b,,C3,"]);
		expect(table.quarantined).toEqual([
			{ row: 1, reason: "plate-twice", plate: "豫DT0001" },
			{ row: 3, reason: "plate-twice", plate: "豫DT0001" },
		]);
		expect(table.accepted.map((r) => r.plate)).toEqual(["豫DT0002"]);
	});

	it("counts rows of one plate that say the same once, and notes the later one", async () => {
		const table = await read(["豫DT0001,1,a,,C1,", "豫D·Ｔ0001,蓝, a ,,ｃ1,", "豫DT0002,1,a,,C2,"]);
		expect(table.quarantined).toEqual([]);
		expect(table.notes).toEqual([{ row: 2, note: "duplicate-identical" }]);
		expect(table.accepted.map((r) => r.plate)).toEqual(["豫DT0001", "豫DT0002"]);
	});

	it("takes back a good row where another of its plate cannot be taken, and leaves two bad ones their codes", async () => {
		const table = await read(["豫DT0001,1,a,,C1,", "豫DT0001,7,a,,C1,", "豫D123,1,a,,C2,", "豫D123,1,b,,C3,"]);
		expect(table.quarantined.map((q) => q.reason)).toEqual([
			"plate-twice",
			"plate-twice",
			"plate-malformed",
			"plate-malformed",
		]);
	});

	it("may give one main driver two vehicles, and notes it", async () => {
		const table = await read(["豫DT0001,1,a,,C1,", "豫DT0002,1,a,,C1,"]);
		expect(table.accepted).toHaveLength(2);
		expect(table.notes).toEqual([{ row: 2, note: "main-driver-twice" }]);
	});

	it.each(["豫DAG3263", "豫DDX0519", "豫D12345F", "豫DF12345", "京B12345", "豫DKZ9687"])(
		"knows %s as a plate",
		async (plate) => {
			expect((await read([`${plate},5,a,,C1,`])).quarantined).toEqual([]);
		},
	);

	it.each(["豫D1234567", "豫D1A23456", "龙D12345", "豫d", "D12345", "豫DA1234O", "豫DL12345"])(
		"knows %s as none",
		async (plate) => {
			expect((await read([`${plate},5,a,,C1,`])).quarantined[0]?.reason).toBe("plate-malformed");
		},
	);

	it("skips totals, not a company that has the word in its name", async () => {
		const header = "所属企业,车牌号,主班从业资格证号";
		const bytes = new TextEncoder().encode(`${header}\n联合计程车公司,豫DT0001,C1\n本页合计,,\n合 计,1辆,\n`);
		const table = await readFleetFile({ name: "fleet.csv", bytes });
		expect([table.rows, table.accepted.length]).toEqual([1, 1]);
	});

	it("tells the core which vehicles stay as they are, because their row could not be taken", async () => {
		const table = await read(["豫DT0001,7,a,,C1,", "豫DT0002,1,a,,C2,", ",1,a,,C3,"]);
		expect(fleetCommandOf(table, false)).toMatchObject({ keep: ["豫DT0001"], rows: [{ plate: "豫DT0002" }] });
	});

	it("that was cut in its last row is refused whole", async () => {
		await expect(read(["豫DT0001,1,a,,C1,", "豫DT0002,1,a"])).rejects.toMatchObject({
			code: "truncated",
			context: { line: 3, column: 3 },
		});
	});

	it("without its columns, or with nothing below them, is refused whole", async () => {
		await expect(readFleetFile({ name: "f.csv", bytes: new TextEncoder().encode("a,b\n1,2\n") })).rejects.toMatchObject(
			{ code: "header-not-found" },
		);
		await expect(read([])).rejects.toMatchObject({ code: "no-rows" });
	});
});
