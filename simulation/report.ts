import { unpackEntries } from '@yitong/kernel';
import { epochMs } from './clock.ts';
import type { Finding } from './finding.ts';
import type { Member } from './member.ts';
import type { Wish } from './plan.ts';
import type { Outcome } from './simulate.ts';

const findingsShown = 12;

/** What is told of a run, as plain data. */
export interface SeedReport {
  readonly seed: number;
  readonly sabotage: string | undefined;
  readonly ok: boolean;
  readonly traceHash: string;
  readonly findings: readonly Finding[];
  /** How often which fault came about. */
  readonly faults: Readonly<Record<string, number>>;
  /** Facts for programs, one JSON line. */
  readonly json: string;
  /** For people; '' when all is well. */
  readonly text: string;
}

/** A run in words and in figures; `trace`: how many last lines to show of one that failed. */
export function reportOf(outcome: Outcome, trace: number): SeedReport {
  const { plan, findings, traceHash, world, clients } = outcome;
  const { seed, sabotage } = plan.wish;
  const ok = findings.length === 0;
  const faults = Object.fromEntries([...world.counts].sort());
  const kinds = [...plan.kinds];
  const { happened } = world;
  const facts = { seed, ok, traceHash, happened, commands: clients.history.length, kinds, faults, findings };
  const json = JSON.stringify({ ...facts, again: replay(plan.wish) });
  return { seed, sabotage, ok, traceHash, findings, faults, json, text: ok ? '' : failure(outcome, trace) };
}

/** The command that runs this seed again. */
export function replay({ seed, members, bills, without, sabotage }: Wish): string {
  const less = without.length === 0 ? '' : ` --without ${without.join(',')}`;
  const left = sabotage === undefined ? less : `${less} --sabotage ${sabotage}`;
  return `npx yitong sim --from ${seed} --seeds 1 --members ${members} --bills ${bills}${left}`;
}

/** A failed run for people: what does not hold, how to see it again, what happened to the subject concerned, and last of all. */
export function failure({ plan, findings, world, members }: Outcome, lines: number): string {
  const kinds = [...plan.kinds].join(', ') || 'none';
  const shown = findings
    .slice(0, findingsShown)
    .map(({ rule, at, detail }) => `  ${rule} | ${at} | ${detail}`);
  const more = findings.length > findingsShown ? [`  … and ${findings.length - findingsShown} more`] : [];
  const subject = subjectOf(findings);
  const story =
    subject === undefined
      ? []
      : ['', `What the journals hold of ${subject}:`, ...historyOf(members, subject)];
  return [
    `seed ${plan.wish.seed} FAILED (faults: ${kinds})`,
    ...shown,
    ...more,
    `  again: ${replay(plan.wish)} --trace ${Math.max(lines, 50)}`,
    ...(lines === 0 ? [] : story),
    ...(lines === 0 ? [] : ['', 'The last that happened:']),
    ...world.lines
      .slice(world.lines.length - lines)
      .map(({ at, what }) => `  ${timeOf(at)} ${JSON.stringify(what)}`),
  ].join('\n');
}

function timeOf(ms: number): string {
  return (ms / 1_000).toFixed(3).padStart(12);
}

/** The first subject that a finding names. */
function subjectOf(findings: readonly Finding[]): string | undefined {
  for (const { at, detail } of findings) {
    const found = /\b[a-z]+(?:-[a-z]+)*:[A-Za-z0-9.-]+/.exec(`${at} ${detail}`);
    if (found) return found[0];
  }
  return undefined;
}

/** Every entry of every journal that names a subject, in order of the nodes' times. */
function historyOf(members: readonly Member[], subject: string): readonly string[] {
  const found = members.flatMap(({ code, disk }) =>
    disk.tables.partitions.flatMap(({ journal, bodies }, partition) =>
      journal.flatMap(({ seq, now }) =>
        (bodies.get(seq) ?? [])
          .flatMap((row) => unpackEntries(row.body))
          .map((entry) => ({ entry, text: Buffer.from(entry.bytes).toString('utf8') }))
          .filter(({ text }) => text.includes(subject))
          .sort((a, b) => a.entry.index - b.entry.index)
          .map(({ entry, text }) => ({
            now,
            line: `  ${timeOf(now - epochMs)} ${code} ${partition}.${seq}.${entry.index} ${entry.kind} ${text.slice(0, 400)}`,
          })),
      ),
    ),
  );
  return found.sort((a, b) => a.now - b.now).map(({ line }) => line);
}
