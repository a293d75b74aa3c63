// What a person says of an asset while the dialog is open. Saved 400 ms after the first change that waits, and at once when a
// field is left; one request at a time. What could not be saved stays and is tried again with the next change.
import type { AssetId } from "../../contract/AssetId";
import type { EditAsset } from "../../contract/EditAsset";
import { complain } from "../notices";
import { rpc, trouble } from "../rpc";

type Said = Partial<Pick<EditAsset, "alt" | "focus" | "tags">>;

export const SAVE_MS = 400;

export class AssetEdit {
  /** `quiet`: nothing was said yet. */
  state = $state<"quiet" | "waiting" | "saving" | "saved" | "failed">("quiet");
  #said: Said = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #under: Promise<void> = Promise.resolve();

  constructor(readonly asset: AssetId) {}

  /** Whether everything said is in the library. */
  get clean(): boolean {
    return this.state === "quiet" || this.state === "saved";
  }

  say(part: Said): void {
    this.#said = { ...this.#said, ...part };
    this.state = "waiting";
    this.#timer ??= setTimeout(() => void this.save(), SAVE_MS);
  }

  /** Saves what waits; done when the library has it or refused it. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#under = this.#under.then(() => this.#send());
    return this.#under;
  }

  async #send(): Promise<void> {
    const said = this.#said;
    if (Object.keys(said).length === 0) return;
    this.#said = {};
    this.state = "saving";
    try {
      await rpc("library.edit", { asset: this.asset, alt: null, focus: null, tags: null, ...said });
      // Typed in the meantime: that waits for its own turn.
      this.state = Object.keys(this.#said).length === 0 ? "saved" : "waiting";
    } catch (thrown) {
      this.#said = { ...said, ...this.#said };
      this.state = "failed";
      complain(trouble(thrown));
    }
  }
}
