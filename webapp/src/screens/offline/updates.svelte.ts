/** The service worker of this page, and whether a newer one waits to take over. */
const LOOK_EVERY_MS = 3_600_000;

class Updates {
  waiting = $state.raw<ServiceWorker | null>(null);
  #taken = false;

  async begin(): Promise<void> {
    if (!("serviceWorker" in navigator)) return;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      // Other tabs have something under way, perhaps: only the one that asked loads the new version.
      if (this.#taken) location.reload();
    });
    const registration = await navigator.serviceWorker.register("/sw.js");
    const look = (): void => {
      // Without a worker before it a first one waits for nothing.
      this.waiting = registration.active ? registration.waiting : null;
    };
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
    look();
    setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
  }

  /** Lets the new version take over; the page then loads anew. */
  take(): void {
    this.#taken = true;
    this.waiting?.postMessage({ takeOver: true });
  }
}

export const updates = new Updates();

/** Has the service worker keep answers; `again`: also those that it has. */
export async function keep(paths: string[], again = false): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  (await navigator.serviceWorker.ready).active?.postMessage({ keep: paths, again });
}
