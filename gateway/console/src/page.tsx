import { useEffect, useRef } from "preact/hooks";
import type { LightStatus, LightView } from "../../core/types.ts";
import { Cards } from "./cards.tsx";
import { Dots } from "./dots.tsx";
import { dotName, Sprite, starPath } from "./lamp.tsx";
import { STATUSES } from "./row.ts";
import {
	counts,
	type Density,
	density,
	depot,
	heardAt,
	language,
	link,
	loaded,
	now,
	rows,
	status,
	text,
	theme,
	wall,
	words,
} from "./state.ts";
import { Status } from "./status.tsx";
import { Table } from "./table.tsx";

const Mark = () => (
	<svg width="30" height="20" viewBox="0 0 30 20" aria-hidden="true">
		<path class="mark0" d="M2 16 4.2 4.6Q4.7 2 7.4 2H22.6Q25.3 2 25.8 4.6L28 16Z" />
		<path class="mark1" d={starPath(15, 9.6, 5.6)} />
		<path class="mark2" d="M7 17.500h16v2H7z" />
	</svg>
);

/** `实时 0.3 秒前`, or an inverted box when the stream stopped. */
function Live() {
	const w = words.value;
	const age = Math.max(0, now.value - heardAt.value);
	if (link.value === "connecting") return <span class="live">{w.connecting}</span>;
	if (link.value !== "live")
		return (
			<span class="live cut" role="status">
				{w.cut} {loaded.value && <span>{w.ago((age / 1000).toFixed(0))}</span>}
			</span>
		);
	return (
		<span class="live">
			<i />
			<span>{w.live}</span>
			<span class="w1 q3">{w.ago((age / 1000).toFixed(1))}</span>
		</span>
	);
}

function NamePlate() {
	const w = words.value;
	const clock = new Date(now.value);
	const hms = clock.toLocaleTimeString("en-GB", { hour12: false });
	return (
		<header class="bar">
			<a class="mark" href="/">
				<Mark />
				<b lang="zh-CN">{w.product}</b>
				<i>Liangxing</i>
			</a>
			<span class="where">
				{w.simulated}
				{depot.value === null ? "" : ` · ${depot.value.fleet}`}
			</span>
			<span class="sp" />
			<Live />
			<time class="clock" dateTime={clock.toISOString()}>
				{hms}
			</time>
			<span class="tog">
				<button
					type="button"
					id="language"
					aria-label={w.otherLabel}
					onClick={() => {
						language.value = language.value === "zh" ? "en" : "zh";
					}}
				>
					{w.other}
				</button>
				<button
					type="button"
					id="theme"
					aria-label={w.themeLabel}
					onClick={() => {
						theme.value = theme.value === "dark" ? "light" : "dark";
					}}
				>
					{theme.value === "dark" ? w.day : w.night}
				</button>
			</span>
		</header>
	);
}

/** A small dot drawing of each state beside its count. */
const sample = (s: LightStatus): string =>
	dotName({ status: s, observed: s === "differs" ? 2 : s === "moving" ? 3 : 4 } as LightView);

function Tally() {
	const w = words.value;
	const of = counts.value;
	return (
		<fieldset class="tally">
			<legend class="sr">{w.judged}</legend>
			{STATUSES.filter((s) => s !== "acked" || of.acked > 0).map((s) => (
				<button
					type="button"
					key={s}
					data-s={s}
					aria-pressed={status.value === s}
					onClick={() => {
						status.value = status.value === s ? null : s;
					}}
				>
					<span class="num">
						{of[s].toLocaleString("en")}
						<svg class="mini" width="42" height="23" viewBox="0 0 22 12" aria-hidden="true">
							<use href={`#${sample(s)}`} width="22" height="12" />
						</svg>
					</span>
					<Status status={s} words={w} />
					<span class="def">{w.meaning[s]}</span>
				</button>
			))}
		</fieldset>
	);
}

function Find() {
	const w = words.value;
	const input = useRef<HTMLInputElement>(null);
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const typing = event.target instanceof HTMLInputElement;
			if (event.key === "/" && !typing) {
				event.preventDefault();
				input.current?.focus();
			}
			if (event.key === "Escape" && typing) input.current?.blur();
		};
		addEventListener("keydown", onKey);
		return () => removeEventListener("keydown", onKey);
	}, []);
	return (
		<label class="find">
			<kbd>/</kbd>
			<span class="sr">{w.find}</span>
			<input
				ref={input}
				type="search"
				value={text.value}
				placeholder={w.findHint}
				autoComplete="off"
				spellcheck={false}
				maxLength={24}
				onInput={(event) => {
					text.value = event.currentTarget.value;
				}}
			/>
		</label>
	);
}

function Densities() {
	const w = words.value;
	const choices: readonly (readonly [Density, string])[] = [
		["card", w.card],
		["row", w.row],
		["dot", w.dot],
	];
	return (
		<fieldset class="seg">
			<legend class="sr">{w.density}</legend>
			{choices.map(([value, label]) => (
				<button
					type="button"
					key={value}
					data-d={value}
					aria-pressed={density.value === value}
					onClick={() => {
						density.value = value;
					}}
				>
					{label}
				</button>
			))}
		</fieldset>
	);
}

/** What stands in place of the wall when there is nothing to draw, or no one to ask. */
function Instead({ title, note, clear }: { readonly title: string; readonly note: string; readonly clear?: boolean }) {
	return (
		<div class="sec" role="status">
			<h2>{title}</h2>
			<p class="q">{note}</p>
			{clear === true && (
				<p>
					<button
						type="button"
						class="btn"
						onClick={() => {
							text.value = "";
							status.value = null;
						}}
					>
						{words.value.clear}
					</button>
				</p>
			)}
		</div>
	);
}

function Body() {
	const w = words.value;
	if (!loaded.value) {
		if (link.value === "failed") return <Instead title={w.failed} note={w.failedText} />;
		return <Loading label={w.loading} />;
	}
	if (rows.value.size === 0) return <Instead title={w.noLights} note={w.noLightsText} />;
	const { hands, silent, companies } = wall.value;
	if (hands.length + silent.length + companies.length === 0)
		return <Instead title={w.emptyTitle} note={w.emptyText} clear />;
	return density.value === "row" ? <Table /> : density.value === "dot" ? <Dots /> : <Cards />;
}

const Loading = ({ label }: { readonly label: string }) => (
	<div class="loading" role="status" aria-label={label}>
		<span class="sr">{label}</span>
		{[0, 1, 2].map((n) => (
			<i key={n} />
		))}
	</div>
);

/** What the depot itself has to say: a doubted clock, pulls that wait for a person, a stream that is cut. */
function Notices() {
	const w = words.value;
	const age = Math.max(0, now.value - heardAt.value);
	return (
		<>
			{link.value === "cut" && (
				<p class="notice" role="alert">
					{w.cutSince((age / 1000).toFixed(0))}
				</p>
			)}
			{depot.value?.clock != null && (
				<p class="notice" role="alert">
					{w.clockDoubt}
				</p>
			)}
			{(depot.value?.held ?? 0) > 0 && <p class="notice">{w.held(depot.value?.held ?? 0)}</p>}
		</>
	);
}

export function Page() {
	const w = words.value;
	return (
		<>
			<a class="skip" href="#main">
				{w.skip}
			</a>
			<Sprite />
			<NamePlate />
			<main id="main">
				<div class="head">
					<h1>{w.title}</h1>
					<p class="q">{w.count(rows.value.size.toLocaleString("en"))}</p>
					<span class="sp" />
					<Find />
					<Densities />
				</div>
				<Notices />
				<Tally />
				<Body />
			</main>
		</>
	);
}
