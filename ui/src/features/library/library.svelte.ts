// The library's screen: what is looked for, what is chosen, what is removed.
import { SvelteMap } from "svelte/reactivity";
import type { Asset } from "$contract/Asset";
import type { AssetId } from "$contract/AssetId";
import type { KeptAsset } from "$contract/KeptAsset";
import type { MediaKind } from "$contract/MediaKind";
import { handOff } from "$lib/media/handoff.svelte";
import { Pages } from "$lib/media/pages.svelte";
import { attempt, said } from "$lib/notices";
import { go } from "$lib/route.svelte";
import { rpc } from "$lib/rpc";
import { m } from "$lib/words";

export class LibraryScreen {
  search = $state("");
  kind = $state<MediaKind | null>(null);
  /** What stayed because a post needs it, until a person read why. */
  kept = $state.raw<readonly KeptAsset[]>([]);
  removing = $state(false);
  /** The tile that Tab reaches. */
  current = $state(0);
  /** In the order in which they were chosen; a search hides none of them from what is done next. */
  readonly chosen = new SvelteMap<AssetId, Asset>();
  readonly pages: Pages;
  #anchor = 0;

  /** In a component. */
  constructor() {
    this.pages = new Pages(() => ({ search: this.search, kind: this.kind }));
  }

  get filtered(): boolean {
    return this.search.trim() !== "" || this.kind !== null;
  }

  /** Chooses one or gives it up; with `range` everything since the last one. */
  toggle(n: number, range: boolean): void {
    const assets = this.pages.assets;
    const asset = assets[n];
    if (asset === undefined) return;
    if (range) {
      const [from, to] = [Math.min(this.#anchor, n), Math.max(this.#anchor, n)];
      for (const one of assets.slice(from, to + 1)) this.chosen.set(one.id, one);
    } else if (!this.chosen.delete(asset.id)) {
      this.chosen.set(asset.id, asset);
    }
    this.#anchor = n;
  }

  /** Chooses all that is shown. */
  all(): void {
    for (const asset of this.pages.assets) this.chosen.set(asset.id, asset);
  }

  none(): void {
    this.chosen.clear();
  }

  /** Begins a post with what is chosen. */
  compose(): void {
    handOff([...this.chosen.values()]);
    go("/composer/new");
  }

  /** Removes what is chosen; what a post needs stays, and stays chosen no longer. */
  async remove(): Promise<void> {
    const ids = [...this.chosen.keys()];
    this.removing = true;
    const done = await attempt(() => rpc("library.remove", { assets: ids }));
    this.removing = false;
    if (done === undefined) return;
    this.kept = done.kept;
    for (const id of ids) this.chosen.delete(id);
    if (done.removed.length > 0) said(m.library_removed({ count: done.removed.length }));
  }
}

/** Where an arrow key leads in a grid of so many columns; nothing for another key. */
export function neighbour(key: string, n: number, columns: number, count: number): number | null {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  if (step === undefined) return null;
  const to = n + step;
  return to < 0 || to >= count ? n : to;
}
