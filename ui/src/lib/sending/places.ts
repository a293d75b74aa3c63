// Where a post stands, in words: for which account, in which state, when.
import type { AccountView } from "$contract/AccountView";
import type { NetworkId } from "$contract/NetworkId";
import type { PostPlace } from "$contract/PostPlace";
import type { State } from "$contract/State";
import { clock, relativeDay } from "../format";
import { m } from "../words";

const WORDS: Record<State, () => string> = {
  scheduled: m.queue_state_scheduled,
  waiting: m.queue_state_waiting,
  preparing: m.queue_state_preparing,
  uploading: m.queue_state_uploading,
  processing: m.queue_state_processing,
  armed: m.queue_state_armed,
  publishing: m.queue_state_publishing,
  published: m.queue_state_published,
  failed: m.queue_state_failed,
  unknown: m.queue_state_unknown,
  handed_over: m.queue_state_handed_over,
  assisted: m.queue_state_assisted,
  cancelled: m.queue_state_cancelled,
  deleted: m.queue_state_deleted,
};

/** `demain à 18:00`; nothing for what goes as soon as it can. */
export function whenOf(place: PostPlace, zone: string): string | null {
  return place.due === null ? null : m.place_when({ day: relativeDay(place.due, zone), time: clock(place.due, zone) });
}

/** The account as it is called here, with its network. */
export function accountOf(place: PostPlace, accounts: readonly AccountView[], nameOf: (network: NetworkId) => string): string {
  const account = accounts.find((known) => known.id === place.account);
  return account === undefined ? nameOf(place.network) : `${nameOf(place.network)}, ${account.name || account.handle}`;
}

/** The state in a word, and when. */
export function stateOf(place: PostPlace, zone: string): string {
  const when = place.state === "published" ? null : whenOf(place, zone);
  return when === null ? WORDS[place.state]() : `${WORDS[place.state]()}, ${when}`;
}

/** All of it on one line. */
export function whereOf(place: PostPlace, accounts: readonly AccountView[], nameOf: (network: NetworkId) => string, zone: string): string {
  return `${accountOf(place, accounts, nameOf)}${m.composer_colon()}${stateOf(place, zone)}`;
}

/** Where the whole post stands: « Programmée sur 3 comptes, aujourd’hui à 18:00. » */
export function summary(places: readonly PostPlace[], zone: string): string {
  const live = places.filter((place) => place.state === "published").length;
  const coming = places.filter((place) => place.follows);
  const parts: string[] = [];
  if (live > 0) parts.push(m.place_live({ count: live }));
  if (coming.length > 0) {
    const times = new Set(coming.map((place) => whenOf(place, zone)));
    const [when] = times;
    if (when === null || when === undefined) parts.push(m.place_coming_soon({ count: coming.length }));
    else parts.push(times.size === 1 ? m.place_coming({ count: coming.length, when }) : m.place_coming_first({ count: coming.length, when }));
  }
  const other = places.length - live - coming.length;
  if (other > 0) parts.push(m.place_other({ count: other }));
  return parts.join(" ");
}
