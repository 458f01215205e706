import { Notices } from "./notices.tsx";
import { words } from "./state.ts";

export function PolicyPage() {
	return (
		<>
			<div class="head">
				<h1>{words.value.pages.policy}</h1>
			</div>
			<Notices />
		</>
	);
}
