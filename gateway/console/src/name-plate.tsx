import { goBy, hrefOf } from "./address.ts";
import { starPath } from "./lamp.tsx";
import { chooseLanguage } from "./language.ts";
import { chosenTheme, depot, heardAt, language, link, now, second, theme, words } from "./state.ts";

const Mark = () => (
	<svg width="30" height="20" viewBox="0 0 30 20" aria-hidden="true">
		<path class="mark0" d="M2 16 4.2 4.6Q4.7 2 7.4 2H22.6Q25.3 2 25.8 4.6L28 16Z" />
		<path class="mark1" d={starPath(15, 9.6, 5.6)} />
		<path class="mark2" d="M7 17.5h16v2H7z" />
	</svg>
);

/** `实时 0.3 秒前`, or an inverted box when the stream stopped. What is read out is the change, not each tenth of a second. */
function Live() {
	const w = words.value;
	const age = Math.max(0, now.value - heardAt.value) / 1000;
	const state = link.value;
	if (state === "connecting") return <span class="live">{w.connecting}</span>;
	if (state !== "live")
		return (
			<span class="live cut">
				{w.cut}
				{state === "cut" && <span aria-hidden="true">{w.cutFor(age.toFixed(0))}</span>}
			</span>
		);
	return (
		<span class="live">
			<i aria-hidden="true" />
			<span>{w.live}</span>
			<span class="w1 q3" aria-hidden="true">
				{w.ago(age.toFixed(1))}
			</span>
		</span>
	);
}

function Said() {
	const w = words.value;
	const state = link.value;
	return (
		<span class="sr" role="status">
			{state === "connecting" ? w.connecting : state === "live" ? w.live : w.cut}
		</span>
	);
}

const two = (n: number): string => String(n).padStart(2, "0");

function Clock() {
	const w = words.value;
	const at = new Date(second.value);
	return (
		<>
			<span class="date">{w.date(at.getFullYear(), at.getMonth() + 1, at.getDate(), at.getDay())}</span>
			<time class="clock" dateTime={at.toISOString()}>
				{`${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`}
			</time>
		</>
	);
}

function Switches() {
	const w = words.value;
	return (
		<span class="tog">
			<button
				type="button"
				id="language"
				aria-label={w.otherLabel}
				onClick={() => {
					chooseLanguage(language.value === "zh" ? "en" : "zh");
				}}
			>
				{w.other}
			</button>
			<button
				type="button"
				id="theme"
				onClick={() => {
					chosenTheme.value = theme.value === "dark" ? "light" : "dark";
				}}
			>
				{theme.value === "dark" ? w.day : w.night}
			</button>
		</span>
	);
}

/** The line at the head of every page: who, where, how fresh, what time, which language, day or night. */
export function NamePlate() {
	const w = words.value;
	const fleet = depot.value?.fleet;
	return (
		<header class="bar">
			<a class="mark" href={hrefOf("wall")} onClick={goBy("wall")}>
				<Mark />
				<b lang="zh-CN">{w.product}</b>
				<i>Liangxing</i>
			</a>
			{fleet !== undefined && <span class="where">{w.where(fleet)}</span>}
			<span class="sp" />
			<Live />
			<Said />
			<Clock />
			<Switches />
		</header>
	);
}
