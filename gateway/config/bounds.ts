/** The lease settings that decide how long a star may outlive its order. */
export interface LeaseSettings {
	readonly leaseS: number;
	readonly resumes: number;
	readonly resumeS: number;
}

/** The two figures of protocol section 1, "The bound". Seconds. */
export interface Bound {
	/** A star is dark this long after it was signed, by true time, while the power stays on. */
	readonly poweredS: number;
	/** After a cut a light may be lit for at most this long in all, on any later day. */
	readonly afterCutS: number;
}

export const boundOf = (lease: LeaseSettings): Bound => ({
	poweredS: lease.leaseS,
	afterCutS: lease.resumes * lease.resumeS,
});

/** Both figures in words, printed beside the lease settings. */
export function boundLines(lease: LeaseSettings): string[] {
	const bound = boundOf(lease);
	const cut =
		bound.afterCutS === 0
			? "after a power cut: 0 s; the star comes back with the next grant only"
			: `after a power cut: lit for at most ${lease.resumes} x ${lease.resumeS} = ${bound.afterCutS} s in all, on any later day`;
	return [`with power: dark at the latest ${bound.poweredS} s after the grant was signed`, cut];
}
