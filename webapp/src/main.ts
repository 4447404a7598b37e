/** Starts the page. */
import { mount } from "svelte";
import App from "./App.svelte";
import "./tokens.css";
import { watchArrivals } from "./state/arrival";
import { choices } from "./state/choices.svelte";
import { session } from "./state/session.svelte";
import { words } from "./words/words.svelte";
import "./base.css";

watchArrivals();
const target = document.getElementById("app");
const dressed = choices.apply();
// Who this is, is asked while the words are on their way.
void session.ask();
// Without its service worker this is a first visit, of nobody yet: the ways in come meanwhile.
if (!navigator.serviceWorker?.controller) {
  void Promise.all([import("./screens/sign-in/Gate.svelte"), words.open("entry")]).catch(() => undefined);
}
await dressed;
if (target) mount(App, { target });
