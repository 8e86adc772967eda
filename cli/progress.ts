import type { Output } from './output.ts';

/** One thing under way, of a known or growing size. */
export interface Bar {
  /** `done` of the total; `note` stands at the end of the line. */
  update(done: number, note?: string): void;
  stop(): void;
}

/** Bars one under the other on a terminal; elsewhere a plain line for each every few seconds. */
export interface Progress {
  bar(title: string, total: number, unit: Unit): Bar;
  stop(): void;
}

/** How an amount is written. */
export type Unit = 'lines' | 'bytes' | 'steps' | 'commands';

const plainEveryMs = 5_000;

/** Makes bars on standard error; nothing at all with `--json` or `--quiet`. */
export async function progress(output: Output): Promise<Progress> {
  if (!output.live) return plainProgress(output);
  const { MultiBar, Presets } = (await import('cli-progress')).default;
  const bars = new MultiBar(
    {
      format: '{title} {bar} {percentage}%  {note}',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: false,
      fps: 8,
      stream: process.stderr,
      linewrap: false,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const titles: number[] = [];
  return {
    bar: (title, total, unit) => {
      titles.push(title.length);
      const clock = new Pace(total);
      const bar = bars.create(total, 0, { title: title.padEnd(22), note: '' });
      const update = (done: number, note?: string) =>
        bar.update(done, { note: note ?? clock.told(done, unit) });
      return { update, stop: () => bar.stop() };
    },
    stop: () => bars.stop(),
  };
}

function plainProgress(output: Output): Progress {
  return {
    bar: (title, total, unit) => {
      const pace = new Pace(total);
      let last = performance.now();
      const tell = (done: number, note?: string) => {
        const share = total === 0 ? 100 : Math.floor((100 * done) / total);
        output.note(`${title}: ${share} %  ${note ?? pace.told(done, unit)}`.trimEnd());
      };
      let current: { done: number; note: string | undefined } | undefined;
      const update = (done: number, note?: string) => {
        current = { done, note };
        if (performance.now() - last >= plainEveryMs) stop();
      };
      const stop = () => {
        if (current === undefined) return;
        tell(current.done, current.note);
        last = performance.now();
        current = undefined;
      };
      return { update, stop };
    },
    stop: () => undefined,
  };
}

/** Rate since the beginning and the time that is left. */
class Pace {
  readonly #total: number;
  readonly #since = performance.now();
  #from: number | undefined;

  constructor(total: number) {
    this.#total = total;
  }

  told(done: number, unit: Unit): string {
    this.#from ??= done;
    const seconds = (performance.now() - this.#since) / 1000;
    const rate = (done - this.#from) / Math.max(seconds, 0.001);
    if (rate <= 0) return amount(done, unit);
    const left = (this.#total - done) / rate;
    return `${amount(done, unit)}  ${amount(rate, unit)}/s  ${left < 1 ? '' : `${duration(left)} left`}`.trimEnd();
  }
}

/** An amount in words: `12,345 lines`, `1.2 MB`. */
export function amount(value: number, unit: Unit): string {
  if (unit !== 'bytes') return `${whole(value)}${unit === 'steps' ? '' : ` ${unit}`}`;
  if (value < 1e6) return `${(value / 1e3).toFixed(0)} kB`;
  return `${(value / 1e6).toFixed(1)} MB`;
}

/** A whole number with commas between thousands. */
export function whole(value: number | bigint): string {
  return (typeof value === 'bigint' ? value : Math.round(value)).toLocaleString('en');
}

/** Seconds as people say them: `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  return `${Math.floor(rounded / 3600)} h ${Math.floor((rounded % 3600) / 60)} min`;
}
