import { Notices } from "./notices.tsx";
import { words } from "./state.ts";

export function QuarantinePage() {
	return (
		<>
			<div class="head">
				<h1>{words.value.pages["bad-rows"]}</h1>
			</div>
			<Notices />
		</>
	);
}
