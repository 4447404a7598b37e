/** The service worker: shows what the server pushes, one notification for each notice, and opens the list when tapped. */
// @ts-check
/// <reference lib="webworker" />

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const LIST = "/#/notices";

// A page that was open before this worker came is its own too, so that a tap can move it to the list.
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("push", (event) => {
  /** @type {{ id: string, lang: string, subject: string, text: string }} */
  const told = event.data?.json();
  // The same notice may come twice; under the same tag it is shown once.
  const shown = worker.registration.showNotification(told.subject, { body: told.text, lang: told.lang, tag: told.id });
  event.waitUntil(shown);
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open());
});

/** A browser may give itself another address; the server has to know it, or this one would fall silent. */
worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => {
  event.waitUntil(renew(event.oldSubscription));
});

async function open() {
  const pages = await worker.clients.matchAll({ type: "window" });
  const page = pages.find((each) => each.focused) ?? pages[0];
  if (!page) return worker.clients.openWindow(LIST);
  const there = await page.navigate(LIST);
  return (there ?? page).focus();
}

/** @param {PushSubscription | undefined} before */
async function renew(before) {
  if (!before) return;
  const fresh = await worker.registration.pushManager.subscribe(before.options);
  const headers = { "Content-Type": "application/json" };
  await fetch("/api/push/subscriptions", { method: "POST", headers, body: JSON.stringify(fresh) });
}
