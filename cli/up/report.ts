import type { Report, StepName } from '../../node/supervisor/report.ts';
import type { Output } from '../output.ts';
import { type Bar, type Progress, progress } from '../progress.ts';

/** Tells a start as it goes: a bar for each of its parts. */
export interface StartReport extends Report {
  /** Bars for what comes after the start itself. */
  readonly bars: Progress;
  /** Takes the bars away; what is told later comes as plain lines. */
  done(): void;
}

const titles: Readonly<Record<StepName, string>> = {
  build: 'program',
  portal: 'portal',
  postgres: 'PostgreSQL',
  keys: 'keys and certificates',
  databases: 'databases',
  issuer: 'sign-in',
  nodes: 'nodes',
};

/** Makes the report of a start on standard error. */
export async function startReport(output: Output): Promise<StartReport> {
  const bars = await progress(output);
  const known = new Map<StepName, Bar>();
  const notices: string[] = [];
  let over = false;
  return {
    bars,
    step: (name, done, total) => {
      if (over) return;
      const bar = known.get(name) ?? bars.bar(titles[name], total, 'steps');
      known.set(name, bar);
      bar.update(done, total > 1 ? `${done} of ${total}` : '');
      if (done >= total) bar.stop();
    },
    notice: (text) => {
      if (over) output.note(text);
      else notices.push(text);
    },
    done: () => {
      if (over) return;
      over = true;
      bars.stop();
      for (const text of notices) output.note(text);
    },
  };
}
