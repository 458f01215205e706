import { Notices } from "./notices.tsx";
import { words } from "./state.ts";

export function HeldPage() {
	return (
		<>
			<div class="head">
				<h1>{words.value.pages.held}</h1>
			</div>
			<Notices />
		</>
	);
}
