// What the page asks of the program around it. Two exist (the window and the loopback server); tests bring a third.
import type { Event } from "../../contract/Event";
import type { AssetId } from "../../contract/AssetId";
import type { PickKind } from "../../contract/PickKind";
import type { PickedFile } from "../../contract/PickedFile";
import { m } from "../words";

/** Whether the core can be reached, as the page last saw. */
export type Link = "up" | "down" | "no_session";

/** What became of a pasted address: the page is in again; it is no address of Griot's; it was used or is too old; it
 * leads to another port. */
export type Reentry = "in" | "no_address" | "used" | "elsewhere";

/** How far bytes have come, 0 to 1. */
export type Sent = (share: number) => void;

/** An original's thumbnail, a film's picture at a time, or one of the pictures on its strip. */
export type MediaPart = "thumb" | { frameMs: number } | { strip: number };

export interface Host {
  /** `window` has native dialogs; `browser` has what browsers have. */
  readonly kind: "window" | "browser";
  /** Runs a command. Rejects with an `AppError`, or a `HostError` when the core could not be asked. */
  rpc(name: string, request: unknown): Promise<unknown>;
  /** Hears events and whether the core is there. Returns its own end. */
  listen(heard: (event: Event) => void, link: (link: Link) => void): () => void;
  /** The address of an original, or of a part of it. */
  mediaUrl(asset: AssetId, part?: MediaPart): string;
  /** The address of a look that the core named. */
  lookUrl(name: string): string;
  /** Where a film plays from. */
  filmUrl(asset: AssetId): Promise<string>;
  /** The address of a file laid out for publishing by hand; nothing where the file manager shows them. */
  byHandUrl(delivery: string, n: number): string | null;
  /** Streams bytes that were pasted, dropped or chosen in a browser; the answer stands for the file in commands. */
  send(file: File, sent: Sent, stop: AbortSignal): Promise<PickedFile>;
  /** Lets the person choose files. One that can no longer be read is told to `lost`, by its name, and the others come all the same. */
  pick(kind: PickKind, sent: Sent, stop: AbortSignal, lost?: (name: string) => void): Promise<PickedFile[]>;
  /** A place to write to; `done` hands the written file to the person where the browser has to. */
  saveAs(name: string): Promise<{ file: string; done: () => void } | null>;
  /** Opens an http or https page outside. */
  open(url: string): Promise<void>;
  /** Puts text on the clipboard. */
  copy(text: string): Promise<void>;
  /** Whether a folder can be shown in the file manager. */
  readonly reveals: boolean;
  /** Called before the page goes away; what it returns is waited for where the host can. */
  onClosing(flush: () => Promise<void>): () => void;
  /** Tells the host that the page can be used. */
  ready(): void;
  /** Keeps words beside the core while it cannot be reached. Empty text forgets them. */
  keepAside(key: string, words: string): void;
  /** Words that were kept beside the core, by key. */
  keptAside(): Record<string, string>;
  /** Goes on in this page with a new address that a person pasted; only where sessions end. */
  reenter?: (address: string) => Promise<Reentry>;
}

/** A file that the browser held and can no longer read: moved, removed, or a folder. */
export class FileLost extends Error {
  readonly code = "not_found";
  readonly hint = "";

  constructor(readonly file: string) {
    super(m.media_refused_file({ name: file, why: m.media_file_lost() }));
  }
}

/** The core could not be asked. */
export class HostError extends Error {
  constructor(
    readonly code: "core_away" | "no_session",
    message: string,
  ) {
    super(message);
  }
}
