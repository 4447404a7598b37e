/** Starts the page. */
import { mount } from "svelte";
import App from "./App.svelte";
import "./tokens.css";
import { choices } from "./state/choices.svelte";
import "./base.css";

const target = document.getElementById("app");
await choices.apply();
if (target) mount(App, { target });
