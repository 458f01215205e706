import { Notices } from "./notices.tsx";
import { words } from "./state.ts";

export function OverviewPage() {
	return (
		<>
			<div class="head">
				<h1>{words.value.pages.overview}</h1>
			</div>
			<Notices />
		</>
	);
}
