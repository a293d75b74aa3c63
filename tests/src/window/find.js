// The first thing in sight that has this role and this name, as a reader of screens would say them; else null.
const [role, name] = arguments;
const kinds = {
  button: "button, [role=button], summary, input[type=submit], input[type=button]",
  link: "a[href], [role=link]",
  textbox: "textarea, input:not([type]), input[type=text], input[type=password], input[type=url], input[type=email], input[type=search], [role=textbox], [contenteditable=true]",
  checkbox: "input[type=checkbox], [role=checkbox], [role=switch]",
  radio: "input[type=radio], [role=radio]",
  combobox: "select, [role=combobox]",
  heading: "h1, h2, h3, h4, [role=heading]",
  img: "img, [role=img]",
};
// What is hidden from readers (marks, shortcuts) is no part of a name.
const said = (element) => {
  const copy = element?.cloneNode(true);
  copy?.querySelectorAll("[aria-hidden=true]").forEach((hidden) => hidden.remove());
  return (copy?.textContent ?? "").replace(/\s+/g, " ").trim();
};
const named = (element) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) return by.split(/\s+/).map((id) => said(document.getElementById(id))).join(" ");
  const label = element.getAttribute("aria-label");
  if (label) return label;
  if (element.labels?.length) return [...element.labels].map(said).join(" ");
  return element.getAttribute("alt") ?? (said(element) || (element.getAttribute("title") ?? element.getAttribute("placeholder") ?? ""));
};
// While a dialog is open, only what stands in it is there for anybody.
const modal = [...document.querySelectorAll('[aria-modal="true"]')].at(-1) ?? document;
const usable = (element) => element.getClientRects().length > 0 && !element.disabled && element.closest("[inert]") === null;
const plain = (text) => text.replace(/[\u00a0\u202f]/g, " ").replace(/\s+/g, " ").trim();
const all = [...modal.querySelectorAll(kinds[role] ?? `[role=${role}]`)].filter(usable);
return all.find((element) => plain(named(element)) === plain(name)) ?? all.find((element) => plain(named(element)).startsWith(plain(name))) ?? null;
