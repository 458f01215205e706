declare const brand: unique symbol;
/** A number that knows its unit: a duration is refused where an instant is wanted, at compile time. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Duration, milliseconds. */
export type Millis = Branded<number, "Millis">;
/** Duration, whole seconds. */
export type Seconds = Branded<number, "Seconds">;
/** Instant on one machine's monotonic clock, milliseconds. */
export type MonoMs = Branded<number, "MonoMs">;
/** Instant, milliseconds since 1970-01-01T00:00Z. */
export type UnixMs = Branded<number, "UnixMs">;
/** Instant, whole seconds since 1970-01-01T00:00Z, uint32 on the wire. */
export type UnixSeconds = Branded<number, "UnixSeconds">;
/** Stars on a light, 0..5. */
export type Stars = 0 | 1 | 2 | 3 | 4 | 5;
/** 12 characters of Crockford base32 with a Luhn mod 32 check character; made only by `parseLightId`. */
export type LightId = Branded<string, "LightId">;

export const millis = (n: number): Millis => n as Millis;
export const seconds = (n: number): Seconds => n as Seconds;
export const monoMs = (n: number): MonoMs => n as MonoMs;
export const unixMs = (n: number): UnixMs => n as UnixMs;
export const unixSeconds = (n: number): UnixSeconds => n as UnixSeconds;
/** Whole seconds of a wall instant, rounded down. */
export const toUnixSeconds = (t: UnixMs): UnixSeconds => Math.floor(t / 1000) as UnixSeconds;
/** Type guard for a star count. */
export const isStars = (n: unknown): n is Stars => typeof n === "number" && Number.isInteger(n) && n >= 0 && n <= 5;
