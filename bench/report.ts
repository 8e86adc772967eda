/** What one bench measured, medians over its rounds. A ratio is figure ÷ baseline. */
export interface Result {
  readonly figures: Readonly<Record<string, number>>;
  readonly baselines: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  /** CPU of each process for one message or bill, in µs. */
  readonly cpuMicros: Readonly<Record<string, number>>;
  /** One sentence: what keeps the main figure from being better. */
  readonly limit: string;
  readonly goals: readonly Goal[];
}

/** A promise about a figure or a ratio of a bench. */
export interface Goal {
  readonly of: string;
  readonly least?: number;
  readonly most?: number;
}

/** The middle of several values; the mean of the middle two when they are even in number. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** The value below which a share (0 to 1) of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Medians of the same figures in several rounds. */
export function medians<K extends string>(rounds: readonly Readonly<Record<K, number>>[]): Record<K, number> {
  const names = Object.keys(rounds[0] ?? {}) as K[];
  const pairs = names.map((name) => [name, median(rounds.map((round) => round[name]))] as const);
  return Object.fromEntries(pairs) as Record<K, number>;
}

/** The results as JSON: numbers rounded to what the noise of a run leaves of them. */
export function asJson(run: unknown, results: ReadonlyMap<string, Result>): string {
  const benches = [...results].map(([name, { figures, baselines, ratios, cpuMicros, limit }]) => {
    const parts = { baselines: short(baselines), ratios: short(ratios), cpuMicros: short(cpuMicros) };
    return [name, { ...short(figures), ...parts, limit }] as const;
  });
  return JSON.stringify({ run, ...Object.fromEntries(benches) });
}

/** The results as a table for people. */
export function asTable(results: ReadonlyMap<string, Result>): string {
  return [...results].map(([name, result]) => section(name, result)).join('\n');
}

function section(name: string, result: Result): string {
  const { figures, baselines, ratios, cpuMicros, goals, limit } = result;
  const goalOf = new Map(goals.map((goal) => [goal.of, goal]));
  const lines = [
    ...Object.entries(figures).map(([of, value]) => line(of, value, goalOf.get(of))),
    ...Object.entries(baselines).map(([of, value]) => line(`baseline ${of}`, value, undefined)),
    ...Object.entries(ratios).map(([of, value]) => line(`ratio to ${of}`, value, goalOf.get(of))),
    ...Object.entries(cpuMicros).map(([of, value]) => line(`CPU µs at ${of}`, value, undefined)),
  ];
  return `${name}\n${lines.join('\n')}\n  limit: ${limit}\n`;
}

function line(of: string, value: number, goal: Goal | undefined): string {
  const shown = significant(value).toLocaleString('en');
  return `  ${of.padEnd(36)}${shown.padStart(12)}${goal === undefined ? '' : `   ${verdict(value, goal)}`}`;
}

function verdict(value: number, { least, most }: Goal): string {
  const wish = least === undefined ? `≤ ${most?.toLocaleString('en')}` : `≥ ${least.toLocaleString('en')}`;
  return `goal ${wish}: ${meets(value, { least, most }) ? 'reached' : 'missed'}`;
}

function meets(value: number, goal: { least: number | undefined; most: number | undefined }): boolean {
  return value >= (goal.least ?? value) && value <= (goal.most ?? value);
}

function short(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, significant(value)]));
}

function significant(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(3)) : value;
}
