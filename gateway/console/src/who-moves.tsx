import { goBy, hrefOf } from "./address.ts";
import { LampRow, OwedStars } from "./lamp.tsx";
import { plateParts } from "./row.ts";
import { CutOff } from "./shown.tsx";
import { gridOf, type LightMove, STARS, type WhoMoves, wayOf } from "./stars-diff.ts";
import { lights, narrow, words } from "./state.ts";
import { type OfficerWords, officerWords } from "./words-officer.ts";

/** What would happen, in one sentence: lights on duty first. */
export function sentence({ lights: l }: Pick<WhoMoves, "lights">, w: OfficerWords): string {
	return `${w.lightsNow(l.up, l.down, l.dark, l.same)}${w.stop}`;
}

/** The rest of it: drivers, and lights that wait for a sign-in. */
export function more({ lights: l, drivers }: Pick<WhoMoves, "lights" | "drivers">, w: OfficerWords): string {
	const parts = [w.driversNow(drivers.moved, drivers.rated), ...(l.resting > 0 ? [w.restingNow(l.resting)] : [])];
	return `${parts.join(w.and)}${w.stop}`;
}

const number = (n: number): string => n.toLocaleString("en");

/** From so many stars to so many: lights large, drivers small. What stays is quiet. */
export function StarsGrid({ counts }: Pick<WhoMoves, "counts">) {
	const w = officerWords();
	return (
		<section class="sec gridsec">
			<h2 id="grid-title">{w.gridTitle}</h2>
			<p class="q3">{w.gridNote}</p>
			<table class="stargrid" aria-labelledby="grid-title">
				<thead>
					<tr>
						<th scope="col">
							<span class="corner0">
								{w.from} → {w.to}
							</span>
						</th>
						{STARS.map((to) => (
							<th scope="col" key={to}>
								{w.starsOf(to)}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{gridOf(counts).map((line) => (
						<tr key={line.from}>
							<th scope="row">{w.starsOf(line.from)}</th>
							{line.cells.map(({ from, to, way, lights: l, drivers }) => {
								const none = l + drivers === 0;
								return (
									<td key={to} data-way={none ? "none" : way} title={none ? undefined : w.cell(from, to, l, drivers)}>
										{none ? (
											<span class="q3" aria-hidden="true">
												·
											</span>
										) : (
											<>
												<b data-none={l === 0 ? "" : undefined}>
													{way === "up" ? "↑" : way === "same" ? "" : "↓"}
													{number(l)}
												</b>
												<small>{w.drivers(drivers)}</small>
											</>
										)}
									</td>
								);
							})}
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

function Plate({ move }: { readonly move: LightMove }) {
	const [head, tail] = plateParts(move.plate);
	return (
		<a class="plate" href={hrefOf("story", move.light)} onClick={goBy("story", move.light)}>
			{head}
			<i>·</i>
			{tail}
		</a>
	);
}

/** One light: its glass as it is seen now, what it owes, what it would owe. */
function MoveRow({ move, w }: { readonly move: LightMove; readonly w: OfficerWords }) {
	const row = lights.value.byId.get(move.light);
	const way = wayOf(move.from, move.to);
	return (
		<tr data-way={way} data-light={move.light} data-from={move.from} data-to={move.to}>
			<td class="p">
				<Plate move={move} />
			</td>
			{!narrow.value && (
				<td class="g">
					{row === undefined ? <span class="q3">—</span> : <LampRow view={row.view} words={words.value} />}
				</td>
			)}
			<td class="n">
				{w.starsOf(move.from)}
				<span class="arrow" aria-hidden="true">
					→
				</span>
				<b>{w.starsOf(move.to)}</b>
			</td>
			<td class="g">
				<OwedStars stars={move.to} label={w.starsOf(move.to)} />
			</td>
			<td class="w">
				<span class="way" data-way={way}>
					{way === "up" ? "↑" : "↓"} {w.way[way]}
				</span>
			</td>
			<td class="mono q3 d">{move.driver}</td>
		</tr>
	);
}

function MoveTable({ moves, label }: { readonly moves: readonly LightMove[]; readonly label: string }) {
	const w = officerWords();
	return (
		<table class="moves" aria-label={label}>
			<thead>
				<tr>
					<th scope="col">{w.plate}</th>
					{!narrow.value && <th scope="col">{w.nowGlass}</th>}
					<th scope="col">
						{w.owedNow} → {w.owedThen}
					</th>
					<th scope="col" class="g">
						{w.to}
					</th>
					<th scope="col" class="w">
						{w.way.down}
						{" / "}
						{w.way.up}
					</th>
					<th scope="col" class="d">
						{w.driver}
					</th>
				</tr>
			</thead>
			<tbody>
				{moves.map((move) => (
					<MoveRow key={`${move.light} ${move.driver}`} move={move} w={w} />
				))}
			</tbody>
		</table>
	);
}

interface MovesProps {
	readonly of: WhoMoves;
	readonly listMore: () => void;
}

/** The lights that would change, and apart from them those without a driver on duty. */
export function Moves({ of, listMore }: MovesProps) {
	const w = officerWords();
	const onDuty = of.moves.filter((move) => move.onDuty);
	const resting = of.moves.filter((move) => !move.onDuty);
	return (
		<>
			<section class="sec">
				<h2>{w.movesTitle}</h2>
				{onDuty.length === 0 ? <p class="q">{w.noMoves}</p> : <MoveTable moves={onDuty} label={w.movesTitle} />}
				{of.more && resting.length === 0 && (
					<CutOff listed={onDuty.length} total={of.lights.up + of.lights.down} more={listMore} />
				)}
			</section>
			{resting.length > 0 && (
				<section class="sec">
					<h2>{w.restingTitle}</h2>
					<p class="q">{w.restingNote}</p>
					<MoveTable moves={resting} label={w.restingTitle} />
					{of.more && <CutOff listed={of.moves.length} total={null} more={listMore} />}
				</section>
			)}
		</>
	);
}
