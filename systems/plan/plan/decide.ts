import { f, inForce, object, type Rule, readInput, z } from '@yitong/kit';
import { examples } from './examples.ts';
import { parameters } from './parameters.ts';
import { standingOf } from './rules/lateness.ts';
import { dimensions, progress, statuses } from './rules/progress.ts';

const standingInput = object({
  planned: f.day,
  reached: f.day.nullable(),
  today: f.day,
  dueSoonDays: f.whole(0, 3_650),
});

const progressInput = object({
  by: f.choice(dimensions),
  parts: z.array(
    z.object({
      item: f.line(80),
      chapter: f.whole(1, 12),
      kind: f.line(20),
      member: f.member,
      cities: z.array(f.city),
      status: f.choice(statuses),
      standing: f.choice(['late', 'due-soon', 'on-course', 'none']),
    }),
  ),
});

/** The rules by name, as `yitong decide` runs them. */
export const decisions: Readonly<Record<string, Rule>> = {
  standing: {
    about: 'How a milestone stands on a day: {planned, reached, today, dueSoonDays}',
    input: standingInput,
    answer: object({ standing: f.choice(['reached', 'late', 'due-soon', 'on-course']), days: z.int() }),
    examples: examples.map(({ name, zh, on, of }) => ({
      title: { 'zh-CN': zh, en: name },
      on,
      input: { ...of, today: on, dueSoonDays: inForce(parameters.dueSoonDays, on) },
    })),
    decide(input) {
      const { today, dueSoonDays, ...milestone } = readInput(standingInput, input);
      return standingOf(milestone, today, { dueSoonDays });
    },
  },
  progress: {
    about: 'Progress of parts by chapter, kind, member or city: {by, parts}',
    decide(input) {
      const { by, parts } = readInput(progressInput, input);
      return progress(parts, by);
    },
  },
};
