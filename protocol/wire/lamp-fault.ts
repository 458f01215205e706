/** What a lamp may say that is a fault; `ok` and `unknown` are none. */
export const LAMP_FAULTS = ["open", "short", "stuck-on", "stuck-off"] as const;
export type LampFault = (typeof LAMP_FAULTS)[number];

export const isLampFault = (lamp: string): lamp is LampFault => (LAMP_FAULTS as readonly string[]).includes(lamp);
