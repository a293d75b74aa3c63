// Connecting an account, step by step. What was typed stays until the account is connected or the dialog is closed; secrets go then.
import type { AccountView } from "$contract/AccountView";
import type { ConnectFieldView } from "$contract/ConnectFieldView";
import type { NetworkId } from "$contract/NetworkId";
import type { NetworkView } from "$contract/NetworkView";
import type { SecretsState } from "$contract/SecretsState";
import type { SignInChoice } from "$contract/SignInChoice";
import { host } from "$lib/host";
import { rpc, trouble, type Trouble } from "$lib/rpc";
import { m } from "$lib/words";

export type Step = "choose" | "ask" | "unlock" | "waiting" | "pick" | "done";
/** Agreeing in the browser, typing what the network gave, or publishing by hand there. */
export type Way = "browser" | "fields" | "hand";

/** Where most people's accounts are, on networks with more than one server. */
const SERVERS: Partial<Record<NetworkId, string>> = { bluesky: "https://bsky.social" };

export class Wizard {
  open = $state(false);
  step = $state<Step>("choose");
  network = $state.raw<NetworkView | null>(null);
  /** The account that is connected anew. */
  again = $state.raw<AccountView | null>(null);
  way = $state<Way>("fields");
  /** What was typed, by the field's name. */
  values = $state<Record<string, string>>({});
  name = $state("");
  busy = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  /** Where the person agrees. */
  page = $state("");
  /** What they bring back from there, where Griot cannot hear it. */
  address = $state("");
  /** Which of several Pages it may be. */
  choices = $state.raw<readonly SignInChoice[]>([]);
  account = $state.raw<AccountView | null>(null);
  #job: string | null = null;
  #run = 0;

  /** `secrets`: whether the accounts' secrets can be used. */
  constructor(readonly secrets: () => SecretsState) {}

  start(): void {
    this.#reset();
    this.open = true;
  }

  /** Connects a known account anew: only what is secret is missing. */
  reconnect(account: AccountView, network: NetworkView): void {
    this.#reset();
    this.again = account;
    this.choose(network);
    this.values = { ...this.values, server: account.server, handle: account.handle };
    this.open = true;
  }

  choose(network: NetworkView): void {
    if (this.network?.id !== network.id) {
      const server = SERVERS[network.id];
      this.values = server === undefined ? {} : { server };
      this.name = "";
    }
    this.network = network;
    this.way = network.sign_in ? "browser" : "fields";
    this.trouble = null;
    this.step = "ask";
  }

  /** Whether the person will publish there: the network has no other way, or they chose this one. */
  get byHand(): boolean {
    return this.network?.by_hand === true || this.way === "hand";
  }

  /** What the present way asks for. */
  get fields(): ConnectFieldView[] {
    const network = this.network;
    if (network === null) return [];
    // A forum, a group, a channel: the page to open each time.
    if (this.byHand) return [{ name: "server", label: m.accounts_hand_page(), secret: false, optional: true, hint: m.accounts_hand_page_hint() }];
    const server = network.fields.find((field) => field.name === "server");
    const usual: ConnectFieldView = { name: "server", label: "", secret: false, optional: false, hint: m.accounts_field_server_hint() };
    if (this.way === "browser") {
      const own = network.page?.fields ?? [];
      // Who connects anew need not give again what is kept.
      const asked = this.again === null ? own : own.map((field) => ({ ...field, optional: true, hint: `${m.accounts_kept()} ${field.hint}` }));
      const where = server ?? { ...usual, hint: "" };
      return server !== undefined || network.page === null ? [where, ...asked] : asked;
    }
    return server !== undefined || SERVERS[network.id] === undefined ? network.fields : [usual, ...network.fields];
  }

  /** The page on which the person ends and whose address they copy; nothing where Griot hears the answer by itself. */
  get endsOn(): string | null {
    return this.network?.page?.ends_on ?? null;
  }

  turn(way: Way): void {
    this.way = way;
    this.trouble = null;
  }

  back(): void {
    this.trouble = null;
    if (this.step === "waiting" || this.step === "pick") this.stop();
    else if (this.step === "unlock") this.step = "ask";
    else if (this.step === "ask") this.step = "choose";
  }

  /** Does what the step asks: connects, or begins in the browser. */
  async submit(): Promise<void> {
    const network = this.network;
    if (network === null || this.busy) return;
    if (!this.byHand && this.secrets() !== "open") {
      this.step = "unlock";
      return;
    }
    this.trouble = null;
    this.busy = true;
    const run = ++this.#run;
    try {
      if (this.way === "browser") await this.#signIn(network, run);
      else this.#connected((await rpc("accounts.add", this.#request(network))).account, run);
    } catch (thrown) {
      this.#failed(trouble(thrown), run);
    } finally {
      if (run === this.#run) this.busy = false;
    }
  }

  /** Stops waiting for the browser. */
  stop(): void {
    const job = this.#job;
    this.#forget();
    this.step = "ask";
    // Whatever it answers, the person has gone on.
    if (job !== null) void rpc("jobs.cancel", { id: job }).catch(() => undefined);
  }

  close(): void {
    if (this.step === "waiting" || this.step === "pick") this.stop();
    this.open = false;
    this.#reset();
  }

  /** Names the new account; whether that went well. */
  async keepName(): Promise<boolean> {
    const account = this.account;
    const name = this.name.trim();
    if (account === null || name === "" || name === account.name) return true;
    this.busy = true;
    this.trouble = null;
    try {
      this.account = (await rpc("accounts.rename", { id: account.id, name })).account;
      return true;
    } catch (thrown) {
      this.trouble = trouble(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  async #signIn(network: NetworkView, run: number): Promise<void> {
    const { id, page } = await rpc("accounts.sign_in", {
      network: network.id,
      server: this.#typed("server") ?? "",
      name: null,
      fields: this.#rest(["server"]),
      again: this.again?.id ?? null,
    });
    if (run !== this.#run) {
      void rpc("jobs.cancel", { id }).catch(() => undefined);
      return;
    }
    this.#job = id;
    this.page = page;
    this.step = "waiting";
    // A browser that does not open is no failure: the address stands there to copy.
    await host().open(page).catch(() => undefined);
    if (this.endsOn === null) await this.#answered(id, null, run);
  }

  /** Gives what the person brought back from the page, or which of their Pages it is to be. */
  async bring(choice: string | null = null): Promise<void> {
    const job = this.#job;
    if (job === null || this.busy) return;
    this.trouble = null;
    this.busy = true;
    const run = this.#run;
    try {
      await this.#answered(job, choice, run);
    } catch (thrown) {
      const wrong = trouble(thrown);
      // What was copied wrongly can be copied again.
      const again = ["address", "choice"].includes((wrong.detail as { field?: string } | undefined)?.field ?? "");
      if (!again) this.#failed(wrong, run);
      else if (run === this.#run) this.trouble = wrong;
    } finally {
      if (run === this.#run) this.busy = false;
    }
  }

  async #answered(id: string, choice: string | null, run: number): Promise<void> {
    const address = this.address.trim() === "" ? null : this.address;
    const { account, choices } = await rpc("accounts.sign_in_done", { id, address, choice });
    if (account !== null) this.#connected(account, run);
    else if (run === this.#run) [this.choices, this.step] = [choices, "pick"];
  }

  #request(network: NetworkView) {
    return {
      network: network.id,
      server: this.#typed("server"),
      handle: this.#typed("handle"),
      name: this.byHand && this.name.trim() !== "" ? this.name.trim() : null,
      fields: this.#rest(["server", "handle"]),
      by_hand: this.way === "hand",
    };
  }

  /** What was typed, but for what has a place of its own. */
  #rest(beside: string[]): Record<string, string> {
    const typed = this.fields.filter((field) => !beside.includes(field.name));
    return Object.fromEntries(typed.map((field) => [field.name, this.values[field.name] ?? ""]));
  }

  #typed(name: string): string | null {
    const value = this.values[name] ?? "";
    return value.trim() === "" || !this.fields.some((field) => field.name === name) ? null : value;
  }

  #connected(account: AccountView, run: number): void {
    if (run !== this.#run) return;
    this.#job = null;
    [this.values, this.address] = [{}, ""];
    this.account = account;
    this.name = account.name;
    this.step = "done";
  }

  #failed(wrong: Trouble, run: number): void {
    if (run !== this.#run) return;
    this.#job = null;
    this.address = "";
    this.step = wrong.code === "secrets" ? "unlock" : "ask";
    this.trouble = wrong.code === "secrets" || wrong.code === "cancelled" ? null : wrong;
  }

  #forget(): void {
    this.#run += 1;
    this.#job = null;
    this.busy = false;
    [this.page, this.address, this.choices] = ["", "", []];
  }

  #reset(): void {
    this.#forget();
    [this.step, this.network, this.again, this.account, this.trouble] = ["choose", null, null, null, null];
    [this.values, this.name, this.way] = [{}, "", "fields"];
  }
}
