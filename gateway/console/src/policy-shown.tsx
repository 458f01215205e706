import { dayAndTime } from "./clock-time.ts";
import { useFetched } from "./fetched.ts";
import { OwedStars } from "./lamp.tsx";
import { type Activations, bandsOf, type Policies, type PolicyView, shortHash } from "./policy-types.ts";
import { CutOff, Unanswered } from "./shown.tsx";
import { policyWords } from "./words-policy.ts";

/** Which score or grade earns which stars. */
export function Bands({ policy }: { readonly policy: PolicyView }) {
	const w = policyWords();
	const lines = [
		...bandsOf(policy).map(({ from, stars }) => ({
			label: typeof from === "number" ? w.band(from) : w.grade(from),
			stars,
		})),
		{ label: w.unrated, stars: 0 },
	];
	return (
		<table class="bands" aria-label={w.bands}>
			<tbody>
				{lines.map(({ label, stars }) => (
					<tr key={label} data-stars={stars}>
						<th scope="row">{label}</th>
						<td>
							<OwedStars stars={stars} label={w.starsOf(stars)} />
						</td>
						<td>
							<b>{w.starsOf(stars)}</b>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

/** The policy that is active: what it says, since when and by what. */
export function ActivePolicy({ of }: { readonly of: Policies }) {
	const w = policyWords();
	const { active, activatedAt, settings } = of;
	return (
		<section class="sec activepolicy">
			<h2>{w.active}</h2>
			<p class="verdict">
				<span class="mono" data-active={active.name}>
					{active.name}
				</span>{" "}
				<small>{w.version(active.version)}</small>
			</p>
			<dl class="facts2">
				<dt>{w.since}</dt>
				<dd>{activatedAt === null ? w.sinceSettings(settings) : w.sincePerson(dayAndTime(activatedAt))}</dd>
				<dt>{w.by}</dt>
				<dd>{active.by === "score" ? w.byScore : w.byGrade}</dd>
				<dt>{w.age}</dt>
				<dd>{w.days(active.maxAgeDays)}</dd>
				<dt>{w.hash}</dt>
				<dd>
					<span class="mono" title={active.hash}>
						{shortHash(active.hash)}
					</span>{" "}
					<span class="q3">{w.hashNote}</span>
				</dd>
			</dl>
			<Bands policy={active} />
			<p class="q3">{w.bandsNote}</p>
		</section>
	);
}

/** Policies that persons activated, newest first. */
export function History({ version }: { readonly version: string }) {
	const w = policyWords();
	const asked = useFetched<Activations>({ method: "GET", path: "/api/v1/policy/history" }, version);
	return (
		<section class="sec">
			<h2>{w.history}</h2>
			<Unanswered of={asked} label={w.loading} />
			{asked.state === "data" && asked.data.activated.length === 0 && <p class="q">{w.historyNone}</p>}
			{asked.state === "data" && asked.data.activated.length > 0 && (
				<>
					<p class="q3">{w.historyNote}</p>
					<table class="ledger history" aria-label={w.history}>
						<thead>
							<tr>
								<th scope="col">{w.at}</th>
								<th scope="col">{w.name}</th>
								<th scope="col">{w.hash}</th>
								<th scope="col">
									<span class="sr">{w.nowInForce}</span>
								</th>
							</tr>
						</thead>
						<tbody>
							{asked.data.activated.map(({ policy, activatedAt }, n) => (
								<tr key={activatedAt} data-policy={policy.name}>
									<td>{dayAndTime(activatedAt)}</td>
									<td>
										<span class="mono">{policy.name}</span> <span class="q3">{w.version(policy.version)}</span>
									</td>
									<td class="mono q3">{shortHash(policy.hash)}</td>
									<td>{n === 0 && <b>{w.nowInForce}</b>}</td>
								</tr>
							))}
						</tbody>
					</table>
					{asked.data.more && <CutOff listed={asked.data.activated.length} total={null} />}
				</>
			)}
		</section>
	);
}
