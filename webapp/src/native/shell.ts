/** The app on a phone that shows this page, and what of its health plugin we use; a browser has neither. */

/** A stretch of time as the phone's health store totals it: an ISO moment, and the steps from then on. */
export type Bucket = { startDate: string; value: number };
type Steps = { read: ["steps"] };
type Allowed = { readAuthorized: string[] };
type Query = { dataType: "steps"; startDate: string; endDate: string; bucket: "hour" | "day"; aggregation: "sum" };

/** As `@capgo/capacitor-health` 8 defines them. */
export type Health = {
  isAvailable: () => Promise<{ available: boolean }>;
  checkAuthorization: (asked: Steps) => Promise<Allowed>;
  requestAuthorization: (asked: Steps) => Promise<Allowed>;
  queryAggregated: (asked: Query) => Promise<{ samples: Bucket[] }>;
};

type Capacitor = { isNativePlatform?: () => boolean; getPlatform?: () => string; Plugins?: { Health?: Health } };

function capacitor(): Capacitor | undefined {
  return (globalThis as { Capacitor?: Capacitor }).Capacitor;
}

/** Whether this page is shown by the app. */
export function inShell(): boolean {
  return capacitor()?.isNativePlatform?.() ?? false;
}

/** The phone's health store; null where the app has none. */
export function health(): Health | null {
  return capacitor()?.Plugins?.Health ?? null;
}

/** What a phone is called that nobody has named. */
export function phoneName(): string {
  return capacitor()?.getPlatform?.() === "ios" ? "iPhone" : "Android";
}
