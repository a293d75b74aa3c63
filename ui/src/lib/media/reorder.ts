// Reordering tiles with the mouse or a pen. By pointer events: where a window takes native drops, the page's own drag and drop
// does not work on every system. A finger scrolls; the menu of a tile and the keys do the same.
import type { Attachment } from "svelte/attachments";

const FAR_ENOUGH = 6;

interface Drag {
  from: number;
  to: number;
}

/** Lets the children with `data-place` of a list be dragged to one another's place. */
export function reorder(show: (drag: Drag | null) => void, drop: (from: number, to: number) => void): Attachment<HTMLElement> {
  return (list) => {
    let start: { from: number; x: number; y: number; pointer: number } | null = null;
    let drag: Drag | null = null;

    const down = (event: PointerEvent) => {
      const from = placeAt(list, event.target);
      if (from === null || event.button !== 0 || event.pointerType === "touch") return;
      start = { from, x: event.clientX, y: event.clientY, pointer: event.pointerId };
    };
    const move = (event: PointerEvent) => {
      if (start === null || event.pointerId !== start.pointer) return;
      if (drag === null && Math.hypot(event.clientX - start.x, event.clientY - start.y) < FAR_ENOUGH) return;
      event.preventDefault();
      const to = placeAt(list, document.elementFromPoint(event.clientX, event.clientY));
      drag = { from: start.from, to: to ?? drag?.to ?? start.from };
      show(drag);
    };
    const end = (landed: boolean) => {
      if (drag !== null) {
        if (landed && drag.to !== drag.from) drop(drag.from, drag.to);
        // The click that ends a drag opens nothing.
        const swallow = (click: MouseEvent) => click.stopPropagation();
        list.addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => list.removeEventListener("click", swallow, { capture: true }));
        show(null);
      }
      start = null;
      drag = null;
    };
    const up = () => end(true);
    const cancel = () => end(false);
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || drag === null) return;
      event.stopPropagation();
      end(false);
    };

    list.addEventListener("pointerdown", down);
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    addEventListener("pointercancel", cancel);
    addEventListener("keydown", key, true);
    return () => {
      list.removeEventListener("pointerdown", down);
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      removeEventListener("pointercancel", cancel);
      removeEventListener("keydown", key, true);
    };
  };
}

function placeAt(list: HTMLElement, target: EventTarget | null): number | null {
  const item = target instanceof Element ? target.closest<HTMLElement>("[data-place]") : null;
  return item !== null && list.contains(item) ? Number(item.dataset.place) : null;
}
