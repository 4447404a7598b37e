/** What waits for the network on this device: captures and fixes of one person, in IndexedDB. */
import type { Fix } from "../../api/calls";
import type { Attempt } from "../../state/captures.svelte";

/** `who`: the tag of the account that they belong to. */
export type Waiting = { who: string; attempts: Attempt[]; fixes: Fix[] };

const NAME = "eplus";
const ROWS = "waiting";
const ONLY = 1;

async function opened(): Promise<IDBDatabase> {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(ROWS);
  return done(asked);
}

function done<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((well, badly) => {
    asked.onsuccess = () => well(asked.result);
    asked.onerror = () => badly(asked.error);
  });
}

async function run<T>(mode: IDBTransactionMode, act: (rows: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await done(act(database.transaction(ROWS, mode).objectStore(ROWS)));
  } finally {
    database.close();
  }
}

export const read = (): Promise<Waiting | undefined> => run("readonly", (rows) => rows.get(ONLY) as IDBRequest<Waiting | undefined>);

/** Replaces all that is kept; nothing is kept where nothing waits. */
export async function write(waiting: Waiting): Promise<void> {
  if (waiting.attempts.length || waiting.fixes.length) await run("readwrite", (rows) => rows.put(waiting, ONLY));
  else await clear();
}

export const clear = (): Promise<undefined> => run("readwrite", (rows) => rows.delete(ONLY));
