import { connect, createServer } from "node:net";
import { type Check, type Finding, fine, found } from "./finding.ts";

const ANSWER_MS = 3000;
/** MQTT 3.1.1 CONNECT, clean session, keep-alive 10 s, client id `doctor`: no registered light, so a live broker refuses it. */
const CONNECT = Uint8Array.from([
	...[0x10, 18, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 10],
	...[0, 6, 0x64, 0x6f, 0x63, 0x74, 0x6f, 0x72],
]);
const CONNACK = 0x20;
/** Where an address names no port. */
const MQTT_PORT = 1883;

/** Whether an MQTT broker answers there: any CONNACK will do, a refusal too. */
export function brokerAnswers(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port }, () => socket.write(CONNECT));
		const done = (answers: boolean) => {
			socket.destroy();
			resolve(answers);
		};
		socket.setTimeout(ANSWER_MS, () => done(false));
		socket.on("data", (bytes) => done(bytes[0] === CONNACK));
		socket.on("error", () => done(false));
		socket.on("close", () => done(false));
	});
}

/** `null` = it can be opened; otherwise the system's code. */
export function tryPort(host: string, port: number): Promise<string | null> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", (e: NodeJS.ErrnoException) => resolve(e.code ?? "unknown"));
		server.listen({ host, port }, () => server.close(() => resolve(null)));
	});
}

/** Ports of a gateway that does not run: are they free for it? */
export async function checkPorts(
	ports: readonly { readonly key: string; readonly host: string; readonly port: number }[],
): Promise<Finding> {
	for (const { key, host, port } of ports) {
		const code = port === 0 ? null : await tryPort(host, port);
		if (code !== null)
			return found(
				"ports",
				{
					zh:
						code === "EADDRINUSE" ? `端口 ${port}（${key}）被其他程序占用` : `端口 ${port}（${key}）打不开（${code}）`,
					en:
						code === "EADDRINUSE"
							? `port ${port} (${key}) is taken by another program`
							: `port ${port} (${key}) cannot be opened (${code})`,
				},
				{
					zh: `停掉那个程序，或把 ${key} 设为别的端口（0 为任意空闲端口）。`,
					en: `Stop that program, or set ${key} to another port (0 takes a free one).`,
				},
			);
	}
	const list = ports.map(({ port }) => port).join(", ");
	return fine("ports", `空闲：${list}`, `free: ${list}`);
}

/** Ports of the running gateway: ours by its instance, and a broker that answers. */
export async function checkBroker(mqtt: string): Promise<Finding> {
	const { hostname, port } = new URL(mqtt);
	const check: Check = "broker";
	if (await brokerAnswers(hostname, Number(port) || MQTT_PORT)) return fine(check, `${mqtt} 有应答`, `${mqtt} answers`);
	return found(
		check,
		{ zh: `${mqtt} 没有应答，顶灯连不上`, en: `${mqtt} does not answer: no light can connect` },
		{
			zh: "查看该消息代理（或网关）的日志，然后重启它。",
			en: "See the log of that broker (or of the gateway), then start it again.",
		},
	);
}
