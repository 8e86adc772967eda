/** One thing that was looked at. `odd` is worth knowing and harms nothing yet. */
export interface Finding {
  readonly state: 'good' | 'odd' | 'bad';
  readonly what: string;
  readonly found: string;
  readonly remedy?: string;
}

/** All is as it should be. */
export function good(what: string, found: string): Finding {
  return { state: 'good', what, found };
}

/** Something is wrong, and this is the remedy. */
export function bad(what: string, found: string, remedy: string): Finding {
  return { state: 'bad', what, found, remedy };
}

/** Worth knowing. */
export function odd(what: string, found: string, remedy: string): Finding {
  return { state: 'odd', what, found, remedy };
}
