/** Which rooms Me lists, in which groups; what cannot concern the reader is left out. */
import type { IconName } from "../parts/icons";
import type { WordKey } from "../words/words.svelte";

/** What is known of whoever is signed in, as far as the list depends on it. */
type Reader = { roles: string[]; child: boolean; name: unknown };
export type RoomLine = { href: string; icon: IconName; word: WordKey; shown: (reader: Reader) => boolean };
export type RoomGroup = { word: WordKey; rooms: RoomLine[] };

const all = (): boolean => true;
const player = ({ name }: Reader): boolean => !!name;
const has = (role: string) => ({ roles }: Reader): boolean => roles.includes(role);

const GROUPS: RoomGroup[] = [
  {
    word: "group.work",
    rooms: [
      { href: "#/classes", icon: "list", word: "rooms.classes", shown: has("teacher") },
      { href: "#/counter", icon: "tick", word: "rooms.counter", shown: has("counter") },
      { href: "#/appeals", icon: "clock", word: "rooms.appeals", shown: has("staff") },
      { href: "#/trackers", icon: "refresh", word: "rooms.trackers", shown: has("staff") },
      { href: "#/organisations", icon: "board", word: "rooms.organisations", shown: ({ child }) => !child },
    ],
  },
  {
    word: "group.play",
    rooms: [
      { href: "#/family", icon: "family", word: "family.title", shown: player },
      { href: "#/companions", icon: "person", word: "rooms.companions", shown: player },
      { href: "#/join", icon: "school", word: "rooms.join", shown: player },
    ],
  },
  {
    word: "group.account",
    rooms: [
      { href: "#/account", icon: "person", word: "account.title", shown: all },
      { href: "#/security", icon: "lock", word: "rooms.security", shown: all },
      { href: "#/notices", icon: "info", word: "told.title", shown: all },
    ],
  },
  {
    word: "group.care",
    rooms: [
      { href: "#/carers", icon: "care", word: "rooms.carers", shown: player },
      { href: "#/identity", icon: "tick", word: "rooms.identity", shown: (reader) => player(reader) && !reader.child },
      { href: "#/data", icon: "file", word: "rooms.data", shown: all },
      { href: "#/privacy", icon: "eye", word: "rooms.privacy", shown: all },
    ],
  },
];

/** What people come for first: whoever works here sees work first, others last. */
const WORKS = ["teacher", "staff", "clinician", "booth", "counter", "admin"];

/** The groups of rooms for a reader, none of them empty. */
export function roomsOf(reader: Reader): RoomGroup[] {
  const [work, ...others] = GROUPS as [RoomGroup, ...RoomGroup[]];
  const ordered = reader.roles.some((role) => WORKS.includes(role)) ? [work, ...others] : [...others, work];
  return ordered
    .map(({ word, rooms }) => ({ word, rooms: rooms.filter(({ shown }) => shown(reader)) }))
    .filter(({ rooms }) => rooms.length);
}
