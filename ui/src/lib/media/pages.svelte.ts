// The library page by page, newest first. More pages are read as they are wanted; when the library changed, what is shown is
// read again in one piece.
import type { Asset } from "../../contract/Asset";
import type { MediaKind } from "../../contract/MediaKind";
import { core, onEvent } from "../data.svelte";
import { rough } from "../parts/rough";
import { rpc, trouble, type Trouble } from "../rpc";

export const PAGE = 200;
/** The core answers at most so many at once. */
const AT_ONCE = 1000;

/** What is looked for; nothing read while it is nothing. */
export interface Looking {
  search: string;
  kind: MediaKind | null;
}

export class Pages {
  assets = $state.raw<Asset[]>([]);
  /** How many there are in all. */
  total = $state(0);
  failed = $state.raw<Trouble | undefined>();
  /** Whether the first page is on its way. */
  loading = $state(true);
  /** Whether a further page is. */
  adding = $state(false);
  #looking: Looking | null = null;
  #turn = 0;
  #running = false;
  #stale = false;

  /** In a component: reads, and reads again when the request or the library changed, or the core came back. */
  constructor(request: () => Looking | null) {
    $effect(() => {
      const wanted = request();
      this.#looking = wanted;
      this.#turn += 1;
      if (wanted === null) return;
      this.loading = true;
      void this.#again(PAGE);
    });
    onEvent((event) => {
      if (event.event === "changed" && event.tags.includes("library")) this.again();
    });
    let before = core.link;
    $effect(() => {
      if (before !== "up" && core.link === "up") this.again();
      before = core.link;
    });
  }

  get complete(): boolean {
    return this.assets.length >= this.total;
  }

  /** Reads again what is shown. */
  again(): void {
    if (this.#looking !== null) void this.#again(Math.max(this.assets.length, PAGE));
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    if (this.adding || this.loading || this.complete || this.failed) return;
    this.adding = true;
    const turn = this.#turn;
    try {
      const answer = await this.#read(PAGE, this.assets.length);
      if (turn !== this.#turn) return;
      // What came in meanwhile moved the rest: what is there already is not shown twice.
      const there = new Set(this.assets.map((asset) => asset.id));
      const fresh = answer.assets.filter((asset) => !there.has(asset.id));
      this.assets = [...this.assets, ...fresh];
      this.total = answer.assets.length === 0 ? this.assets.length : answer.total;
    } catch (thrown) {
      if (turn === this.#turn) this.failed = trouble(thrown);
    } finally {
      this.adding = false;
    }
  }

  async #again(count: number): Promise<void> {
    // A burst of changes costs two readings.
    if (this.#running) {
      this.#stale = true;
      return;
    }
    this.#running = true;
    const turn = this.#turn;
    try {
      const assets: Asset[] = [];
      let total = 0;
      do {
        const answer = await this.#read(Math.min(count - assets.length, AT_ONCE), assets.length);
        total = answer.total;
        assets.push(...answer.assets);
        if (answer.assets.length === 0) break;
      } while (assets.length < Math.min(count, total));
      if (turn === this.#turn) {
        const once = new Map(assets.map((asset) => [asset.id, asset]));
        [this.assets, this.total, this.failed, this.loading] = [[...once.values()], total, undefined, false];
      }
    } catch (thrown) {
      if (turn === this.#turn) [this.failed, this.loading] = [trouble(thrown), false];
    }
    this.#running = false;
    if (this.#stale || turn !== this.#turn) {
      this.#stale = false;
      this.again();
    }
  }

  async #read(limit: number, offset: number) {
    const { search, kind } = this.#looking ?? { search: "", kind: null };
    const answer = await rpc("library.list", { limit, offset, search: search.trim() === "" ? null : search.trim(), kind, only: null });
    const now = new Set(answer.rough);
    for (const { id } of answer.assets) {
      if (now.has(id)) rough.add(id);
      else rough.delete(id);
    }
    return answer;
  }
}
