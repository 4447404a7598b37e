/** The service worker: keeps the page and a person's day for when there is no network, and shows what the server pushes. */
// @ts-check
/// <reference lib="webworker" />

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** The files of this version and their digest, which the build writes here: a new version is one new file; `later` are kept once used. */
const SHELL = { version: "none", files: /** @type {string[]} */ ([]), later: /** @type {string[]} */ ([]) };

const SHELL_CACHE = `shell-${SHELL.version}`;
const OWN_CACHE = "own";
const OWN = /^\/api\/(session|today|parks|parks\/[^/]+)$/;
const PATIENCE_MS = 4_000;
/** Every turn makes answers stale that were asked for before it: they may be somebody else's. */
let turn = 0;

worker.addEventListener("install", (event) => event.waitUntil(keepShell()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (SHELL.files.includes(pathname)) event.respondWith(fromShell(request, pathname));
  else if (SHELL.later.includes(pathname)) event.respondWith(onceUsed(event, pathname));
  // Whoever acts for another sees what the server says now, or nothing.
  else if (OWN.test(pathname) && !request.headers.has("X-Acting-For")) event.respondWith(freshOrKept(event));
});

worker.addEventListener("message", (event) => {
  const { takeOver, forget, keep } = event.data;
  if (takeOver) void worker.skipWaiting();
  if (forget) event.waitUntil(forgetOwn());
  if (keep) event.waitUntil(keepOwn(keep, event.data.again));
});

async function keepShell() {
  const cache = await caches.open(SHELL_CACHE);
  const add = async (/** @type {string} */ path) => {
    // What stands under /assets/ never changes: the version before may have it already.
    const before = path.startsWith("/assets/") ? await caches.match(path) : undefined;
    const answer = before ?? (await fetch(path, { cache: "no-cache" }));
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    await cache.put(path, answer);
  };
  await Promise.all(SHELL.files.map(add));
  // What was used once stays at hand in the next version, as far as that has it too.
  const stays = async (/** @type {string} */ path) => {
    const before = await caches.match(path, { ignoreVary: true });
    if (before) await cache.put(path, before);
  };
  await Promise.all(SHELL.later.map(stays));
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name !== SHELL_CACHE && name !== OWN_CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  // A page that was open before this worker came is its own too: a tap on a notice can move it, and its answers are kept.
  await worker.clients.claim();
}

/** @param {Request} request @param {string} path */
async function fromShell(request, path) {
  return (await caches.match(path, { cacheName: SHELL_CACHE, ignoreVary: true })) ?? fetch(request);
}

/** @param {FetchEvent} event @param {string} path */
async function onceUsed(event, path) {
  const before = await caches.match(path, { cacheName: SHELL_CACHE, ignoreVary: true });
  if (before) return before;
  const answer = await fetch(event.request);
  const keep = async (/** @type {Response} */ copy) => (await caches.open(SHELL_CACHE)).put(path, copy);
  // A full phone goes without; the answer is there all the same.
  if (answer.ok) event.waitUntil(keep(answer.clone()).catch(() => undefined));
  return answer;
}

/**
 * What the network answers within four seconds, else what it answered last, marked with its time.
 * @param {FetchEvent} event
 */
async function freshOrKept(event) {
  const { request } = event;
  const began = turn;
  const asked = fetch(request).then(async (answer) => (await keepAnswer(request.url, answer.clone(), began), answer));
  event.waitUntil(asked.catch(() => undefined));
  const late = new Promise((go) => setTimeout(go, PATIENCE_MS));
  const fresh = await Promise.race([asked.catch(() => undefined), late]);
  if (fresh || began !== turn) return asked;
  return (await kept(request.url)) ?? asked;
}

/** @param {string} url @param {Response} answer @param {number} began */
async function keepAnswer(url, answer, began) {
  if (began !== turn) return;
  if (answer.status === 401) return forgetOwn();
  if (answer.status !== 200) return;
  const text = await answer.text();
  if (new URL(url).pathname === "/api/session") {
    const { me } = JSON.parse(text);
    const before = await (await kept(url))?.json();
    if (!me || (before && before.me.tag !== me.tag)) await forgetOwn();
    else if (began !== turn) return;
    if (!me) return;
  } else if (began !== turn) return;
  const headers = { "Content-Type": "application/json", "X-Kept-At": new Date().toISOString() };
  const now = turn;
  const cache = await caches.open(OWN_CACHE);
  // What is put into a cache that was deleted meanwhile goes with it.
  if (now === turn) await cache.put(url, new Response(text, { headers }));
}

/** What was kept under an address; another day's parks and finds are of no use. @param {string} url */
async function kept(url) {
  const found = await caches.match(url, { cacheName: OWN_CACHE });
  const sameDay = day(found?.headers.get("X-Kept-At")) === day(new Date().toISOString());
  return sameDay || url.endsWith("/api/session") ? found : undefined;
}

/** The day in Hong Kong. @param {string | null | undefined} iso */
function day(iso) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Hong_Kong" }).format(new Date(iso ?? 0));
}

/** Fetches what the page will want without a network. @param {string[]} paths @param {boolean} again also what is kept */
async function keepOwn(paths, again) {
  for (const path of paths) {
    const url = new URL(path, worker.location.origin).href;
    if (!again && (await kept(url))) continue;
    const began = turn;
    await keepAnswer(url, await fetch(url), began);
  }
}

/** Nothing of one person is answered to the next. */
async function forgetOwn() {
  turn += 1;
  await caches.delete(OWN_CACHE);
}

const LIST = "/#/notices";

worker.addEventListener("push", (event) => {
  /** @type {{ id: string, lang: string, subject: string, text: string }} */
  const { subject, text: body, lang, id: tag } = event.data?.json();
  // The same notice may come twice; under the same tag it is shown once.
  const shown = worker.registration.showNotification(subject, { body, lang, tag, icon: "/icons/192.png", badge: "/icons/badge-96.png" });
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
