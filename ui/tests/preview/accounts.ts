// Accounts and networks for looking at.
import type { NetworkView } from "../../src/contract/NetworkView";
import type { Answers } from "../fake-host";
import { accounts } from "../samples";

const hand = (id: NetworkView["id"], name: string): NetworkView => ({ id, name, by_hand: true, sign_in: false, page: null, fields: [], guide: [] });

export const networks: NetworkView[] = [
  {
    id: "bluesky", name: "Bluesky", by_hand: false, sign_in: false, page: null,
    fields: [
      { name: "handle", label: "Identifiant", secret: false, optional: false, hint: "Votre identifiant, par exemple alice.bsky.social." },
      { name: "password", label: "Mot de passe d’application", secret: true, optional: false, hint: "Un mot de passe d’application : sur bsky.app, Paramètres, Confidentialité et sécurité, Mots de passe d’application. Pas celui du compte." },
    ],
    guide: ["Sur bsky.app : Paramètres, Confidentialité et sécurité, Mots de passe d’application, Ajouter.", "Donnez-lui le nom Griot et copiez le mot de passe affiché : il ne l’est qu’une fois."],
  },
  {
    id: "mastodon", name: "Mastodon", by_hand: false, sign_in: true, page: null,
    fields: [
      { name: "server", label: "Serveur", secret: false, optional: false, hint: "L’adresse de votre serveur, par exemple mastodon.social." },
      { name: "token", label: "Jeton d’accès", secret: true, optional: false, hint: "Sur votre serveur, Préférences, Développement, Nouvelle application, avec les droits read et write." },
    ],
    guide: [],
  },
  {
    id: "telegram", name: "Telegram", by_hand: false, sign_in: false, page: null,
    fields: [
      { name: "token", label: "Jeton d’accès", secret: true, optional: false, hint: "Le jeton de votre robot : dans Telegram, écrivez /newbot à @BotFather et copiez le jeton qu’il répond." },
      { name: "channel", label: "Canal ou groupe", secret: false, optional: false, hint: "Le canal ou le groupe, par exemple @moncanal." },
      { name: "desk", label: "Conversation de dépôt", secret: false, optional: true, hint: "Votre numéro sur Telegram." },
    ],
    guide: ["Dans Telegram, écrivez /newbot à @BotFather et suivez ses questions.", "Dans votre canal : Gérer, Administrateurs, Ajouter, et choisissez le robot, avec le droit de publier."],
  },
  {
    id: "facebook", name: "Facebook", by_hand: false, sign_in: true,
    page: {
      fields: [
        { name: "app_id", label: "Identifiant de l’application", secret: false, optional: false, hint: "Le numéro de votre application : sur developers.facebook.com, Mes apps." },
        { name: "app_secret", label: "Clé secrète de l’application", secret: true, optional: false, hint: "Au même endroit, sous « Clé secrète »." },
        { name: "version", label: "Version", secret: false, optional: true, hint: "La version de l’API Graph ; laissez vide." },
      ],
      callbacks: [], ends_on: "https://www.facebook.com/connect/login_success.html",
      guide: ["Sur developers.facebook.com : Mes apps, Créer une app, type Business."],
    },
    fields: [{ name: "token", label: "Jeton d’accès", secret: true, optional: false, hint: "Un jeton d’accès qui dure." }],
    guide: [],
  },
  hand("discourse", "Discourse"), hand("instagram", "Instagram"), hand("linkedin", "LinkedIn"), hand("phpbb", "phpBB"),
  hand("threads", "Threads"), hand("tiktok", "TikTok"), hand("whatsapp", "WhatsApp"), hand("wordpress", "WordPress"),
  {
    id: "x", name: "X", by_hand: false, sign_in: true,
    page: {
      fields: [
        { name: "client_id", label: "Identifiant client", secret: false, optional: false, hint: "L’identifiant client de votre application : sur console.x.com, Apps, votre application, Keys and tokens, OAuth 2.0 Client ID." },
        { name: "client_secret", label: "Secret client", secret: true, optional: true, hint: "Laissez vide pour une application « Native App ». X n’en donne un qu’aux applications web." },
      ],
      ends_on: null, callbacks: ["http://127.0.0.1:27182/oauth/callback", "http://127.0.0.1:27183/oauth/callback", "http://127.0.0.1:27184/oauth/callback"],
      guide: [
        "Sur console.x.com : créez une application et achetez des crédits. X facture chaque message.",
        "Dans l’application : User authentication settings, droit Read and write, type Native App.",
        "Sous Callback URI, ajoutez les adresses ci-dessous, exactement comme elles sont écrites.",
      ],
    },
    fields: ["Clé d’API", "Secret de la clé d’API", "Jeton d’accès", "Secret du jeton d’accès"].map((label, n) => ({ name: `key_${n}`, label, secret: true, optional: false, hint: "Sur console.x.com, Apps, votre application, Keys and tokens." })),
    guide: ["Onglet Keys and tokens : copiez les quatre clés. X ne montre les secrets qu’une fois."],
  },
  hand("youtube", "YouTube"),
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
