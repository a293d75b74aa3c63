// Words about accounts and networks. Every value of the contract stands here: one that is added there does not compile until it does.
import CircleCheck from "@lucide/svelte/icons/circle-check";
import Hand from "@lucide/svelte/icons/hand";
import UserX from "@lucide/svelte/icons/user-x";
import type { AccountState } from "$contract/AccountState";
import type { ConnectFieldView } from "$contract/ConnectFieldView";
import type { NetworkId } from "$contract/NetworkId";
import { m } from "$lib/words";

interface Look {
  word: () => string;
  icon: typeof CircleCheck;
  tone: "calm" | "due" | "ok";
  text?: () => string;
}

export const STATES: Record<AccountState, Look> = {
  connected: { word: m.accounts_state_connected, icon: CircleCheck, tone: "ok" },
  reconnect: { word: m.accounts_state_reconnect, icon: UserX, tone: "due", text: m.accounts_text_reconnect },
  assisted: { word: m.accounts_state_assisted, icon: Hand, tone: "calm", text: m.accounts_text_assisted },
};

/** One sentence about a network: what is published there. */
export const NETWORKS: Record<NetworkId, () => string> = {
  bluesky: m.accounts_net_bluesky,
  mastodon: m.accounts_net_mastodon,
  facebook: m.accounts_net_facebook,
  instagram: m.accounts_net_instagram,
  x: m.accounts_net_x,
  telegram: m.accounts_net_telegram,
  wordpress: m.accounts_net_wordpress,
  discourse: m.accounts_net_discourse,
  whatsapp: m.accounts_net_whatsapp,
  phpbb: m.accounts_net_phpbb,
  linkedin: m.accounts_net_linkedin,
  tiktok: m.accounts_net_tiktok,
  youtube: m.accounts_net_youtube,
  threads: m.accounts_net_threads,
};

const FIELDS: Record<string, () => string> = {
  server: m.accounts_field_server,
  handle: m.accounts_field_handle,
  password: m.accounts_field_password,
  token: m.accounts_field_token,
};

/** What a field is called: the core's word, else the usual one. */
export function fieldLabel(field: ConnectFieldView): string {
  return field.label || FIELDS[field.name]?.() || field.name;
}

/** `mastodon.example`: an address as people say it. */
export function serverName(address: string): string {
  return address.replace(/^https?:\/\//, "").replace(/\/$/, "");
}
