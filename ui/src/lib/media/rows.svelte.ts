// A grid of tiles of one height of which only the rows near the visible part exist: ten thousand scroll like a hundred.
import { tick } from "svelte";
import type { Attachment } from "svelte/attachments";

/** Rows that exist beyond each edge of the visible part. */
const BEYOND = 3;
/** So many stand there before anything was measured. */
const AT_FIRST = 60;

export class Rows {
  columns = $state(1);
  /** Height of a row with its gap; 0 before it was measured. */
  height = $state(0);
  #top = $state(0);
  #view = $state(0);
  #list: HTMLElement | undefined;
  #scroll: HTMLElement | undefined;
  readonly first: number;
  readonly last: number;
  /** Space for the rows that do not exist. */
  readonly before: number;
  readonly after: number;

  constructor(count: () => number) {
    this.first = $derived(this.height === 0 ? 0 : Math.min(this.#row(this.#top, -BEYOND) * this.columns, this.#lastRow(count()) * this.columns));
    this.last = $derived(Math.min(count(), this.height === 0 ? AT_FIRST : this.#row(this.#top + this.#view, BEYOND + 1) * this.columns));
    this.before = $derived((this.first / this.columns) * this.height);
    this.after = $derived((Math.ceil(count() / this.columns) - Math.ceil(this.last / this.columns)) * this.height);
  }

  #row(at: number, beyond: number): number {
    return Math.max(0, Math.floor(at / this.height) + beyond);
  }

  #lastRow(count: number): number {
    return Math.max(0, Math.ceil(count / this.columns) - 1);
  }

  /** For the list; what scrolls is around it. */
  readonly follow: Attachment<HTMLElement> = (list) => {
    const scroll = list.closest<HTMLElement>("[data-scrolls]") ?? list.parentElement;
    if (scroll === null) return;
    [this.#list, this.#scroll] = [list, scroll];
    const moved = () => {
      this.#top = Math.max(0, scroll.getBoundingClientRect().top - list.getBoundingClientRect().top);
      this.#view = scroll.clientHeight;
    };
    const measure = () => {
      const style = getComputedStyle(list);
      const tile = list.firstElementChild;
      this.columns = Math.max(1, style.gridTemplateColumns.split(" ").length);
      if (tile !== null) this.height = tile.getBoundingClientRect().height + (Number.parseFloat(style.rowGap) || 0);
      moved();
    };
    const resized = new ResizeObserver(measure);
    resized.observe(list);
    resized.observe(scroll);
    scroll.addEventListener("scroll", moved, { passive: true });
    return () => {
      resized.disconnect();
      scroll.removeEventListener("scroll", moved);
    };
  };

  /** Makes a tile exist, scrolling to its row where it does not. */
  async reach(n: number): Promise<void> {
    if (this.height > 0 && (n < this.first || n >= this.last) && this.#list && this.#scroll) {
      const start = this.#scroll.scrollTop + this.#list.getBoundingClientRect().top - this.#scroll.getBoundingClientRect().top;
      this.#scroll.scrollTop = start + Math.floor(n / this.columns) * this.height;
      this.#top = Math.floor(n / this.columns) * this.height;
    }
    await tick();
  }
}
