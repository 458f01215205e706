/** Whether a subscription covers a topic (MQTT 3.1.1, 4.7: `+` one level, `#` the rest). */
export function covers(filter: string, topic: string): boolean {
	if (filter === topic) return true;
	if (!filter.includes("+") && !filter.includes("#")) return false;
	const want = filter.split("/");
	const have = topic.split("/");
	for (let i = 0; i < want.length; i++) {
		if (want[i] === "#") return true;
		if (i >= have.length || (want[i] !== "+" && want[i] !== have[i])) return false;
	}
	return want.length === have.length;
}
