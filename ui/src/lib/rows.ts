// Moving through the rows by keyboard, and where the focus goes when the row that had it leaves.
import type { Attachment } from "svelte/attachments";

const ROW = "[data-line]";

interface Place {
  id: string;
  group: string;
  n: number;
}

/** The rows of a screen, for the keyboard. */
export function keepFocus(): { attach: Attachment<HTMLElement>; restore: (screen: HTMLElement) => void } {
  let last: Place | null = null;

  const rowsIn = (group: Element | null | undefined): HTMLElement[] => [...(group?.querySelectorAll<HTMLElement>(ROW) ?? [])];

  function came(event: FocusEvent): void {
    const row = (event.target as Element).closest<HTMLElement>(ROW);
    const group = row?.closest<HTMLElement>("[data-group]");
    last = row && group ? { id: row.dataset.line ?? "", group: group.dataset.group ?? "", n: rowsIn(group).indexOf(row) } : null;
  }

  function left(event: FocusEvent): void {
    const target = event.target as HTMLElement;
    // Only what vanished or was switched off under the person is made good. Who clicked beside it left of their own will.
    setTimeout(() => {
      const gone = !target.isConnected || (target as HTMLButtonElement).disabled;
      if (!gone && document.activeElement === document.body) last = null;
    });
  }

  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const screen = event.currentTarget as HTMLElement;
    const row = (event.target as Element).closest<HTMLElement>(ROW);
    if (row === null) return;
    const rows = rowsIn(screen);
    const at = rows.indexOf(row);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    focus(rows[Math.min(Math.max(next, 0), rows.length - 1)]);
  }

  function asked(event: MouseEvent): void {
    const more = (event.target as Element).closest<HTMLElement>(ROW)?.querySelector<HTMLElement>("[data-more]");
    // Words that are selected keep the menu that copies them.
    if (!more || getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    more.click();
  }

  return {
    attach(screen) {
      screen.addEventListener("focusin", came);
      screen.addEventListener("focusout", left);
      screen.addEventListener("keydown", pressed);
      screen.addEventListener("contextmenu", asked);
      return () => {
        screen.removeEventListener("focusin", came);
        screen.removeEventListener("focusout", left);
        screen.removeEventListener("keydown", pressed);
        screen.removeEventListener("contextmenu", asked);
      };
    },
    restore(screen) {
      if (last === null || document.activeElement !== document.body) return;
      const { id, group, n } = last;
      const rows = rowsIn(screen.querySelector(`[data-group="${group}"]`));
      // The same row, else the one that took its place, else the last before it, else the title of the screen.
      const row = rows.find((known) => known.dataset.line === id) ?? rows[Math.min(n, rows.length - 1)];
      if (row) focus(row);
      else document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    },
  };
}

function focus(row: HTMLElement | undefined): void {
  row?.querySelector<HTMLElement>("button")?.focus();
}
