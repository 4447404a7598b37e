/** What was typed into a class's table of readings: which numbers it says, what has changed, and what it comes to. */
import type { NewReading, ReadingRow } from "../../api/classes";

/** The texts of rows that differ from what is kept, by pupil. */
export type Texts = Record<string, string>;
export type Sum = { entered: number; steps: number };

const MOST_DIGITS = 9;

/** The number that a text says, null for none; undefined where it says none. Full-width digits and separators are read. */
export function said(text: string): number | null | undefined {
  const plain = text.normalize("NFKC").replace(/[\s,'’]/g, "");
  if (!plain) return null;
  return /^\d+$/.test(plain) && plain.length <= MOST_DIGITS ? Number(plain) : undefined;
}

/** What a row's text is where nobody has typed: the number that is kept. */
export const keptText = ({ steps }: ReadingRow): string => (steps === null ? "" : String(steps));

/** The rows whose number is another than the kept one, as they are sent; what says no number is left out. */
export function changes(rows: ReadingRow[], texts: Texts): NewReading[] {
  return rows.flatMap((row) => {
    const text = texts[row.person_id];
    const steps = text === undefined ? row.steps : said(text);
    return row.closed || steps === undefined || steps === row.steps ? [] : [{ person_id: row.person_id, steps, before: row.steps }];
  });
}

/** The texts that say no number, by pupil. */
export function unread(rows: ReadingRow[], texts: Texts): string[] {
  return rows.map(({ person_id }) => person_id).filter((id) => texts[id] !== undefined && said(texts[id]) === undefined);
}

/** How many pupils have a number, and what they walked together. */
export function sum(rows: ReadingRow[], texts: Texts): Sum {
  const told = rows.map((row) => (row.closed ? null : said(texts[row.person_id] ?? keptText(row)))).filter((each) => typeof each === "number");
  return { entered: told.length, steps: told.reduce((total, each) => total + each, 0) };
}

/** What takes back what was just kept: the numbers from before, for rows that still hold what was sent. */
export function undoing(sent: NewReading[], refused: { person_id: string }[]): NewReading[] {
  const left = new Set(refused.map(({ person_id }) => person_id));
  return sent.filter(({ person_id }) => !left.has(person_id)).map(({ person_id, steps, before }) => ({ person_id, steps: before, before: steps }));
}
