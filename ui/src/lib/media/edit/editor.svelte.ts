// The panel's state: what is changed, which tab is shown, what the networks offer. The change itself belongs to the post.
import type { AccountView } from "../../../contract/AccountView";
import type { Asset } from "../../../contract/Asset";
import type { Edit } from "../../../contract/Edit";
import type { Focus } from "../../../contract/Focus";
import type { Framing } from "../../../contract/Framing";
import type { MediaKind } from "../../../contract/MediaKind";
import type { NetworkId } from "../../../contract/NetworkId";
import type { Overlay } from "../../../contract/Overlay";
import type { PresetView } from "../../../contract/PresetView";
import { watch } from "../../data.svelte";
import { CENTRE } from "../pictures";
import { complete, drawn, framingOf, sameEdit, spread, tidy, turned, mirrored, UNCHANGED, withFraming, withOverlay } from "./edits";
import { turnedSize, uprightPart, type Size } from "./geometry";

/** The whole picture, or one network's frame. */
export type Side = "whole" | NetworkId;

/** What the panel is about. */
export interface About {
  asset: Asset;
  /** What is changed so far; nothing where nothing is. */
  edit: Edit | undefined;
  /** Who gets it. */
  accounts: readonly AccountView[];
}

export class Editor {
  side = $state<Side>("whole");
  /** The moment of a film that the player stands at. */
  at = $state(0);
  // A text that says nothing yet stands here only: the core could not draw it.
  #here = $state.raw<Edit | null>(null);
  #kinds = $state<Partial<Record<NetworkId, MediaKind>>>({});
  readonly #about: () => About;
  readonly #write: (edit: Edit | undefined) => void;
  readonly presetsRead = watch("media.presets", () => ({ network: null }), []);

  /** In a component: it reads the presets. */
  constructor(about: () => About, write: (edit: Edit | undefined) => void) {
    this.#about = about;
    this.#write = write;
  }

  get asset(): Asset {
    return this.#about().asset;
  }

  get film(): boolean {
    return this.asset.facts.kind === "video";
  }

  get edit(): Edit {
    const kept = this.#about().edit;
    // What came from elsewhere, an undoing for one, wins over what waits here.
    return this.#here !== null && sameEdit(tidy(drawn(this.#here)), tidy(complete(kept))) ? this.#here : complete(kept);
  }

  /** Whether anything is changed. */
  get changed(): boolean {
    return !sameEdit(this.edit, UNCHANGED);
  }

  change(edit: Edit): void {
    this.#here = edit;
    this.#write(tidy(drawn(edit)));
  }

  set(part: Partial<Edit>): void {
    this.change({ ...this.edit, ...part });
  }

  reset(): void {
    this.change(UNCHANGED);
  }

  turn(clockwise: boolean): void {
    this.change(turned(this.edit, clockwise));
  }

  mirror(): void {
    this.change(mirrored(this.edit));
  }

  overlay(n: number, overlay: Overlay | null): void {
    this.change(withOverlay(this.edit, n, overlay));
  }

  /** The networks that get it, each once. */
  get networks(): NetworkId[] {
    return [...new Set(this.#about().accounts.map((account) => account.network))];
  }

  /** The network that is shown; nothing on the first tab. */
  get network(): NetworkId | null {
    return this.side !== "whole" && this.networks.includes(this.side) ? this.side : null;
  }

  /** The account whose frame is shown. */
  get account(): AccountView | undefined {
    return this.#about().accounts.find((account) => account.network === this.network);
  }

  /** As what it goes out there, once a look said so: a moving picture is a film where the network takes no GIF. */
  get kind(): MediaKind {
    const told = this.network === null ? undefined : this.#kinds[this.network];
    return told ?? this.asset.facts.kind;
  }

  /** A look said as what a network gets it. */
  tell(network: NetworkId, kind: MediaKind): void {
    this.#kinds[network] = kind;
  }

  /** What the shown network offers for this kind of medium, the usual one first. */
  get presets(): PresetView[] {
    const known = this.presetsRead.value?.presets ?? [];
    const own = known.filter((preset) => networkOf(preset) === this.network && preset.kind === this.kind);
    return own.sort((one, other) => Number(other.usual) - Number(one.usual));
  }

  /** The preset by which the shown network gets it. */
  get preset(): PresetView | undefined {
    const presets = this.presets;
    return presets.find((preset) => nameOf(preset) === this.framing.preset) ?? presets[0];
  }

  /** What differs for the shown network. */
  get framing(): Framing {
    return this.network === null ? { preset: null, fit: null, focus: null, crop: null } : framingOf(this.edit, this.network);
  }

  frame(part: Partial<Framing>): void {
    if (this.network !== null) this.change(withFraming(this.edit, this.network, part));
  }

  /** How the shown network's frame is met. */
  get fit(): NonNullable<Framing["fit"]> {
    return this.framing.fit ?? this.preset?.fit ?? "cover";
  }

  /** The shown network's way, for all of them. */
  everywhere(): void {
    if (this.network === null) return;
    this.change(spread(this.edit, this.network, this.networks, { ...this.framing, fit: this.fit }));
  }

  /** The point that the shown network keeps: chosen here, in the library, by Griot, else the middle. */
  get point(): Focus {
    return this.framing.focus ?? this.asset.focus ?? this.asset.suggested ?? CENTRE;
  }

  get original(): Size {
    const { width, height } = this.asset.facts;
    return { width: Math.max(width, 1), height: Math.max(height, 1) };
  }

  /** The sides of what is seen on the first tab. */
  get seen(): Size {
    const { width, height } = turnedSize(this.original, this.edit.turn);
    const part = uprightPart({ width, height }, this.edit.straighten);
    return { width: width * part, height: height * part };
  }

  /** How long a film is. */
  get whole(): number {
    return this.asset.facts.duration_ms ?? 0;
  }
}

/** A preset's name without its network. */
export function nameOf(preset: PresetView): string {
  return preset.id.slice(preset.id.indexOf("/") + 1);
}

function networkOf(preset: PresetView): string {
  return preset.id.slice(0, preset.id.indexOf("/"));
}
