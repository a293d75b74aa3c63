// What a person changed in a picture or film, as data: how a press alters it, and when nothing is left of it. Nothing here
// decides what a network takes.
import type { Crop } from "../../../contract/Crop";
import type { Edit } from "../../../contract/Edit";
import type { Framing } from "../../../contract/Framing";
import type { NetworkId } from "../../../contract/NetworkId";
import type { Overlay } from "../../../contract/Overlay";
import type { Place } from "../../../contract/Place";
import { WHOLE } from "./geometry";

/** The picture or film as it came in. */
export const UNCHANGED: Edit = {
  turn: 0,
  flip: false,
  straighten: 0,
  adjust: { brightness: 0, contrast: 0, saturation: 0, warmth: 0 },
  overlays: [],
  frames: {},
  trim: null,
  cover_ms: null,
  subtitles: null,
  mute: false,
  level: false,
  max_megabytes: null,
};

/** A network's own rule. */
export const UNFRAMED: Framing = { preset: null, fit: null, focus: null, crop: null };

/** The most that is laid on one picture. */
export const MOST_OVERLAYS = 8;
/** The longest text of one of them, in characters. */
export const LONGEST_OVERLAY = 500;
/** The furthest that a picture is straightened, in hundredths of a degree. */
export const MOST_STRAIGHTENED = 4500;

/** The nine places, row by row. */
export const PLACES: readonly Place[] = [
  "top-left", "top", "top-right", "left", "centre", "right", "bottom-left", "bottom", "bottom-right",
];

/** What is changed, complete: a core may leave away what it does not know of. */
export function complete(edit: Edit | undefined): Edit {
  return edit === undefined ? UNCHANGED : { ...UNCHANGED, ...edit };
}

/** The same without frames that say nothing; nothing at all when nothing is changed. */
export function tidy(edit: Edit): Edit | undefined {
  const frames = Object.fromEntries(Object.entries(edit.frames).filter(([, framing]) => !says(framing, UNFRAMED)));
  const tidied = { ...edit, frames };
  return says(tidied, UNCHANGED) ? undefined : tidied;
}

/** Whether two plain values are the same. */
function says(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, sorted(part)] as const).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Whether two changes are the same. */
export function sameEdit(one: Edit | undefined, other: Edit | undefined): boolean {
  return says(one, other);
}

/** What differs for a network. */
export function framingOf(edit: Edit, network: NetworkId): Framing {
  return { ...UNFRAMED, ...edit.frames[network] };
}

/** The change with another part of a network's frame. */
export function withFraming(edit: Edit, network: NetworkId, part: Partial<Framing>): Edit {
  return { ...edit, frames: { ...edit.frames, [network]: { ...framingOf(edit, network), ...part } } };
}

/** The change with one network's way for others. Their presets stay: a preset is a network's own. */
export function spread(edit: Edit, from: NetworkId, to: readonly NetworkId[], way: Pick<Framing, "fit" | "focus" | "crop">): Edit {
  return to.filter((network) => network !== from).reduce((so, network) => withFraming(so, network, { fit: way.fit, focus: way.focus, crop: way.crop }), edit);
}

/** A quarter turn of what is seen, clockwise or back. What was kept of it stays kept. */
export function turned(edit: Edit, clockwise: boolean): Edit {
  // Mirroring comes after the turn: seen through it the turn goes the other way.
  const step = clockwise !== edit.flip ? 1 : 3;
  const round = ({ left, top, width, height }: Crop): Crop =>
    clockwise ? { left: WHOLE - top - height, top: left, width: height, height: width } : { left: top, top: WHOLE - left - width, width: height, height: width };
  return { ...withCrops(edit, round), turn: (edit.turn + step) % 4 };
}

/** What is seen, mirrored left to right. */
export function mirrored(edit: Edit): Edit {
  const other = withCrops(edit, (crop) => ({ ...crop, left: WHOLE - crop.left - crop.width }));
  // Straightening comes after mirroring: seen in a mirror it leans the other way. No negative zero.
  return { ...other, flip: !edit.flip, straighten: edit.straighten === 0 ? 0 : -edit.straighten };
}

function withCrops(edit: Edit, change: (crop: Crop) => Crop): Edit {
  const frames = Object.entries(edit.frames).map(([network, framing]) => [network, framing.crop === null ? framing : { ...framing, crop: change(framing.crop) }]);
  return { ...edit, frames: Object.fromEntries(frames) as Edit["frames"] };
}

/** The change with one thing laid upon the picture altered; nothing takes it away. */
export function withOverlay(edit: Edit, n: number, overlay: Overlay | null): Edit {
  const overlays = edit.overlays.flatMap((known, at) => (at !== n ? [known] : overlay === null ? [] : [overlay]));
  return { ...edit, overlays };
}

/** What the core can draw: a text that says nothing yet waits on the page. */
export function drawn(edit: Edit): Edit {
  const overlays = edit.overlays.filter((one) => one.kind !== "text" || one.text.trim() !== "");
  return overlays.length === edit.overlays.length ? edit : { ...edit, overlays };
}

/** What the picture itself is, without what a network makes of it. */
export function wholeOf(edit: Edit): Edit {
  return { ...drawn(edit), frames: {} };
}

/** What one network gets, without what the others do. */
export function onlyFor(edit: Edit, network: NetworkId): Edit {
  const framing = edit.frames[network];
  return { ...drawn(edit), frames: framing === undefined ? {} : { [network]: framing } };
}
