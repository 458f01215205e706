/** The part of firmata-io that the tests use; the package has no types. */
declare module "firmata-io" {
	import type { EventEmitter } from "node:events";

	export class Firmata extends EventEmitter {
		constructor(
			transport: EventEmitter,
			options: { readonly reportVersionTimeout: number; readonly samplingInterval?: number },
		);
		readonly isReady: boolean;
		readonly pins: readonly unknown[];
		readonly firmware: { readonly name: string };
		pinMode(pin: number, mode: number): void;
		digitalWrite(pin: number, value: 0 | 1): void;
		analogRead(channel: number, heard: (value: number) => void): void;
	}
}
