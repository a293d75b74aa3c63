// Accounts and networks for looking at.
import type { NetworkView } from "../../src/contract/NetworkView";
import type { Answers } from "../fake-host";
import { accounts } from "../samples";

const hand = (id: NetworkView["id"], name: string): NetworkView => ({ id, name, by_hand: true, sign_in: false, fields: [] });

export const networks: NetworkView[] = [
  {
    id: "bluesky", name: "Bluesky", by_hand: false, sign_in: false,
    fields: [
      { name: "handle", label: "Identifiant", secret: false, hint: "Votre identifiant, par exemple alice.bsky.social." },
      { name: "password", label: "Mot de passe d’application", secret: true, hint: "Un mot de passe d’application : sur bsky.app, Paramètres, Confidentialité et sécurité, Mots de passe d’application. Pas celui du compte." },
    ],
  },
  {
    id: "mastodon", name: "Mastodon", by_hand: false, sign_in: true,
    fields: [
      { name: "server", label: "Serveur", secret: false, hint: "L’adresse de votre serveur, par exemple mastodon.social." },
      { name: "token", label: "Jeton d’accès", secret: true, hint: "Sur votre serveur, Préférences, Développement, Nouvelle application, avec les droits read et write." },
    ],
  },
  hand("discourse", "Discourse"), hand("facebook", "Facebook"), hand("instagram", "Instagram"), hand("linkedin", "LinkedIn"), hand("phpbb", "phpBB"),
  hand("telegram", "Telegram"), hand("threads", "Threads"), hand("tiktok", "TikTok"), hand("whatsapp", "WhatsApp"), hand("wordpress", "WordPress"),
  hand("x", "X"), hand("youtube", "YouTube"),
];

export function answers(state: string): Answers {
  const shown = [
    ...accounts,
    { id: "a-old", network: "mastodon" as const, handle: "@ancienne@piaille.example", state: "reconnect" as const, name: "Campagne de l’eau, dont le nom est bien trop long pour une seule ligne de ce tableau", server: "https://piaille.example" },
  ];
  const one = { account: { ...accounts[0]!, name: "sahel.bsky.social" } };
  return {
    "accounts.list": () => (state === "busy" ? new Promise(() => undefined) : { accounts: state === "empty" ? [] : shown }),
    "networks.list": () => ({ networks }),
    "accounts.check": ({ id }) => ({ accounts: shown.filter((account) => account.id === id) }),
    "accounts.add": () => one,
    "accounts.rename": ({ name }) => ({ account: { ...accounts[0]!, name } }),
    "accounts.remove": () => ({ accounts: [] }),
    "accounts.sign_in": () => ({ id: "job-1", page: "https://mastodon.example/oauth/authorize?response_type=code&client_id=abcdefghijklmnopqrstuvwxyz0123456789&scope=read+write&code_challenge=abcdefghijklmnopqrstuvwxyz" }),
    "accounts.sign_in_done": () => new Promise(() => undefined),
    "jobs.cancel": () => ({}),
    "secrets.unlock": () => ({}),
  };
}
