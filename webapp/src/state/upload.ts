/** What can become of a file that is given, step by step; pure, so that no late word revives what is over. */
import type { Delivery } from "../api/calls";

type Named = { name: string };
export type Upload =
  | { step: "idle" }
  | (Named & { step: "sending"; share: number; stopping: boolean })
  | (Named & { step: "reading"; id: string; share: number; waiting: boolean; stopping: boolean })
  | (Named & { step: "done" | "refused"; delivery: Delivery; repeated: boolean })
  | (Named & { step: "cancelled" })
  | (Named & { step: "failed"; why: unknown });

export type Happening =
  | { what: "chosen"; name: string }
  | { what: "sent"; share: number }
  | { what: "answered"; delivery: Delivery; repeated: boolean }
  | { what: "told"; id: string; state: Delivery["state"]; share: number }
  | { what: "found"; delivery: Delivery }
  | { what: "stopping" }
  | { what: "cancelled" }
  | { what: "failed"; why: unknown }
  | { what: "cleared" };

export const IDLE: Upload = { step: "idle" };

/** Whether a file is on its way or being read. */
export function isGoing(now: Upload): now is Extract<Upload, { step: "sending" | "reading" }> {
  return now.step === "sending" || now.step === "reading";
}

export function next(now: Upload, happening: Happening): Upload {
  switch (happening.what) {
    case "chosen":
      return isGoing(now) ? now : { step: "sending", name: happening.name, share: 0, stopping: false };
    case "cleared":
      return IDLE;
    case "found":
      return isGoing(now) ? now : arrived("", happening.delivery, false);
    default:
      return isGoing(now) ? onTheWay(now, happening) : now;
  }
}

type Going = Extract<Upload, { step: "sending" | "reading" }>;

function onTheWay(now: Going, happening: Happening): Upload {
  switch (happening.what) {
    case "sent":
      return now.step === "sending" ? { ...now, share: Math.max(now.share, happening.share) } : now;
    case "answered":
      // An answer about another file is a late one.
      if (now.step === "reading" && now.id !== happening.delivery.id) return now;
      return arrived(now.name, happening.delivery, happening.repeated, now);
    case "told":
      return told(now, happening);
    case "stopping":
      return { ...now, stopping: true };
    case "cancelled":
      return { step: "cancelled", name: now.name };
    case "failed":
      return { step: "failed", name: now.name, why: happening.why };
    default:
      return now;
  }
}

/** A word of the socket; how it ended is said by the delivery itself, which is fetched then. */
function told(now: Going, word: Extract<Happening, { what: "told" }>): Upload {
  if (now.step !== "reading" || now.id !== word.id) return now;
  if (word.state === "cancelled") return { step: "cancelled", name: now.name };
  const over = word.state === "done" || word.state === "refused";
  return { ...now, share: over ? 1 : Math.max(now.share, word.share), waiting: word.state === "waiting" };
}

function arrived(name: string, delivery: Delivery, repeated: boolean, before?: Going): Upload {
  const { id, state } = delivery;
  if (state === "done" || state === "refused") return { step: state, name, delivery, repeated };
  if (state === "cancelled") return { step: "cancelled", name };
  const share = before?.step === "reading" ? Math.max(before.share, delivery.share) : delivery.share;
  return { step: "reading", name, id, share, waiting: state === "waiting", stopping: before?.stopping ?? false };
}

/** The next whole fifth that has been reached since the last one that was said, as a share; null for nothing new. */
export function fifth(share: number, said: number): number | null {
  const reached = Math.floor(Math.min(1, share) * 5) / 5;
  return reached > said ? reached : null;
}
