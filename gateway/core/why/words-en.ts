/** What a link says, and the next step where no star passes it. `{name}` is filled from the link's facts. */
export interface Words {
	readonly detail: string;
	readonly next: string;
}

const ok = (detail: string): Words => ({ detail, next: "" });

export const EN = {
	"rating-nobody": ok("Nobody is signed in, so nobody's rating is looked up."),
	"rating-known": ok("Driver {driver} is rated {grade} with {score} points for {period}."),
	"rating-unrated": ok("The source lists driver {driver} as not rated for {period}; no star is owed."),
	"rating-held": {
		detail: "The rating of driver {driver} waits in pull {pull}, which is held for a person.",
		next: "Look at it and decide: liangxing ratings held; liangxing ratings held accept {pull}",
	},
	"rating-quarantined": {
		detail: "Row {row} of pull {pull}, of driver {driver}, was not taken: {reason}.",
		next: "Have the row mended at the source, then import or pull again.",
	},
	"rating-no-pull": {
		detail: "No ratings were taken yet, so driver {driver} has none.",
		next: "Import them: liangxing ratings import FILE",
	},
	"rating-none": {
		detail: "The newest ratings (pull {pull}) hold nothing for driver {driver}.",
		next: "Check at the source whether this driver is missing there, then import or pull again.",
	},
	"policy-waits": ok("Policy {policy} has no rating to work on."),
	"policy-applied": ok("Policy {policy} gives {stars} stars for this rating."),
	"rating-too-old": {
		detail: "The rating is {ageDays} days old; policy {policy} takes at most {maxAgeDays}.",
		next: "Import a newer rating; one past its limit counts as not rated.",
	},
	"on-duty": ok("Driver {driver} is signed in on vehicle {vehicle}."),
	"driver-off-duty": {
		detail: "Driver {driver} is signed in on no vehicle.",
		next: "Sign the driver in at the start of the shift.",
	},
	"never-on-duty": { detail: "Nobody was ever signed in on this vehicle.", next: "Sign a driver in." },
	"no-duty": { detail: "Nobody is signed in on this vehicle.", next: "Sign a driver in; dark is right until then." },
	"light-unbound": {
		detail: "The light is on no vehicle.",
		next: "Bind it: liangxing lights bind LIGHT PLATE",
	},
	"vehicle-left-fleet": {
		detail: "The light's vehicle is in the fleet no more.",
		next: "Import the fleet file that has it, or bind the light to another vehicle.",
	},
	"no-light": {
		detail: "No light is bound to this vehicle.",
		next: "Bind one: liangxing lights bind LIGHT PLATE",
	},
	"clock-behind": {
		detail: "Nothing is signed: the depot's clock is behind the newest time stored.",
		next: "Put the clock right; if it is right already: liangxing clock accept",
	},
	"clock-ahead": {
		detail: "Nothing is signed: the depot's clock is more than a day ahead of the newest time stored.",
		next: "Put the clock right; if it is right already: liangxing clock accept",
	},
	"store-failed": {
		detail: "Nothing is signed: the depot's store could not take the newest write.",
		next: "Free disk space and see the gateway's log; it goes on by itself.",
	},
	"no-gateway": {
		detail: "No gateway runs on this depot: nothing is signed, renewed or heard since then.",
		next: "Start it: liangxing gateway --data DIR",
	},
	blanking: { detail: "The whole fleet is being blanked; grants follow.", next: "Wait a few seconds and look again." },
	"grant-not-due": ok("No grant is due to a driver who is signed in nowhere."),
	"no-glass": ok("There is no glass to look at."),
	"grant-waits-for-light": ok("A grant of {stars} stars is signed as soon as the light reports."),
	"grant-under-way": ok("A grant of {stars} stars is being stored and signed."),
	"grant-stuck": {
		detail: "A grant of {stars} stars is owed and was not signed.",
		next: "See whether a gateway runs, then its log: liangxing doctor",
	},
	"grant-lapsed": {
		detail: "The lease of grant {epoch}/{seq} is over and it was not renewed.",
		next: "See whether a gateway runs, then its log: liangxing doctor",
	},
	"grant-signed": ok("Grant {epoch}/{seq} of {stars} stars is signed."),
	"never-heard": {
		detail: "The light was never heard.",
		next: "See whether it has power and a connection, and was provisioned by this depot.",
	},
	"not-heard": {
		detail: "The light has been silent for longer than its report period allows.",
		next: "See whether it has power and a connection.",
	},
	overdue: {
		detail: "The light's report is overdue, and its next grant waits for it.",
		next: "See whether it has power and a connection.",
	},
	offline: { detail: "The light's connection is down.", next: "See whether it has power and a connection." },
	refused: {
		detail: "The light refused the grant: {code}.",
		next: "Look the code up in docs/errors.md; the light's log names the grant.",
	},
	"no-answer": {
		detail: "The grant was sent and the light has not answered.",
		next: "Wait for its next report; if none comes, see whether it has power and a connection.",
	},
	"not-taken": {
		detail: "The light reports, but not that it took this grant.",
		next: "Wait for its next report; if it stays, see the light's log.",
	},
	"fault-first": ok("The light reports a fault; until that is mended it takes no grant."),
	overtaken: ok("The light had drawn a new number before its grant came; it gets another."),
	taken: ok("The light took it."),
	"dark-anyway": ok("The light is dark, as it owes."),
	"on-its-way": ok("The grant is on its way."),
	"waits-for-grant": ok("Nothing is to be sent yet."),
	"glass-unknown": {
		detail: "Nothing is known of the glass.",
		next: "See whether the light has power and a connection.",
	},
	"lamp-open": {
		detail: "Lamp {lamp} does not burn (open); the light shows no star.",
		next: "Have the lamp replaced.",
	},
	"lamp-short": { detail: "Lamp {lamp} has a short; the light shows no star.", next: "Have the lamp replaced." },
	"lamp-stuck-on": { detail: "Lamp {lamp} cannot be put out.", next: "Have the light repaired." },
	"lamp-stuck-off": { detail: "Lamp {lamp} cannot be lit; the light shows no star.", next: "Have the light repaired." },
	"lamp-count": {
		detail: "The light senses {lamps} lamps; a star light has {wanted}.",
		next: "Have its wiring and settings checked.",
	},
	"went-dark": {
		detail:
			"The grant of {desired} stars reached the light, and it was put out on its side: by a 0-star command, or by itself.",
		next: "See the light's log, and what else commands it: a meter or a terminal on its line.",
	},
	"fault-pattern": { detail: "The light reports a fault and shows no star.", next: "Have the light looked at." },
	"glass-flashes": ok("The lamps flash for the installer; the star comes back by itself."),
	"lease-over": {
		detail: "The lease of the {shown} stars last reported is over, so the light is dark by now.",
		next: "See whether a gateway runs and the light has a connection.",
	},
	"glass-then": {
		detail: "Its last signed report said {shown} stars; what it shows now is not known.",
		next: "See that the light is heard again.",
	},
	right: ok("The light's signed report says that {shown} stars are shown, as owed."),
	moving: ok("The light shows {shown} stars; the change to {desired} is on its way."),
	differs: {
		detail: "The light shows {shown} stars, {desired} are owed.",
		next: "If it stays, see the links above and the light's log.",
	},
} as const satisfies Readonly<Record<string, Words>>;

export type WhyCode = keyof typeof EN;
