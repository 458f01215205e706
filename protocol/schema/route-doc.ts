import type { z } from "zod";

/** Groups of the API's page. */
export const TAGS = {
	lights: "Lights: what is owed, acknowledged and seen",
	duty: "Who is on duty",
	ratings: "Ratings and their pulls",
	fleet: "Vehicles and drivers",
	policy: "The star policy",
	depot: "The depot itself",
	pages: "Pages for people",
} as const;
export type Tag = keyof typeof TAGS;

/** What a route answers when all is well. */
export interface AnswerDoc {
	/** 200 where it is left out. */
	readonly status?: number;
	readonly about: string;
	/** Left out for what is no JSON. */
	readonly schema?: z.ZodType;
	/** `application/json` where it is left out. */
	readonly type?: string;
}

/** A body that is a file's bytes as they are. */
export interface FileDoc {
	readonly about: string;
	readonly mostBytes: number;
}

/**
 * One route as the document tells it and as its request is checked. Each route brings its own; `GET /api/v1/openapi.json` is made of
 * those of all routes that are registered.
 */
export interface RouteDoc<Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType> {
	readonly method: "GET" | "POST";
	/** With `:name` for a part that varies. */
	readonly path: string;
	readonly tag: Tag;
	readonly summary: string;
	readonly about?: string;
	/** Whether the bearer token is wanted. Left out: a POST wants it, a GET does not. */
	readonly token?: boolean;
	readonly params?: Readonly<Record<string, z.ZodType>>;
	readonly headers?: Readonly<Record<string, z.ZodType>>;
	readonly query?: Q;
	readonly body?: B;
	readonly file?: FileDoc;
	readonly answer: AnswerDoc;
	/** Codes of its refusals, beside those that every route may give. */
	readonly errors?: readonly string[];
}

/** Keeps the types of query and body. */
export const route = <Q extends z.ZodType, B extends z.ZodType>(doc: RouteDoc<Q, B>): RouteDoc<Q, B> => doc;

/** Whether a call of this route wants the token. */
export const wantsToken = (doc: Pick<RouteDoc, "method" | "token">): boolean => doc.token ?? doc.method !== "GET";
