/**
 * What a program keeps. A commit is atomic and durable: after its promise resolves, the changes survive `kill -9` and loss of
 * power; if it rejects, or the power goes before, none of them is there. The simulated store and SQLite pass one suite.
 */
export interface Store<Snapshot, Change> {
	/** All that was committed, as one consistent picture. */
	load(): Promise<Snapshot>;
	/** All of `changes` or none, in order. Commits take effect in the order of their calls. */
	commit(changes: readonly Change[]): Promise<void>;
	close(): Promise<void>;
}
