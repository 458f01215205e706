/** Where the two copies of a light's record live. */
export interface Memory {
	/** Both copies as found; null = missing or unreadable. */
	read(): Promise<readonly [Uint8Array | null, Uint8Array | null]>;
	/** Resolves once this copy is durable; the other copy is untouched whatever happens. */
	write(slot: 0 | 1, bytes: Uint8Array): Promise<void>;
	/** Lets go of the medium, so that another program may use it. */
	close?(): Promise<void>;
}
