/** Seed of all property tests; fast-check prints it at a failure, LIANGXING_SEED=n runs another one. */
export const SEED = Number(process.env["LIANGXING_SEED"] ?? 20_240_601);
