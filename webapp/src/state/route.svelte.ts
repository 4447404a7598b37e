/** Which of the tabs is open; it is the address's hash, so that back and reload work. */

export const TABS = ["today", "board", "me"] as const;
export type Tab = (typeof TABS)[number];

function read(): Tab {
  const name = location.hash.replace(/^#\/?/, "");
  return TABS.find((tab) => tab === name) ?? "today";
}

class Route {
  tab = $state<Tab>(read());

  constructor() {
    addEventListener("hashchange", () => {
      this.tab = read();
      scrollTo(0, 0);
    });
  }

  go(tab: Tab): void {
    location.hash = `/${tab}`;
  }
}

export const route = new Route();
