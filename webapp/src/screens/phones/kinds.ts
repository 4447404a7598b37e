/** The ways in which a phone can send steps, how each is set up, and what its phone is called at first. */
import type { WordKey } from "../../words/words.svelte";

export const KINDS = ["shortcut", "health_auto_export", "hc_webhook"] as const;
export type Kind = (typeof KINDS)[number];

/** The steps of setting up, in their order. */
export const GUIDES: Record<Kind, readonly WordKey[]> = {
  shortcut: [
    "phones.shortcut_1",
    "phones.shortcut_2",
    "phones.shortcut_3",
    "phones.shortcut_4",
    "phones.shortcut_5",
    "phones.shortcut_6",
    "phones.shortcut_7",
  ],
  health_auto_export: [
    "phones.health_auto_export_1",
    "phones.health_auto_export_2",
    "phones.health_auto_export_3",
    "phones.health_auto_export_4",
    "phones.health_auto_export_5",
    "phones.health_auto_export_6",
  ],
  hc_webhook: ["phones.hc_webhook_1", "phones.hc_webhook_2", "phones.hc_webhook_3", "phones.hc_webhook_4", "phones.hc_webhook_5"],
};

/** The step behind which the three fields of a Shortcut are listed. */
export const FIELDS_AT: WordKey = "phones.shortcut_6";
export const LONGEST_NAME = 60;
/** The header that carries the key, and what is written in it. */
export const HEADER = "Authorization";
export const bearer = (key: string): string => `Bearer ${key}`;

/** Whether a text can be a key, as one that came by a link. */
export const isKey = (text: string): boolean => /^eplus_[\w-]{43}$/.test(text);

/** A name that no other phone has: the plain one, or the first free number behind it. */
export function freeName(plain: string, taken: readonly string[]): string {
  let name = plain;
  for (let number = 2; taken.includes(name); number++) name = `${plain} ${number}`;
  return name;
}
