import { goBy, hrefOf } from "./address.ts";
import { depot, link, words } from "./state.ts";

/** What the depot itself has to say on every page: a stream that is cut, a doubted clock, pulls that wait for a person (`waiting`). */
export function Notices({ waiting = true }: { readonly waiting?: boolean }) {
	const w = words.value;
	const held = depot.value?.held ?? 0;
	const doubt = depot.value?.clock ?? null;
	return (
		<>
			{link.value === "cut" && (
				<p class="notice" role="alert">
					{w.cutNote}
				</p>
			)}
			{doubt !== null && (
				<p class="notice" role="alert">
					<b class="mono">{doubt.code}</b> {w.clockDoubt}
				</p>
			)}
			{waiting && held > 0 && (
				<p class="notice">
					{w.held(held)}{" "}
					<a href={hrefOf("held")} onClick={goBy("held")}>
						{w.heldLook}
					</a>
				</p>
			)}
		</>
	);
}
