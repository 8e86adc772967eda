/** What a request prefers (RFC 7240). */
export interface Preferences {
  /** Milliseconds to hold for the end of the conversation; undefined when not asked for. */
  readonly waitMs: number | undefined;
  readonly returns: 'representation' | 'minimal' | undefined;
  /** `Preference-Applied` of the answer. */
  readonly applied: string;
}

/** Longest wait that is honoured: 30 s. */
const waitMax = 30;

/** Reads `Prefer: wait=5, return=minimal`; preferences that are not known or not sound are ignored, as the RFC wants. */
export function preferences(header: string | readonly string[] | undefined): Preferences {
  const text = (typeof header === 'string' ? header : (header ?? []).join(',')).slice(0, 500);
  const wait = /(?:^|[,;\s])wait\s*=\s*"?([0-9]{1,6})"?(?=$|[,;\s])/i.exec(text)?.[1];
  const returns = /(?:^|[,;\s])return\s*=\s*"?(representation|minimal)"?(?=$|[,;\s])/i
    .exec(text)?.[1]
    ?.toLowerCase();
  const seconds = wait === undefined ? undefined : Math.min(Number(wait), waitMax);
  const applied = [
    ...(seconds === undefined ? [] : [`wait=${seconds}`]),
    ...(returns === undefined ? [] : [`return=${returns}`]),
  ].join(', ');
  return {
    waitMs: seconds === undefined ? undefined : seconds * 1000,
    returns: returns === 'minimal' || returns === 'representation' ? returns : undefined,
    applied,
  };
}
