// The words of the page, compiled from `messages/`, and the language they are in.
export { m } from "./messages/messages.js";
export { getLocale, setLocale } from "./messages/runtime.js";
