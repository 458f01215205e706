import type { FastifyError, FastifyReply } from "fastify";
import { PROBLEM_TYPE, type Problem, problemPlace } from "../../protocol/schema/api-problem.ts";
import { CodedError, isCoded } from "../../protocol/wire/errors.ts";
import type { CommandAnswer } from "../core/types.ts";
import { statusOf } from "./error-codes.ts";

/** Body of a refused request; without a status, the one of its code. */
export function problem(code: string, message: string, next: string, status = statusOf(code)): Problem {
	const words = code.replaceAll("-", " ");
	const title = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
	const error = { code, message, next };
	return { type: `urn:liangxing:error:${code}`, title, status, detail: message, code, next, error };
}

export const refused = (code: string, message: string, next: string): CodedError =>
	new CodedError(code, message, { fault: "input", next });

/** Answers a command: its value, or its refusal with the fitting status. */
export function sendAnswer(reply: FastifyReply, answer: CommandAnswer, status = 200): FastifyReply {
	if (answer.ok) return reply.code(status).send(answer.value);
	return sendProblem(reply, problem(answer.code, answer.message, answer.next));
}

/** Sends a problem with its status and content type. */
export const sendProblem = (reply: FastifyReply, body: Problem): FastifyReply =>
	reply.code(body.status).type(`${PROBLEM_TYPE}; charset=utf-8`).send(JSON.stringify(body));

/** The framework's own refusals in our words. */
const FRAMEWORK: Readonly<Record<string, readonly [string, string, string]>> = {
	FST_ERR_CTP_BODY_TOO_LARGE: ["body-too-large", "The body is larger than this route takes.", "Send less at once."],
	FST_ERR_CTP_INVALID_MEDIA_TYPE: [
		"unsupported-media-type",
		"The body's content type is not taken here.",
		"Send JSON with content-type: application/json.",
	],
	FST_ERR_CTP_INVALID_JSON_BODY: ["body-not-json", "The body is not JSON.", "Send one JSON object."],
	FST_ERR_CTP_EMPTY_JSON_BODY: ["body-not-json", "The body is empty.", "Send one JSON object."],
	FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
		"body-not-json",
		"The body's length is not what its header says.",
		"Send the whole body.",
	],
};

/** Where in a text that was sent something is wrong, of a failure that knows it. */
function placeOf({ context }: CodedError): Pick<Problem, "place"> {
	const place = problemPlace.safeParse(context);
	return place.success ? { place: place.data } : {};
}

/** Any failure as status and body; what is not coded is ours and tells nothing of its inside. */
export function toProblem(e: unknown): { readonly body: Problem; readonly internal: boolean } {
	if (isCoded(e))
		return {
			body: { ...problem(e.code, e.message, e.next, statusOf(e.code, e.fault)), ...placeOf(e) },
			internal: e.fault === "internal",
		};
	const error = e as Partial<FastifyError>;
	const known = FRAMEWORK[error.code ?? ""];
	if (known !== undefined) return { body: problem(...known), internal: false };
	if (e instanceof SyntaxError || error.statusCode === 400)
		return {
			body: problem("body-not-json", "The request cannot be read.", "Send one JSON object."),
			internal: false,
		};
	return {
		body: problem(
			"internal-error",
			"The gateway failed to work on this.",
			"Repeat; if it stays, report the log's lines.",
		),
		internal: true,
	};
}
