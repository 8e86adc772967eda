import { createContext } from 'react';

/** Citizen number of whom the command of a form concerns, once it stands there whole: files that the form brings are noted on that person's list. */
export const Concerned = createContext<string | undefined>(undefined);

/** What somebody typed as a citizen number, when it may be one. */
export function wholeNumber(raw: unknown): string | undefined {
  const text = typeof raw === 'string' ? raw.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase() : '';
  return /^\d{17}[\dX]$/.test(text) ? text : undefined;
}
