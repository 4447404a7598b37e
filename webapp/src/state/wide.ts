/** Whether the screen is wide enough for a rail beside the page, and so for tables. */
import { MediaQuery } from "svelte/reactivity";

export const wide = new MediaQuery("min-width: 900px");
