import { useEffect, useState } from 'react';
import { draftKey, isPersonGone } from '../app/kept.ts';

/** Milliseconds after the last key when a draft is kept. */
const calmMs = 800;

/** A draft that is kept in this browser's own store until its form was sent. */
export interface Draft {
  /** When it was last kept. */
  readonly savedAt: number | undefined;
  /** The version of a record that it relies on. */
  readonly seen: string | undefined;
  /** It relies on this version from now on. */
  rely(at: string): void;
  /** It was sent: nothing is kept any more. */
  clear(): void;
  /** Begins anew. */
  restart(): void;
}

interface Kept<T> {
  readonly at: number;
  readonly value: T;
  readonly seen?: string;
}

/**
 * What stands in a form, kept as it is typed under `key` for this tab's session. Whole citizen numbers are never kept: who shares a computer
 * must not find them. `at`: the version of the record that the form was opened from; a draft keeps the one that it was begun from.
 */
export function useDraft<T extends object>(
  key: string,
  first: T,
  at?: string,
): readonly [T, (next: T) => void, Draft] {
  const place = draftKey(key);
  // What the page was opened for counts more than what was begun before.
  const [value, setValue] = useState<T>(() => ({ ...kept<T>(place)?.value, ...first }));
  const [savedAt, setSavedAt] = useState<number | undefined>(() => kept<T>(place)?.at);
  const [seen, setSeen] = useState<string | undefined>(() => kept<T>(place)?.seen ?? at);
  const [touched, setTouched] = useState(false);
  useEffect(() => {
    if (!touched) return;
    const keep = () => {
      if (isPersonGone()) return;
      const at = Date.now();
      const text = JSON.stringify({ at, value, seen }, (_, inner) => (isCitizenId(inner) ? '' : inner));
      sessionStorage.setItem(place, text);
      setSavedAt(at);
    };
    const timer = setTimeout(keep, calmMs);
    // Whoever reloads or leaves at once loses nothing either.
    window.addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', keep);
    };
  }, [place, value, seen, touched]);
  const forget = () => {
    sessionStorage.removeItem(place);
    setTouched(false);
    setSavedAt(undefined);
  };
  const change = (next: T) => {
    setTouched(true);
    setValue(next);
  };
  const restart = () => {
    forget();
    setValue(first);
    setSeen(at);
  };
  return [value, change, { savedAt, seen, rely: setSeen, clear: forget, restart }];
}

function kept<T>(place: string): Kept<T> | undefined {
  const text = sessionStorage.getItem(place);
  return text === null ? undefined : JSON.parse(text);
}

function isCitizenId(value: unknown): boolean {
  return typeof value === 'string' && /^\d{17}[\dXx]$/.test(value.trim());
}
