// What a person does with the media of a post: order, removal, arrivals. The list itself belongs to whoever shows the strip.
import { tick } from "svelte";
import type { Asset } from "../../contract/Asset";
import type { AssetId } from "../../contract/AssetId";
import type { Attachment } from "../../contract/Attachment";
import type { Edit } from "../../contract/Edit";
import type { ImportDone } from "../../contract/ImportDone";
import { watch, type Watched } from "../data.svelte";
import { rpc, type Trouble } from "../rpc";
import { m } from "../words";
import { badge, moved } from "./pictures";

/** More tiles than that are folded away until they are asked for. */
export const FOLD = 12;
/** The core answers at most so many assets at once. */
const AT_ONCE = 1000;

export interface Tile {
  /** Stands for the tile while the order changes; one asset may stand in a post twice. */
  key: string;
  n: number;
  item: Attachment;
  asset: Asset | undefined;
  /** The library does not have it any more. */
  gone: boolean;
}

export class Strip {
  /** The tile that Tab reaches. */
  current = $state(0);
  unfolded = $state(false);
  /** What is said aloud. */
  heard = $state("");
  /** Where the dragged tile would land, and which it is. */
  drag = $state<{ from: number; to: number } | null>(null);
  readonly #read: () => Attachment[];
  readonly #write: (media: Attachment[]) => void;
  readonly #ids: string;
  readonly #known: Watched<{ assets: Asset[] }, { only: AssetId[] | null }>;
  readonly tiles: Tile[];

  /** In a component: it reads the library. `focus` puts the keyboard on a tile. */
  constructor(
    read: () => Attachment[],
    write: (media: Attachment[]) => void,
    readonly focus: (n: number) => void,
  ) {
    this.#read = read;
    this.#write = write;
    // A text, so that alt texts and order read nothing anew.
    this.#ids = $derived([...new Set(this.#read().map((item) => item.asset))].sort().join(" "));
    this.#known = watch(
      "library.list",
      () => {
        const only = this.#ids === "" ? [] : this.#ids.split(" ");
        return only.length === 0 ? null : { only, limit: Math.min(only.length, AT_ONCE), offset: 0, search: null, kind: null };
      },
      ["library"],
    );
    this.tiles = $derived(this.#tiles());
  }

  get failed(): Trouble | undefined {
    return this.#read().length > 0 ? this.#known.failed : undefined;
  }

  again(): void {
    this.#known.again();
  }

  /** What is shown of them. */
  get shown(): Tile[] {
    return this.unfolded ? this.tiles : this.tiles.slice(0, FOLD);
  }

  #tiles(): Tile[] {
    const assets = new Map((this.#known.value?.assets ?? []).map((asset) => [asset.id, asset]));
    const asked = new Set(this.#known.answered?.only ?? []);
    const seen = new Map<AssetId, number>();
    return this.#read().map((item, n) => {
      const times = seen.get(item.asset) ?? 0;
      seen.set(item.asset, times + 1);
      const asset = assets.get(item.asset);
      return { key: `${item.asset} ${times}`, n, item, asset, gone: asset === undefined && asked.has(item.asset) };
    });
  }

  /** What a tile is called. */
  name(n: number): string {
    const tile = this.tiles[n];
    return tile?.asset?.name ?? m.media_gone_name();
  }

  /** What a tile is, in words. */
  label(tile: Tile): string {
    const alt = tile.item.alt || m.media_alt_missing();
    // The order in which it stands on the tile.
    const facts = tile.gone ? m.media_gone() : [tile.asset && badge(tile.asset.facts), alt, tile.item.edit && m.panel_edited()].filter(Boolean).join(", ");
    return m.media_tile({ name: this.name(tile.n), n: tile.n + 1, total: this.tiles.length, facts });
  }

  /** Puts one elsewhere among the others and keeps the keyboard on it. */
  async move(from: number, to: number): Promise<void> {
    const name = this.name(from);
    const media = this.#read();
    const after = moved(media, from, to);
    if (after === media) return;
    this.#write([...after]);
    const place = Math.min(Math.max(to, 0), after.length - 1);
    if (place >= FOLD) this.unfolded = true;
    this.heard = m.media_moved({ name, n: place + 1, total: after.length });
    await this.#stand(place);
  }

  /** Takes one out; the keyboard goes to the one that follows. */
  async remove(n: number): Promise<void> {
    const name = this.name(n);
    this.#write(this.#read().filter((_, at) => at !== n));
    this.heard = m.media_taken_out({ name });
    await this.#stand(Math.min(n, this.#read().length - 1));
  }

  /** Says another alt text in this post. */
  describe(n: number, alt: string): void {
    this.#write(this.#read().map((item, at) => (at === n ? { ...item, alt } : item)));
  }

  /** Says what is changed in one in this post; nothing takes every change back. */
  retouch(n: number, edit: Edit | undefined): void {
    this.#write(this.#read().map((item, at) => (at !== n ? item : edit === undefined ? { asset: item.asset, alt: item.alt } : { ...item, edit })));
  }

  async #stand(n: number): Promise<void> {
    this.current = Math.max(n, 0);
    await tick();
    this.focus(n);
  }

  /** Adds assets that are not there yet, in their order. */
  add(assets: readonly Pick<Asset, "id" | "alt">[]): void {
    const media = this.#read();
    const there = new Set(media.map((item) => item.asset));
    const fresh = assets.filter((asset, n) => !there.has(asset.id) && assets.findIndex((other) => other.id === asset.id) === n);
    if (fresh.length > 0) this.#write([...media, ...fresh.map((asset) => ({ asset: asset.id, alt: asset.alt }))]);
    const known = assets.length - fresh.length;
    this.heard = [
      fresh.length > 0 ? m.media_attached({ count: fresh.length }) : "",
      known > 0 ? m.media_already({ count: known }) : "",
    ].filter(Boolean).join(". ");
  }

  /** Attaches what came in; the alt text that the library has comes along. */
  async take(done: ImportDone): Promise<void> {
    const ids = done.imported.map((file) => file.asset);
    if (ids.length === 0) return;
    const alts = new Map<AssetId, string>();
    try {
      // New files have no alt text: only what the library knew before may bring one.
      const known = done.imported.filter((file) => file.duplicate).map((file) => file.asset);
      if (known.length > 0) {
        const only = known.slice(0, AT_ONCE);
        const { assets } = await rpc("library.list", { only, limit: only.length, offset: 0, search: null, kind: null });
        for (const asset of assets) alts.set(asset.id, asset.alt);
      }
    } catch {
      // Without the library's alt texts the media still belong to the post; the strip says what is missing.
    }
    this.add(ids.map((id) => ({ id, alt: alts.get(id) ?? "" })));
  }
}
