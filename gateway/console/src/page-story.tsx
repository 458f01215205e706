import { Notices } from "./notices.tsx";
import { words } from "./state.ts";

export function StoryPage() {
	return (
		<>
			<div class="head">
				<h1>{words.value.pages.story}</h1>
			</div>
			<Notices />
		</>
	);
}
