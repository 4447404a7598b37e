/** Starts the page. */
import { mount } from "svelte";
import App from "./App.svelte";
import "./tokens.css";
import { watchArrivals } from "./state/arrival";
import { choices } from "./state/choices.svelte";
import { route } from "./state/route.svelte";
import { session } from "./state/session.svelte";
import { words } from "./words/words.svelte";
import "./base.css";

watchArrivals();
const target = document.getElementById("app");
const dressed = choices.apply();
// Who this is, is asked while the words are on their way.
void session.ask();
// What the next screen needs comes meanwhile. Without its service worker this is a first visit, of nobody yet.
const early: Promise<unknown>[] = [];
if (!navigator.serviceWorker?.controller) early.push(import("./screens/sign-in/Gate.svelte"), words.open("entry"));
if (route.steps) early.push(import("./screens/steps/Steps.svelte"), words.open("steps"));
void Promise.all(early).catch(() => undefined);
await dressed;
if (target) mount(App, { target });
