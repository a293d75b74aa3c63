// What can be done now, by name and by key: the command palette and the shortcuts read the same list.
import { untrack } from "svelte";
import { m } from "./words";

/** Something a person can do. `keys` is written `mod+s`: `mod` is Ctrl, or Cmd on a Mac. */
export interface Action {
  id: string;
  label: () => string;
  keys?: string;
  run: () => void;
}

const MAC = /Mac/.test(navigator.platform);

class Actions {
  #lists = $state.raw<readonly (() => readonly Action[])[]>([]);

  /** Everything that can be done on the present screen. */
  get all(): Action[] {
    return this.#lists.flatMap((list) => [...list()]);
  }

  add(list: () => readonly Action[]): () => void {
    this.#lists = [...this.#lists, list];
    return () => {
      this.#lists = this.#lists.filter((known) => known !== list);
    };
  }
}

/** The actions of the whole page. */
export const actions = new Actions();

/** Offers actions while the component that calls it is there. */
export function offer(list: () => readonly Action[]): void {
  // Adding reads the list it changes: that must not be what the effect waits for.
  $effect(() => untrack(() => actions.add(list)));
}

/** Runs what the pressed keys mean; whether they meant something. */
export function pressed(event: KeyboardEvent): boolean {
  const keys = written(event);
  const action = keys === "" ? undefined : actions.all.findLast((known) => known.keys === keys);
  if (action === undefined) return false;
  event.preventDefault();
  action.run();
  return true;
}

function written(event: KeyboardEvent): string {
  const mod = MAC ? event.metaKey : event.ctrlKey;
  if (!mod && !event.altKey) return event.key.startsWith("F") && event.key.length > 1 ? event.key.toLowerCase() : "";
  // Digits by their place on the keyboard: a French one needs Shift for them, and Alt changes what a Mac types.
  const digit = /^Digit([0-9])$/.exec(event.code)?.[1];
  const key = digit ?? (event.key === " " ? "space" : event.key.toLowerCase());
  // Which sign needs Shift differs from keyboard to keyboard: it is the sign that was meant.
  const shift = event.shiftKey && (digit !== undefined || key.length > 1 || key !== key.toUpperCase());
  return [mod && "mod", event.altKey && "alt", shift && "shift", key].filter(Boolean).join("+");
}

/** `Ctrl S`, `⌘S`: as a person reads it. */
export function shown(keys: string): string {
  const names: Record<string, string> = MAC
    ? { mod: "⌘", alt: "⌥", shift: "⇧", enter: "↵" }
    : { mod: "Ctrl", alt: "Alt", shift: m.key_shift(), enter: "↵" };
  const words = keys.split("+").map((key) => names[key] ?? key.toUpperCase());
  return words.join(MAC ? "" : " ");
}

/** As assistive technology reads it (`aria-keyshortcuts`). */
export function spoken(keys: string): string {
  const names: Record<string, string> = { mod: MAC ? "Meta" : "Control", alt: "Alt", shift: "Shift", enter: "Enter" };
  return keys
    .split("+")
    .map((key) => names[key] ?? key.toUpperCase())
    .join("+");
}
