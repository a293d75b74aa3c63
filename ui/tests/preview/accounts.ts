// Accounts and networks for looking at.
import type { NetworkView } from "../../src/contract/NetworkView";
import type { Answers } from "../fake-host";
import { accounts } from "../samples";

const hand = (id: NetworkView["id"], name: string): NetworkView => ({ id, name, by_hand: true, sign_in: false, fields: [], guide: [] });

export const networks: NetworkView[] = [
  {
    id: "bluesky", name: "Bluesky", by_hand: false, sign_in: false,
    fields: [
      { name: "handle", label: "Identifiant", secret: false, optional: false, hint: "Votre identifiant, par exemple alice.bsky.social." },
      { name: "password", label: "Mot de passe d’application", secret: true, optional: false, hint: "Un mot de passe d’application : sur bsky.app, Paramètres, Confidentialité et sécurité, Mots de passe d’application. Pas celui du compte." },
    ],
    guide: ["Sur bsky.app : Paramètres, Confidentialité et sécurité, Mots de passe d’application, Ajouter.", "Donnez-lui le nom Griot et copiez le mot de passe affiché : il ne l’est qu’une fois."],
  },
  {
    id: "mastodon", name: "Mastodon", by_hand: false, sign_in: true,
    fields: [
      { name: "server", label: "Serveur", secret: false, optional: false, hint: "L’adresse de votre serveur, par exemple mastodon.social." },
      { name: "token", label: "Jeton d’accès", secret: true, optional: false, hint: "Sur votre serveur, Préférences, Développement, Nouvelle application, avec les droits read et write." },
    ],
    guide: [],
  },
  {
    id: "telegram", name: "Telegram", by_hand: false, sign_in: false,
    fields: [
      { name: "token", label: "Jeton d’accès", secret: true, optional: false, hint: "Le jeton de votre robot : dans Telegram, écrivez /newbot à @BotFather et copiez le jeton qu’il répond." },
      { name: "channel", label: "Canal ou groupe", secret: false, optional: false, hint: "Le canal ou le groupe, par exemple @moncanal." },
      { name: "desk", label: "Conversation de dépôt", secret: false, optional: true, hint: "Votre numéro sur Telegram." },
    ],
    guide: ["Dans Telegram, écrivez /newbot à @BotFather et suivez ses questions.", "Dans votre canal : Gérer, Administrateurs, Ajouter, et choisissez le robot, avec le droit de publier."],
  },
  hand("discourse", "Discourse"), hand("facebook", "Facebook"), hand("instagram", "Instagram"), hand("linkedin", "LinkedIn"), hand("phpbb", "phpBB"),
  hand("threads", "Threads"), hand("tiktok", "TikTok"), hand("whatsapp", "WhatsApp"), hand("wordpress", "WordPress"),
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
