// Files that fall on the page or are pasted into it, wherever that is. Whoever registered last gets them: the composer's media
// while it is shown, a dialog above it, else the library.
import type { ImportDone } from "../../contract/ImportDone";
import type { RefusedFile } from "../../contract/RefusedFile";
import { complain, said } from "../notices";
import { m } from "../words";

/** Gets what was taken in. */
export type Taker = (done: ImportDone) => void;

export class Arrivals {
  /** Whether files hang over the window. */
  hanging = $state(false);
  /** What the library would not take, until a person read it. */
  refused = $state.raw<readonly RefusedFile[]>([]);
  #takers: readonly Taker[] = [];
  #panels = 0;

  /** Adds a receiver; returns its end. Components call `receive`. */
  add(taker: Taker): () => void {
    this.#takers = [...this.#takers, taker];
    return () => {
      this.#takers = this.#takers.filter((known) => known !== taker);
    };
  }

  /** Brings an import to whoever is the newest receiver now. When that one left in the meantime, the library has the files. */
  async bring(way: Promise<ImportDone | undefined>): Promise<void> {
    const taker = this.#takers.at(-1);
    const done = await way;
    if (done === undefined) return;
    this.refused = done.refused;
    if (this.#panels === 0) this.#complain();
    if (taker !== undefined && this.#takers.includes(taker)) taker(done);
    else if (done.imported.length > 0) said(m.media_in_library({ count: done.imported.length }));
  }

  /** A panel shows `refused` from now on; returns its end. */
  shows(): () => void {
    this.#panels += 1;
    return () => {
      this.#panels -= 1;
    };
  }

  /** Where no panel is on screen a notice tells. */
  #complain(): void {
    const [first] = this.refused;
    if (first === undefined) return;
    const shown = this.refused.slice(0, 3).map((file) => m.media_refused_file({ name: fileName(file.path), why: file.message }));
    const more = this.refused.length - shown.length;
    complain({ code: first.code, message: shown.join(" "), hint: more > 0 ? m.media_refused_more({ count: more }) : "" });
    this.refused = [];
  }

  /** The person has read what was refused. */
  read(): void {
    this.refused = [];
  }
}

/** The arrivals of the whole page. */
export const arrivals = new Arrivals();

/** Receives what falls on the page while the component that calls it is there. */
export function receive(taker: Taker): void {
  $effect(() => arrivals.add(taker));
}

/** A file's name without its folders. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path;
}

/** Whether text may be put there. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type);
}

/** The files of a paste that is about files; none when it has text for the field it happened in. */
export function pastedFiles(data: DataTransfer | null, target: EventTarget | null): File[] {
  const files = [...(data?.files ?? [])];
  if (files.length > 0 && takesText(target) && (data?.getData("text/plain") ?? "") !== "") return [];
  return files;
}
