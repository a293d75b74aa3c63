// For whom and when a post is, as a person chose it so far. Nobody is ever added by the page.
import type { AccountId } from "$contract/AccountId";
import type { AccountView } from "$contract/AccountView";
import type { LatePolicy } from "$contract/LatePolicy";
import type { Plan as KeptPlan } from "$contract/Plan";

/** For whom and when, as chosen so far. The core keeps it beside the draft until scheduling writes it. */
export class Plan {
  /** The chosen accounts; nothing while the person chose none: then nobody. */
  to = $state.raw<AccountId[] | null>(null);
  kind = $state<"now" | "at" | "draft">("now");
  /** `2026-11-29`, of the wall calendar in `zone`. */
  date = $state("");
  /** `18:00` */
  time = $state("");
  /** An IANA name; the workspace's own while nothing is said. */
  zone = $state<string | null>(null);
  late = $state<LatePolicy>("hold");

  /** The wall time to ask for; nothing where none is complete. */
  get wall(): string | null {
    return this.kind === "at" && this.date !== "" && this.time !== "" ? `${this.date}T${this.time}` : null;
  }

  /** As the core keeps it; nothing while nothing was chosen. */
  get kept(): KeptPlan | null {
    if (this.to === null && this.kind === "now" && this.late === "hold") return null;
    return { to: [...(this.to ?? [])], when: this.kind, at: this.wall, zone: this.zone, late: this.late };
  }

  /** Takes up what the core kept. */
  take(kept: KeptPlan): void {
    this.to = kept.to.length > 0 ? kept.to : null;
    this.kind = kept.when;
    [this.date = "", this.time = ""] = (kept.at ?? "").split("T");
    this.zone = kept.zone;
    this.late = kept.late;
  }
}

/** The accounts it goes to: those that were chosen, and no other. */
export function chosenOf(plan: Plan, accounts: readonly AccountView[]): AccountView[] {
  return accounts.filter((account) => plan.to?.includes(account.id));
}
