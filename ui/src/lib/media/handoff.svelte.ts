// Media on their way from one screen to a new post: the library puts them here and goes to `/composer/new`; the composer takes
// them when it begins that post. Taking empties it, so that the next new post starts without them.
import type { Asset } from "../../contract/Asset";
import type { Attachment } from "../../contract/Attachment";

let waiting: Attachment[] = [];

/** Puts media down for the next new post; their alt texts come along. */
export function handOff(assets: readonly Asset[]): void {
  waiting = assets.map((asset) => ({ asset: asset.id, alt: asset.alt }));
}

/** What was put down, once. For the composer: `content.media = takeHandoff()` in a new post. */
export function takeHandoff(): Attachment[] {
  const taken = waiting;
  waiting = [];
  return taken;
}
