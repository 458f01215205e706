/** Unpredictable bytes in a program, seeded ones in a simulation. */
export interface Random {
	bytes(length: number): Uint8Array;
}
