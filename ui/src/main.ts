import { mount } from "svelte";
import App from "./App.svelte";
import "./lib/css/fonts.css";
import "./lib/css/tokens.css";
import "./lib/css/base.css";
import { start } from "./lib/host";

const target = document.getElementById("app");
if (target === null) throw new Error("BUG: the page has no place for itself");
// No top-level await: WKWebView of macOS 12 and older tools stumble over it.
void start().then(() => mount(App, { target }));
