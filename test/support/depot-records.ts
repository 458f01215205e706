import type {
	ActivePolicy,
	Change,
	DepotMeta,
	Duty,
	LightRecord,
	Observed,
	OutboxEntry,
	Pull,
	Rating,
	StarChange,
	Vehicle,
} from "../../gateway/core/model.ts";
import { makeLightId } from "../../protocol/wire/light-id.ts";
import { type LightId, seconds, unixMs, unixSeconds } from "../../protocol/wire/units.ts";

/** Records of a depot for tests, each whole and made from a number. */

export const FLEET = "demo";
const TIME = 1_750_000_000;
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value & 0xff);

export const lightId = (n: number): LightId => makeLightId(`PDS${String(n).padStart(8, "0")}`);

export const meta = (change: Partial<DepotMeta> = {}): DepotMeta => ({
	fleet: FLEET,
	epoch: TIME,
	epochTakenAt: unixSeconds(TIME),
	storedTime: unixSeconds(TIME + 5),
	notice: { epoch: TIME, bytes: bytes(120, 7) },
	blankDue: false,
	namedAbove: ["1750000001/3", "n1750000002"],
	nextDriver: 12,
	nextVehicle: 13,
	nextDuty: 14,
	nextPull: 15,
	...change,
});

export const rating = (change: Partial<Rating> = {}): Rating => ({
	grade: "AAA",
	score: 19.5,
	period: "2025年度",
	asOf: unixSeconds(TIME - 86_400),
	pull: "P000001",
	...change,
});

export const vehicle = (n: number, change: Partial<Vehicle> = {}): Vehicle => ({
	key: `V${n}`,
	plate: `豫D${String(n).padStart(5, "0")}`,
	plateColour: 1,
	company: "平顶山市公交出租",
	terminal: "",
	main: `D${n}`,
	deputy: null,
	...change,
});

export const duty = (n: number, change: Partial<Duty> = {}): Duty => ({
	id: `U${n}`,
	vehicle: `V${n}`,
	driver: `D${n}`,
	from: unixMs(TIME * 1000 + n),
	until: null,
	...change,
});

export const lightRecord = (n: number, change: Partial<LightRecord> = {}): LightRecord => ({
	light: lightId(n),
	publicKey: bytes(32, n),
	vehicle: `V${n}`,
	...change,
});

export const entry = (n: number, change: Partial<OutboxEntry> = {}): OutboxEntry => ({
	light: lightId(n),
	epoch: TIME,
	seq: 1,
	stars: 5,
	driver: `D${n}`,
	issuedAt: unixSeconds(TIME),
	notAfter: unixSeconds(TIME + 3600),
	leaseS: seconds(3600),
	resumes: 0,
	resumeS: seconds(0),
	asOf: unixSeconds(TIME - 86_400),
	policy: bytes(8, 1),
	trace: bytes(8, 2),
	ask: bytes(8, 3),
	signed: bytes(180, 4),
	...change,
});

export const observed = (n: number, change: Partial<Observed> = {}): Observed => ({
	light: lightId(n),
	session: 3,
	counter: 4_294_967_295,
	ask: bytes(8, 5),
	shown: 4,
	pattern: "stars",
	sensed: true,
	epoch: TIME,
	seq: 9,
	grant: bytes(8, 6),
	asOf: unixSeconds(TIME),
	leaseLeftS: 1200,
	resumesLeft: 0,
	keysVersion: TIME,
	noticeEpoch: 0,
	refused: { code: "not-fresh", kind: "grant", epoch: TIME, seq: 8 },
	lamps: ["ok", "open", "ok", "ok", "unknown"],
	heardAt: unixMs(TIME * 1000 + 123),
	...change,
});

export const pull = (n: number, change: Partial<Pull> = {}): Pull => ({
	id: `P${String(n).padStart(6, "0")}`,
	source: "csv",
	name: "考核结果.csv",
	contentHash: "ab".repeat(32),
	at: unixMs(TIME * 1000 + n),
	rows: 40,
	accepted: 38,
	quarantined: [
		{ row: 7, reason: "score-out-of-range", driver: "D7" },
		{ row: 9, reason: "certificate-missing", driver: null },
	],
	status: "applied",
	added: 1,
	changed: 2,
	removed: 3,
	lowered: 4,
	heldFor: [],
	...change,
});

export const starChange = (n: number, change: Partial<StarChange> = {}): StarChange => ({
	n,
	before: null,
	trace: bytes(8, n),
	light: lightId(n),
	vehicle: `V${n}`,
	driver: `D${n}`,
	stars: 4,
	reason: "rated",
	asOf: unixSeconds(TIME - 86_400),
	pull: "P000001",
	duty: `U${n}`,
	policy: bytes(8, 1),
	openedAt: unixMs(TIME * 1000),
	end: null,
	...change,
});

export const activePolicy = (change: Partial<ActivePolicy> = {}): ActivePolicy => ({
	policy: {
		name: "stricter",
		version: 2,
		by: "score",
		scoreBands: [
			{ from: 25, stars: 5 },
			{ from: 0, stars: 1 },
		],
		gradeStars: { AAA: 5, AA: 4, A: 3, B: 1, unrated: 0 },
		gradeBands: { AAA: 20, AA: 11, A: 4, B: 0 },
		scoreRange: [0, 30],
		maxAgeDays: 400,
		hash: bytes(32, 9),
	},
	activatedAt: unixMs(TIME * 1000),
	...change,
});

export const driverChange = (n: number): Change => ({
	type: "driver",
	driver: { key: `D${n}`, certificate: `4104${String(n).padStart(15, "0")}` },
});

export const ratingChange = (n: number, change: Partial<Rating> = {}): Change => ({
	type: "rating",
	driver: `D${n}`,
	rating: rating(change),
});
