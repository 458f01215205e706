/** Messages to a Firmata firmware, written out from its protocol: a second opinion beside the library that a host uses. */
const low = (value: number): number => value & 0x7f;
const high = (value: number, by = 7): number => (value >> by) & 0x7f;

export const PIN_MODE = { input: 0, output: 1, analog: 2, pwm: 3, servo: 4 } as const;

export const pinMode = (pin: number, mode: keyof typeof PIN_MODE): number[] => [0xf4, pin, PIN_MODE[mode]];
export const digitalWrite = (pin: number, level: boolean): number[] => [0xf5, pin, level ? 1 : 0];
/** Pins up to 15. */
export const pwmWrite = (pin: number, value: number): number[] => [0xe0 | pin, low(value), high(value)];
export const reportAnalog = (channel: number): number[] => [0xc0 | channel, 1];
export const reportDigital = (port: number): number[] => [0xd0 | port, 1];
export const samplingInterval = (ms: number): number[] => [0xf0, 0x7a, low(ms), high(ms), 0xf7];

const PIXELS = 0x51;
/** One strip of WS2812 with green first, as they are sold. */
export const pixelConfig = (pin: number, length: number): number[] => [
	0xf0,
	PIXELS,
	1,
	pin,
	low(length),
	high(length),
	0xf7,
];
export const pixelShow = (): number[] => [0xf0, PIXELS, 2, 0xf7];
/** `rgb` as 0xRRGGBB. */
export const pixelColour = (index: number, rgb: number): number[] => [
	...[0xf0, PIXELS, 3, low(index), high(index)],
	...[low(rgb), high(rgb), high(rgb, 14), high(rgb, 21)],
	0xf7,
];
