/** This browser as a place to be told: asked for leave only when somebody taps, and known to the server only then. */
import { leavePush, takePush, type BrowserAddress } from "../../api/notices";

/** `never`: this browser cannot; `refused`: somebody said no, and only the browser's own settings can change that. */
export type Leave = "never" | "refused" | "open";

export function leave(): Leave {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "never";
  return Notification.permission === "denied" ? "refused" : "open";
}

/** Whether this browser still holds the address under which it takes notices; clearing a site's data loses it. */
export async function holds(): Promise<boolean> {
  if (leave() !== "open" || Notification.permission !== "granted") return false;
  return !!(await (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription());
}

/** Has this browser take notices; false when somebody does not allow it. */
export async function turnOn(key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await navigator.serviceWorker.register("/sw.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  // One that was made with another key of the server's is of no use.
  const before = await pushManager.getSubscription();
  if (before && spelled(before.options.applicationServerKey) !== key) await before.unsubscribe();
  const found = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await takePush(found.toJSON() as BrowserAddress);
  return true;
}

/** Has this browser take notices no longer. */
export async function turnOff(): Promise<void> {
  await leavePush();
  const found = await (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();
  await found?.unsubscribe();
}

/** Base64url without padding. */
function spelled(bytes: ArrayBuffer | null): string {
  const plain = btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0))));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
