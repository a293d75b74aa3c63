// Accounts as a person meets them: connecting step by step, what goes wrong where it was typed, and the passphrase.
import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-svelte";
import type { AccountView } from "../src/contract/AccountView";
import type { SignedIn } from "../src/contract/SignedIn";
import type { Status } from "../src/contract/Status";
import Accounts from "../src/features/accounts/Accounts.svelte";
import { FakeHost, refusal, type Answers } from "./fake-host";
import { networks } from "./preview/accounts";
import Rooted from "./Rooted.svelte";
import { accounts, status } from "./samples";

const [bluesky, mastodon] = accounts as [AccountView, AccountView];

function core(more: Answers = {}, now: Partial<Status> = {}, there: AccountView[] = accounts): FakeHost {
  return new FakeHost({
    "studio.status": () => ({ ...status, ...now }),
    "accounts.list": () => ({ accounts: there }),
    "networks.list": () => ({ networks }),
    ...more,
  });
}

async function begin(network: RegExp) {
  const screen = await render(Rooted, { of: Accounts });
  await screen.getByRole("button", { name: "Connecter un compte" }).first().click();
  await screen.getByRole("dialog").getByRole("button", { name: network }).click();
  return screen;
}

test("networks stand under who publishes there; an app password connects, and the account is named", async () => {
  const host = core({ "accounts.add": () => ({ account: bluesky }), "accounts.rename": ({ name }) => ({ account: { ...bluesky, name } }) });
  const screen = await render(Rooted, { of: Accounts });
  await screen.getByRole("button", { name: "Connecter un compte" }).click();
  await expect.element(screen.getByRole("region", { name: "Griot publie" }).getByRole("button", { name: /Bluesky/ })).toHaveFocus();
  await expect.element(screen.getByRole("region", { name: "À la main" }).getByRole("button", { name: /WhatsApp/ })).toBeVisible();
  await userEvent.keyboard("{Enter}");
  await expect.element(screen.getByLabelText("Serveur")).toHaveValue("https://bsky.social");
  await expect.element(screen.getByLabelText("Identifiant")).toHaveFocus();
  await userEvent.keyboard("sahel.bsky.social");
  const password = screen.getByLabelText("Mot de passe d’application");
  await expect.element(password).toHaveAttribute("type", "password");
  await password.fill(" abcd-efgh ");
  await screen.getByRole("button", { name: "Montrer" }).click();
  await expect.element(password).toHaveAttribute("type", "text");
  await password.click();
  await userEvent.keyboard("{Enter}");
  // What was pasted goes as it is: the core cleans it.
  await expect.poll(() => host.requests("accounts.add")).toEqual([
    { network: "bluesky", server: "https://bsky.social", handle: "sahel.bsky.social", name: null, fields: { password: " abcd-efgh " }, by_hand: false },
  ]);
  await expect.element(screen.getByRole("dialog", { name: "Compte connecté" })).toBeVisible();
  await screen.getByLabelText("Nom dans Griot").fill("Sahel officiel");
  await screen.getByRole("button", { name: "Composer une publication" }).click();
  await expect.poll(() => host.requests("accounts.rename")).toEqual([{ id: bluesky.id, name: "Sahel officiel" }]);
  await expect.poll(() => location.hash).toBe("#/composer/new");
  location.hash = "";
});

test("a refused password is said under the password, and what was typed stays", async () => {
  core({
    "accounts.add": () => {
      throw refusal("auth", "Bluesky a refusé ce mot de passe.");
    },
  });
  const screen = await begin(/Bluesky/);
  await screen.getByLabelText("Identifiant").fill("sahel.bsky.social");
  const password = screen.getByLabelText("Mot de passe d’application");
  await password.fill("faux");
  await screen.getByRole("button", { name: "Connecter", exact: true }).click();
  await expect.element(password).toHaveAccessibleDescription(/^Bluesky a refusé ce mot de passe\. Un mot de passe d’application/);
  await expect.element(password).toHaveValue("faux");
  await expect.element(screen.getByLabelText("Identifiant")).toHaveValue("sahel.bsky.social");
  await screen.getByRole("button", { name: "Retour" }).click();
  await expect.element(screen.getByRole("dialog").getByRole("button", { name: /Mastodon/ })).toBeVisible();
  await screen.getByRole("dialog").getByRole("button", { name: /Bluesky/ }).click();
  await expect.element(screen.getByLabelText("Identifiant")).toHaveValue("sahel.bsky.social");
});

test("agreeing in the browser: the page opens, its address can be copied, and the account is there", async () => {
  let agree: (done: SignedIn) => void = () => undefined;
  const host = core({
    "accounts.sign_in": () => ({ id: "job-1", page: "https://mastodon.example/oauth" }),
    "accounts.sign_in_done": () => new Promise((resolve) => (agree = resolve)),
  });
  const screen = await begin(/Mastodon/);
  await userEvent.keyboard("mastodon.example{Enter}");
  await expect.element(screen.getByText("En attente de votre accord dans le navigateur")).toBeVisible();
  expect(host.requests("accounts.sign_in")).toEqual([{ network: "mastodon", server: "mastodon.example", name: null, fields: {}, again: null }]);
  expect(host.opened).toEqual(["https://mastodon.example/oauth"]);
  await screen.getByRole("button", { name: "Copier l’adresse" }).click();
  expect(host.copied).toBe("https://mastodon.example/oauth");
  agree({ account: mastodon, choices: [] });
  await expect.element(screen.getByRole("dialog", { name: "Compte connecté" })).toBeVisible();
});

test("waiting for the browser can be stopped; a late answer changes nothing", async () => {
  let refuse: (why: unknown) => void = () => undefined;
  const host = core({
    "accounts.sign_in": () => ({ id: "job-1", page: "https://mastodon.example/oauth" }),
    "accounts.sign_in_done": () => new Promise((_, reject) => (refuse = reject)),
    "jobs.cancel": () => ({}),
  });
  const screen = await begin(/Mastodon/);
  await userEvent.keyboard("mastodon.example{Enter}");
  await screen.getByRole("button", { name: "Arrêter" }).click();
  await expect.element(screen.getByLabelText("Serveur")).toHaveValue("mastodon.example");
  expect(host.requests("jobs.cancel")).toEqual([{ id: "job-1" }]);
  refuse(refusal("cancelled", "Arrêté."));
  await expect.element(screen.getByRole("button", { name: "Continuer dans le navigateur" })).toBeEnabled();
  expect(screen.getByText("Arrêté.").elements()).toEqual([]);
});

test("a server that does not answer is said in place; a pasted token is the other way", async () => {
  const host = core({
    "accounts.sign_in": () => {
      throw refusal("offline", "mastodon.example ne répond pas.");
    },
    "accounts.add": () => ({ account: mastodon }),
  });
  const screen = await begin(/Mastodon/);
  await userEvent.keyboard("mastodon.example{Enter}");
  await expect.element(screen.getByRole("alert").filter({ hasText: "mastodon.example ne répond pas." })).toBeVisible();
  await screen.getByRole("button", { name: "Coller un jeton" }).click();
  await expect.element(screen.getByLabelText("Serveur")).toHaveValue("mastodon.example");
  await screen.getByLabelText("Jeton d’accès").fill("jeton");
  await userEvent.keyboard("{Enter}");
  await expect.poll(() => host.requests("accounts.add")).toEqual([{ network: "mastodon", server: "mastodon.example", handle: null, name: null, fields: { token: "jeton" }, by_hand: false }]);
});

test("a network by hand needs a name only, and for no passphrase", async () => {
  const host = core({ "accounts.add": () => ({ account: { ...bluesky, network: "whatsapp", state: "assisted", name: "Chaîne" } }) }, { secrets: "unset" }, []);
  const screen = await begin(/WhatsApp/);
  await userEvent.keyboard("Chaîne{Enter}");
  await expect.poll(() => host.requests("accounts.add")).toEqual([{ network: "whatsapp", server: null, handle: null, name: "Chaîne", fields: {}, by_hand: false }]);
  await expect.element(screen.getByRole("dialog", { name: "Compte ajouté" })).toBeVisible();
});

test("a group or a forum is told by the address of its page", async () => {
  const host = core({ "accounts.add": () => ({ account: { ...bluesky, network: "whatsapp", state: "assisted", name: "Chaîne" } }) }, { secrets: "unset" }, []);
  const screen = await begin(/WhatsApp/);
  await screen.getByLabelText(/Adresse du forum, du groupe ou de la page/).fill("https://whatsapp.com/channel/1");
  await userEvent.keyboard("{Enter}");
  await expect.poll(() => host.requests("accounts.add")).toEqual([
    { network: "whatsapp", server: "https://whatsapp.com/channel/1", handle: null, name: null, fields: {}, by_hand: false },
  ]);
});

test("a first passphrase is chosen twice on the way, and the way goes on with what was typed", async () => {
  const now = { secrets: "unset" as Status["secrets"] };
  const host = core(
    {
      "studio.status": () => ({ ...status, ...now }),
      "secrets.unlock": ({ passphrase }) => {
        if (passphrase.length < 8) throw refusal("secrets", "Cette phrase est trop courte.");
        now.secrets = "open";
        return {};
      },
      "accounts.add": () => ({ account: bluesky }),
    },
    {},
    [],
  );
  const screen = await begin(/Bluesky/);
  await screen.getByLabelText("Identifiant").fill("sahel.bsky.social");
  await screen.getByLabelText("Mot de passe d’application").fill("abcd");
  await userEvent.keyboard("{Enter}");
  const [phrase, again] = [screen.getByLabelText("Phrase de passe"), screen.getByLabelText("La même, encore une fois")];
  await expect.element(phrase).toHaveFocus();
  await phrase.fill("quatre mots");
  await again.fill("quatre maux");
  await userEvent.keyboard("{Enter}");
  await expect.element(again).toHaveAccessibleDescription("Les deux ne sont pas pareilles.");
  expect(host.requests("secrets.unlock")).toEqual([]);
  await phrase.fill("court");
  await again.fill("court");
  await userEvent.keyboard("{Enter}");
  await expect.element(phrase).toHaveAccessibleDescription(/^Cette phrase est trop courte\. Au moins 8 caractères/);
  await phrase.fill("quatre mots simples");
  await again.fill("quatre mots simples");
  await userEvent.keyboard("{Enter}");
  await expect.element(screen.getByLabelText("Identifiant")).toHaveValue("sahel.bsky.social");
  await screen.getByRole("button", { name: "Connecter", exact: true }).click();
  await expect.poll(() => host.requests("accounts.add")).toHaveLength(1);
});

test("locked accounts are opened on the screen; a wrong passphrase is said there", async () => {
  const now = { secrets: "locked" as Status["secrets"] };
  core({
    "studio.status": () => ({ ...status, ...now }),
    "secrets.unlock": ({ passphrase }) => {
      if (passphrase !== "la bonne phrase") throw refusal("secrets", "Ce n’est pas la phrase.");
      now.secrets = "open";
      return {};
    },
  });
  const screen = await render(Rooted, { of: Accounts });
  const phrase = screen.getByLabelText("Phrase de passe");
  await phrase.fill("une autre");
  await userEvent.keyboard("{Enter}");
  await expect.element(phrase).toHaveAccessibleDescription("Ce n’est pas la phrase.");
  await phrase.fill("la bonne phrase");
  await userEvent.keyboard("{Enter}");
  await expect.element(phrase).not.toBeInTheDocument();
});

test("an account is checked, renamed and removed; a refusal to remove stays in the dialog", async () => {
  const there = [...accounts];
  const host = core(
    {
      "accounts.check": ({ id }) => ({ accounts: there.filter((one) => one.id === id) }),
      "accounts.rename": ({ name }) => ({ account: { ...bluesky, name } }),
      "accounts.remove": () => {
        throw refusal("not_now", "2 publications attendent encore ce compte.");
      },
    },
    {},
    there,
  );
  const screen = await render(Rooted, { of: Accounts });
  const row = screen.getByRole("listitem").filter({ hasText: "Sahel Énergie" });
  await row.getByRole("button", { name: "Vérifier" }).click();
  await expect.poll(() => host.requests("accounts.check")).toEqual([{ id: bluesky.id }]);
  await row.getByRole("button", { name: "Autres actions" }).click();
  await screen.getByRole("menuitem", { name: "Renommer" }).click();
  await screen.getByLabelText("Nom dans Griot").fill("Officiel");
  await userEvent.keyboard("{Enter}");
  await expect.poll(() => host.requests("accounts.rename")).toEqual([{ id: bluesky.id, name: "Officiel" }]);
  await expect.element(screen.getByRole("dialog")).not.toBeInTheDocument();
  await row.getByRole("button", { name: "Autres actions" }).click();
  await screen.getByRole("menuitem", { name: "Retirer" }).click();
  await screen.getByRole("button", { name: "Retirer le compte" }).click();
  await expect.element(screen.getByText("2 publications attendent encore ce compte.")).toBeVisible();
});

test("a network that wants the person’s own app says what to register and asks for the app before its page opens", async () => {
  const host = core({
    "accounts.sign_in": () => ({ id: "job-1", page: "https://x.com/i/oauth2/authorize" }),
    "accounts.sign_in_done": () => new Promise(() => undefined),
  });
  const screen = await begin(/^X /);
  await expect.element(screen.getByLabelText("Identifiant client")).toHaveFocus();
  expect(screen.getByLabelText("Serveur").elements()).toHaveLength(0);
  const addresses = screen.getByRole("region", { name: "Adresses à enregistrer" });
  expect(addresses.getByRole("listitem").elements().map((line) => line.querySelector("code")?.textContent)).toEqual(
    ["27182", "27183", "27184"].map((port) => `http://127.0.0.1:${port}/oauth/callback`),
  );
  await addresses.getByRole("button", { name: "Copier l’adresse" }).nth(1).click();
  expect(host.copied).toBe("http://127.0.0.1:27183/oauth/callback");
  await screen.getByLabelText("Identifiant client").fill("mon-app");
  await userEvent.keyboard("{Enter}");
  await expect.poll(() => host.requests("accounts.sign_in")).toEqual([{ network: "x", server: "", name: null, fields: { client_id: "mon-app", client_secret: "" }, again: null }]);
  expect(host.opened).toEqual(["https://x.com/i/oauth2/authorize"]);
});

test("who connects such an account anew need not give the app again", async () => {
  const lost: AccountView = { id: "a-x", network: "x", handle: "@sahel", state: "reconnect", name: "Sahel sur X", server: "https://api.x.com" };
  const host = core({ "accounts.sign_in": () => ({ id: "job-1", page: "https://x.com/i/oauth2/authorize" }), "accounts.sign_in_done": () => new Promise(() => undefined) }, {}, [lost]);
  const screen = await render(Rooted, { of: Accounts });
  await screen.getByRole("button", { name: "Reconnecter" }).click();
  await expect.element(screen.getByLabelText("Identifiant client")).toHaveAccessibleDescription(/^Laissez vide pour garder/);
  await screen.getByRole("button", { name: "Continuer dans le navigateur" }).click();
  await expect.poll(() => host.requests("accounts.sign_in")).toEqual([{ network: "x", server: "", name: null, fields: { client_id: "", client_secret: "" }, again: "a-x" }]);
});

test("an account to reconnect opens the way with its server and handle filled", async () => {
  const lost: AccountView = { ...bluesky, state: "reconnect" };
  const host = core({ "accounts.add": () => ({ account: bluesky }) }, {}, [lost]);
  const screen = await render(Rooted, { of: Accounts });
  await screen.getByRole("button", { name: "Reconnecter" }).click();
  await expect.element(screen.getByRole("dialog", { name: "Reconnecter Sahel Énergie" })).toBeVisible();
  await expect.element(screen.getByLabelText("Serveur")).toHaveValue(lost.server);
  await expect.element(screen.getByLabelText("Identifiant")).toHaveValue(lost.handle);
  await expect.element(screen.getByLabelText("Mot de passe d’application")).toHaveFocus();
  await userEvent.keyboard("abcd{Enter}");
  await expect.poll(() => host.requests("accounts.add")).toEqual([{ network: "bluesky", server: lost.server, handle: lost.handle, name: null, fields: { password: "abcd" }, by_hand: false }]);
});

test("without accounts the screen says what one is", async () => {
  core({}, { secrets: "unset" }, []);
  const screen = await render(Rooted, { of: Accounts });
  await expect.element(screen.getByRole("heading", { name: "Aucun compte encore" })).toBeVisible();
  expect(screen.getByLabelText("Phrase de passe").elements()).toEqual([]);
});

test("what to press on the network’s side stands first, what may be left out says so", async () => {
  core();
  const screen = await begin(/Telegram/);
  await expect.element(screen.getByRole("dialog").getByRole("listitem").first()).toHaveTextContent(/@BotFather/);
  await expect.element(screen.getByLabelText("Conversation de dépôt (facultatif)")).toBeVisible();
  await expect.element(screen.getByLabelText("Canal ou groupe", { exact: true })).toBeVisible();
});

test("a network that can be connected can be published on by hand all the same", async () => {
  const host = core({ "accounts.add": () => ({ account: { ...bluesky, state: "assisted" } }) }, { secrets: "unset" });
  const screen = await begin(/Telegram/);
  await screen.getByRole("button", { name: "Publier à la main" }).click();
  await expect.element(screen.getByLabelText("Jeton d’accès")).not.toBeInTheDocument();
  await screen.getByLabelText("Nom dans Griot").fill("Canal du quartier");
  await screen.getByRole("button", { name: "Ajouter", exact: true }).click();
  await expect.poll(() => host.requests("accounts.add")).toEqual([
    { network: "telegram", server: null, handle: null, name: "Canal du quartier", fields: {}, by_hand: true },
  ]);
  await expect.element(screen.getByRole("dialog", { name: "Compte ajouté" })).toBeVisible();
});

const BACK = "https://www.facebook.com/connect/login_success.html";
const page: AccountView = { id: "a-page", network: "facebook", handle: "Café Bamako", state: "connected", name: "Café Bamako", server: "https://graph.facebook.com" };

async function agreeing(more: Answers) {
  const host = core({ "accounts.sign_in": () => ({ id: "job-1", page: "https://www.facebook.com/v26.0/dialog/oauth" }), "jobs.cancel": () => ({}), ...more });
  const screen = await begin(/^Facebook/);
  await screen.getByLabelText("Identifiant de l’application").fill("4711");
  await screen.getByLabelText("Clé secrète de l’application").fill("secret");
  await screen.getByRole("button", { name: "Continuer dans le navigateur" }).click();
  await expect.element(screen.getByLabelText("Adresse de la page où vous finissez")).toBeVisible();
  return { host, screen, field: screen.getByLabelText("Adresse de la page où vous finissez") };
}

test("where Griot cannot hear the answer, the address is pasted; a wrong one is said beside it and can be pasted again", async () => {
  let wrong = true;
  const { host, screen, field } = await agreeing({
    "accounts.sign_in_done": () => {
      if (wrong) throw refusal("bad_request", "C’est l’adresse d’une autre page.", { field: "address" });
      return { account: page, choices: [] };
    },
  });
  expect(host.requests("accounts.sign_in")).toEqual([{ network: "facebook", server: "", name: null, fields: { app_id: "4711", app_secret: "secret", version: "" }, again: null }]);
  expect(host.opened).toEqual(["https://www.facebook.com/v26.0/dialog/oauth"]);
  await expect.element(screen.getByText(BACK)).toBeVisible();
  expect(host.requests("accounts.sign_in_done")).toEqual([]);
  await field.fill("https://www.facebook.com/");
  await userEvent.keyboard("{Enter}");
  await expect.element(field).toHaveAccessibleDescription(/C’est l’adresse d’une autre page\./);
  await expect.element(field).toHaveValue("https://www.facebook.com/");
  wrong = false;
  await field.fill(`${BACK}?code=c&state=s`);
  await screen.getByRole("button", { name: "Connecter", exact: true }).click();
  await expect.element(screen.getByRole("dialog", { name: "Compte connecté" })).toBeVisible();
  expect(host.requests("accounts.sign_in_done").at(-1)).toEqual({ id: "job-1", address: `${BACK}?code=c&state=s`, choice: null });
});

test("of several Pages one is chosen; stopping there connects nothing", async () => {
  const choices = [{ id: "104", name: "Café Bamako" }, { id: "105", name: "Sahel Énergie" }];
  const { host, screen, field } = await agreeing({
    "accounts.sign_in_done": ({ choice }) => (choice === null ? { account: null, choices } : { account: page, choices: [] }),
  });
  await field.fill(`${BACK}?code=c&state=s`);
  await userEvent.keyboard("{Enter}");
  await expect.element(screen.getByRole("dialog", { name: "Quelle Page connecter ?" })).toBeVisible();
  await screen.getByRole("button", { name: "Arrêter" }).click();
  expect(host.requests("jobs.cancel")).toEqual([{ id: "job-1" }]);
  await screen.getByRole("button", { name: "Continuer dans le navigateur" }).click();
  await field.fill(`${BACK}?code=d&state=s`);
  await userEvent.keyboard("{Enter}");
  await screen.getByRole("button", { name: "Café Bamako" }).click();
  await expect.element(screen.getByRole("dialog", { name: "Compte connecté" })).toBeVisible();
  expect(host.requests("accounts.sign_in_done").at(-1)).toEqual({ id: "job-1", address: `${BACK}?code=d&state=s`, choice: "104" });
});

test("an account that stops working within days says until when, and reconnecting is the press", async () => {
  const at = "2026-12-06T09:00:00.000Z";
  const soon: AccountView = { ...page, ends: { at, soon: true, says: "jusqu’au 6 décembre, dans 5 jours", todo: "Reconnectez le compte." } };
  const far: AccountView = { ...bluesky, ends: { at, soon: false, says: "jusqu’au 3 mars, dans 92 jours", todo: null } };
  core({}, {}, [soon, far]);
  const screen = await render(Rooted, { of: Accounts });
  const near = screen.getByRole("listitem").filter({ hasText: "Café Bamako" });
  await expect.element(near.getByText("jusqu’au 6 décembre, dans 5 jours")).toBeVisible();
  await expect.element(near.getByText("Reconnectez le compte.")).toBeVisible();
  const later = screen.getByRole("listitem").filter({ hasText: bluesky.name });
  await expect.element(later.getByText("jusqu’au 3 mars, dans 92 jours")).toBeVisible();
  await expect.element(later.getByRole("button", { name: "Vérifier" })).toBeVisible();
  await near.getByRole("button", { name: "Reconnecter" }).click();
  await expect.element(screen.getByRole("dialog", { name: "Reconnecter Café Bamako" })).toBeVisible();
});
