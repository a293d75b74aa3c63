// The queue as the screen holds it: what the core said, what was pressed and has no answer yet, and which dialog is open.
// A press waits for the core's answer; nothing is shown before it happened.
import { createContext } from "svelte";
import { SvelteSet } from "svelte/reactivity";
import type { DeliveryView } from "$contract/DeliveryView";
import type { NetworkId } from "$contract/NetworkId";
import type { Queue } from "$contract/Queue";
import type { QueueAction } from "$contract/QueueAction";
import type { QueueGroup } from "$contract/QueueGroup";
import type { QueueLine } from "$contract/QueueLine";
import type { NetworkList } from "$contract/NetworkList";
import { watch, type Watched } from "$lib/data.svelte";
import { sentences } from "$lib/errors";
import { attempt, said } from "$lib/notices";
import { go } from "$lib/route.svelte";
import { rpc, trouble } from "$lib/rpc";
import { m } from "$lib/words";

/** What a line of the list and the details of a delivery have in common. */
export type Subject = Pick<
  DeliveryView,
  "id" | "post" | "account" | "network" | "state" | "waiting_for" | "failed" | "due" | "title" | "account_name" | "url" | "actions"
> & { wall?: DeliveryView["wall"] };

/** A dialog about one delivery. */
export interface Asked {
  kind: "confirm" | "correct" | "delete" | "retry" | "move" | "by_hand" | "details";
  about: Subject;
}

/** For how many days posts are handed over when nobody says otherwise. */
export const WEEK = 7;

const PAGE = 50;

export class QueueState {
  readonly list: Watched<Queue>;
  readonly #networks: Watched<NetworkList>;
  /** The open dialog. */
  asked = $state.raw<Asked | null>(null);
  /** What was pressed and has no answer yet. */
  readonly busy = new SvelteSet<string>();
  releasing = $state(false);
  pausing = $state(false);
  #done = $state(PAGE);

  constructor() {
    this.list = watch("deliveries.list", () => ({ post: null, state: null, done: this.#done }), ["outbox", "posts", "accounts", "settings"]);
    this.#networks = watch("networks.list", () => ({}), []);
  }

  group(group: QueueGroup): QueueLine[] {
    return this.list.value?.deliveries.filter((line) => line.group === group) ?? [];
  }

  get empty(): boolean {
    const counts = this.list.value?.counts;
    return counts !== undefined && counts.person + counts.coming + counts.kept + counts.done === 0;
  }

  older(): void {
    this.#done += PAGE;
  }

  network(id: NetworkId): string {
    return this.#networks.value?.networks.find((known) => known.id === id)?.name ?? id.charAt(0).toUpperCase() + id.slice(1);
  }

  /** Those past their time that wait for one word for all of them. */
  get late(): QueueLine[] {
    return this.group("person").filter((line) => line.waiting_for === "late" && line.actions.includes("release"));
  }

  /** Does what a button says, or asks what it needs first. */
  press(action: QueueAction, about: Subject): void {
    const id = about.id;
    if (action === "confirm" || action === "move" || action === "by_hand" || action === "correct" || action === "delete") this.asked = { kind: action, about };
    else if (action === "retry" && about.state === "unknown") this.asked = { kind: "retry", about };
    else if (action === "retry") void this.#run(id, () => rpc("deliveries.retry", { id }), m.queue_retried());
    else if (action === "release") void this.#run(id, () => rpc("deliveries.release", { id }), m.queue_released());
    else if (action === "hand_over") void this.#run(id, () => rpc("deliveries.hand_over", { id }), m.queue_handed());
    else if (action === "withdraw") void this.#run(id, () => rpc("deliveries.withdraw", { id }), m.queue_withdrawn());
    else if (action === "cancel" && about.state === "handed_over") void this.#run(id, () => rpc("deliveries.cancel", { id }), m.queue_cancel_asked());
    else if (action === "cancel") void this.#cancel(id);
    else if (action === "leave") void this.#run(id, () => rpc("deliveries.leave", { id }), m.queue_left());
    else if (action === "copy") void this.#copy(id);
    else if (action === "edit") go(`/composer/${encodeURIComponent(about.post)}`);
    else go(`/accounts/${encodeURIComponent(about.account)}`);
  }

  details(about: Subject): void {
    this.asked = { kind: "details", about };
  }

  /** Sends again although it may be live: the person was warned. */
  async sendAgain(id: string): Promise<boolean> {
    return this.#run(id, () => rpc("deliveries.retry", { id }), m.queue_retried());
  }

  /** Asks for other words where it is live; gives what the rules say against them, in place of a notice. */
  async correct(id: string, text: string): Promise<string | null> {
    this.busy.add(id);
    try {
      await rpc("deliveries.edit", { id, text, dry_run: false });
      said(m.queue_corrected());
      return null;
    } catch (error) {
      return sentences(trouble(error)).join(" ");
    } finally {
      this.busy.delete(id);
    }
  }

  /** Asks for its removal where it is live: the person was warned. */
  async remove(id: string): Promise<boolean> {
    return this.#run(id, () => rpc("deliveries.delete", { id, dry_run: false }), m.queue_removing());
  }

  async confirm(id: string, url: string): Promise<boolean> {
    const address = url.trim();
    return this.#run(id, () => rpc("deliveries.confirm", { id, url: address === "" ? null : address }), m.queue_confirmed());
  }

  async move(id: string, at: string, zone: string): Promise<boolean> {
    return this.#run(id, () => rpc("deliveries.move", { id, at, zone }), m.queue_moved());
  }

  /** Lets all late ones go. The core spaces them out. */
  async releaseLate(): Promise<void> {
    const late = this.late;
    this.releasing = true;
    let gone = 0;
    for (const { id } of late) {
      const answer = await attempt(() => rpc("deliveries.release", { id }));
      // What stops one stops the next: one notice is enough.
      if (answer === undefined) break;
      gone += 1;
    }
    this.releasing = false;
    if (gone > 0) said(m.queue_released_all({ count: gone }));
  }

  /** Gives everything of the coming days to the networks that keep dates. */
  async handOver(days: number): Promise<boolean> {
    const given = await attempt(() => rpc("deliveries.hand_over_all", { days, dry_run: false }));
    if (given === undefined) return false;
    said(m.queue_handed_all({ count: given.given.length }));
    return true;
  }

  async pause(paused: boolean): Promise<void> {
    this.pausing = true;
    await attempt(() => rpc("settings.set", { key: "outbox.paused", value: paused }));
    this.pausing = false;
  }

  async #copy(id: string): Promise<void> {
    const made = await attempt(() => rpc("deliveries.copy", { id }));
    if (made !== undefined) go(`/composer/${encodeURIComponent(made.post.id)}`);
  }

  async #run(id: string, act: () => Promise<unknown>, done: string): Promise<boolean> {
    this.busy.add(id);
    const answer = await attempt(act);
    this.busy.delete(id);
    if (answer === undefined) return false;
    said(done);
    return true;
  }

  async #cancel(id: string): Promise<void> {
    this.busy.add(id);
    const undoable = await attempt(async () => {
      await rpc("deliveries.cancel", { id });
      // What may have left once is cancelled for good, and undo would take back something else.
      const status = await rpc("studio.status", {}).catch(() => undefined);
      return status?.undo === "cancel_delivery";
    });
    this.busy.delete(id);
    if (undoable === undefined) return;
    said(m.queue_cancelled(), undoable ? () => void this.#undo() : undefined);
  }

  async #undo(): Promise<void> {
    const undone = await attempt(() => rpc("edit.undo", {}));
    if (undone !== undefined) said(undone.op === null ? m.nothing_to_undo() : m.undone());
  }
}

export const [getQueue, setQueue] = createContext<QueueState>();
