// The core's own picture of a change. Asked a moment after the hand rests, one question at a time and always the newest; the old
// picture stays until the new one is there, so that nothing flickers.
import type { AccountId } from "../../../contract/AccountId";
import type { Edit } from "../../../contract/Edit";
import type { Look } from "../../../contract/Look";
import type { LookRequest } from "../../../contract/LookRequest";
import { host } from "../../host";
import { rpc, trouble, type Trouble } from "../../rpc";
import { m } from "../../words";

export const REST_MS = 150;

/** A picture that can be shown. */
export interface Shown {
  look: Look;
  url: string;
  /** What it shows. */
  edit: Edit;
  /** For whom. */
  account: AccountId | null;
}

/** Brings a picture's bytes, so that it appears at once; answers why where it cannot. */
export type Fetch = (url: string) => Promise<Trouble | null>;

export class Looking {
  shown = $state.raw<Shown | undefined>();
  failed = $state.raw<Trouble | undefined>();
  /** Whether the shown picture is not the newest. */
  busy = $state(false);
  #wanted: LookRequest | null = null;
  #key = "";
  #flying = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly bring: Fetch = load) {}

  /** What is to be seen now; the same question is not asked twice. */
  want(request: LookRequest | null): void {
    const key = JSON.stringify(request);
    if (key === this.#key) return;
    const first = this.#wanted === null || this.#wanted.asset !== request?.asset || this.#wanted.account !== request.account;
    [this.#key, this.#wanted] = [key, request];
    clearTimeout(this.#timer);
    this.busy = request !== null;
    if (request === null) return;
    // Another picture is not waited for: only the hand on this one is.
    this.#timer = setTimeout(() => void this.#ask(), first ? 0 : REST_MS);
  }

  /** Asks again after a failure. */
  again(): void {
    if (this.#wanted === null) return;
    this.failed = undefined;
    this.busy = true;
    void this.#ask();
  }

  end(): void {
    clearTimeout(this.#timer);
    [this.#wanted, this.#key] = [null, ""];
  }

  async #ask(): Promise<void> {
    const wanted = this.#wanted;
    if (this.#flying || wanted === null) return;
    this.#flying = true;
    const key = this.#key;
    try {
      const look = await rpc("media.look", wanted);
      const url = host().lookUrl(look.name);
      const wrong = key === this.#key ? await this.bring(url) : null;
      if (key === this.#key) {
        if (wrong === null) this.shown = { look, url, edit: wanted.edit, account: wanted.account };
        [this.failed, this.busy] = [wrong ?? undefined, false];
      }
    } catch (thrown) {
      if (key === this.#key) [this.failed, this.busy] = [trouble(thrown), false];
    }
    this.#flying = false;
    // Something else was wanted meanwhile; its own moment found this one under way.
    if (key !== this.#key && this.#wanted !== null) {
      clearTimeout(this.#timer);
      void this.#ask();
    }
  }
}

function load(url: string): Promise<Trouble | null> {
  const picture = new Image();
  picture.src = url;
  return picture.decode().then(() => null, () => why(url));
}

/** A picture's address does not say why it shows nothing: the same address, read, does. */
export async function why(url: string): Promise<Trouble> {
  try {
    const answer = await fetch(url);
    if (!answer.ok) return trouble(await answer.json());
  } catch {
    // Nothing could be read: the sentence below says as much.
  }
  return { code: "media_damaged", message: m.media_unreadable(), hint: "" };
}

/** Shows looks while the component that calls it is there. */
export function looking(request: () => LookRequest | null): Looking {
  const looks = new Looking();
  $effect(() => looks.want(request()));
  $effect(() => () => looks.end());
  return looks;
}
