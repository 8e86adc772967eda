import { faultKinds, type Wish } from './plan.ts';
import type { SeedReport } from './report.ts';
import type { Crew } from './run-crew.ts';

/** The smallest run of a failing seed in which the same rule is broken: fewer kinds of fault, members and bills, one step after another. */
export async function shrink(crew: Crew, wish: Wish, rule: string): Promise<Wish> {
  let least = wish;
  for (let next: Wish | undefined = wish; next; ) {
    next = await firstFailing(crew, smaller(least), rule);
    least = next ?? least;
  }
  return least;
}

/** The wishes a step below, the boldest first. */
function smaller(wish: Wish): readonly Wish[] {
  const { members, bills, without } = wish;
  const left = faultKinds.filter((kind) => !without.includes(kind));
  return [
    ...(left.length > 1 ? [{ ...wish, without: [...faultKinds] }] : []),
    ...(members > 2
      ? [
          { ...wish, members: 2 },
          { ...wish, members: members - 1 },
        ]
      : []),
    ...(bills > 1 ? [{ ...wish, bills: Math.ceil(bills / 2) }] : []),
    ...left.map((kind) => ({ ...wish, without: [...without, kind] })),
  ];
}

async function firstFailing(crew: Crew, wishes: readonly Wish[], rule: string): Promise<Wish | undefined> {
  let at = 0;
  let found: Wish | undefined;
  const tasks = wishes.map((wish) => ({ wish, trace: 0 }));
  await crew.run(tasks, ({ findings }: SeedReport) => {
    if (findings.some((finding) => finding.rule === rule)) found = wishes[at];
    at += 1;
    return found === undefined;
  });
  return found;
}
