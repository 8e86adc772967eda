import { useEffect, useState } from 'react';

/** Milliseconds after the last key when a draft is kept. */
const calmMs = 800;

/** A draft that is kept in this browser's own store until its form was sent. */
export interface Draft {
  /** When it was last kept. */
  readonly savedAt: number | undefined;
  /** It was sent: nothing is kept any more. */
  clear(): void;
  /** Begins anew. */
  restart(): void;
}

interface Kept<T> {
  readonly at: number;
  readonly value: T;
}

/**
 * What stands in a form, kept as it is typed under `key` for this tab's session. Whole citizen numbers are never kept: who shares a computer
 * must not find them.
 */
export function useDraft<T extends object>(key: string, first: T): readonly [T, (next: T) => void, Draft] {
  const place = `yitong draft ${key}`;
  // What the page was opened for counts more than what was begun before.
  const [value, setValue] = useState<T>(() => ({ ...kept<T>(place)?.value, ...first }));
  const [savedAt, setSavedAt] = useState<number | undefined>(() => kept<T>(place)?.at);
  const [touched, setTouched] = useState(false);
  useEffect(() => {
    if (!touched) return;
    const keep = () => {
      const at = Date.now();
      const text = JSON.stringify({ at, value }, (_, inner) => (isCitizenId(inner) ? '' : inner));
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
  }, [place, value, touched]);
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
  };
  return [value, change, { savedAt, clear: forget, restart }];
}

function kept<T>(place: string): Kept<T> | undefined {
  const text = sessionStorage.getItem(place);
  return text === null ? undefined : JSON.parse(text);
}

function isCitizenId(value: unknown): boolean {
  return typeof value === 'string' && /^\d{17}[\dXx]$/.test(value.trim());
}
