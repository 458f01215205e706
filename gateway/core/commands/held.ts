import type { Pull } from "../model.ts";
import type { Picture } from "../records.ts";
import { applyRatings } from "./apply-ratings.ts";
import { type CommandView, done, metaChange, type Outcome, refused } from "./outcome.ts";

const findHeld = (picture: Picture, id: string): Pull | null =>
	picture.pulls.find((pull) => pull.id === id && pull.status === "held") ?? null;

const notHeld = (id: string): Outcome =>
	refused("pull-not-held", `No pull ${id} is held.`, "See which are: liangxing ratings held list.");

/** A person takes a held pull: its changes hold from now on. */
export function heldAccept({ picture }: CommandView, command: { readonly pull: string }): Outcome {
	const pull = findHeld(picture, command.pull);
	if (pull === null) return notHeld(command.pull);
	const { rows, meta } = applyRatings(picture, picture.heldChanges.get(pull.id) ?? [], picture.meta);
	const accepted: Pull = { ...pull, status: "accepted" };
	return done(
		{ pull: pull.id, status: accepted.status, added: pull.added, changed: pull.changed, removed: pull.removed },
		[...rows, { type: "pull", pull: accepted, changes: null }, metaChange(meta, {})],
	);
}

/** A person drops a held pull: the former ratings stand. */
export function heldReject({ picture }: CommandView, command: { readonly pull: string }): Outcome {
	const pull = findHeld(picture, command.pull);
	if (pull === null) return notHeld(command.pull);
	const rejected: Pull = { ...pull, status: "rejected" };
	return done({ pull: pull.id, status: rejected.status }, [{ type: "pull", pull: rejected, changes: null }]);
}
