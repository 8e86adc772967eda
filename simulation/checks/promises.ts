import type { CommandAnswer } from '@yitong/kernel';
import type { Clients, Wished } from '../client.ts';
import type { Finding } from '../finding.ts';
import type { Member } from '../member.ts';

/** What nodes say at last of each command, by its id. */
export type LastAnswers = ReadonlyMap<string, CommandAnswer | undefined>;

/** Asks every node once more how each command stands; the answers come while the world runs on. */
export function askAgain(clients: Clients): LastAnswers {
  const answers = new Map<string, CommandAnswer | undefined>();
  for (const { member, type, subject, id } of clients.history)
    void member.node?.outcome(type, subject, id, 0).then((answer) => answers.set(id, answer));
  return answers;
}

/** What clients were told still holds: each command accepted once, answered once, with one end that never changes. */
export function checkPromises(clients: Clients, last: LastAnswers): Finding[] {
  const stored = new Map<Member, ReadonlyMap<string, number>>();
  return clients.history.flatMap((wished) => {
    const { member } = wished;
    const counts = stored.get(member) ?? ownCommands(member);
    stored.set(member, counts);
    const times = counts.get(wished.id) ?? 0;
    const detail = contradiction(wished) ?? brokenPromise(wished, times, last.get(wished.id));
    if (detail === undefined) return [];
    const at = `${member.code} ${wished.subject} ${wished.id}`;
    return [{ rule: 'promise', at, detail: `${wished.type}: ${detail}` }];
  });
}

/** How often each command that was given at a member stands in its journals. */
function ownCommands({ code, disk }: Member): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { seen } of disk.tables.partitions)
    for (const { id, source } of seen.values())
      if (source === `yitong:${code}`) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** Whether two answers to one id cannot both be true. */
function contradiction({ answers }: Wished): string | undefined {
  const ends = new Set(
    answers
      .filter(({ state }) => state !== 'open' && state !== 'held')
      .map(({ state, code }) => `${state} ${code}`.trim()),
  );
  if (ends.size > 1) return `was told ${[...ends].join(' and ')}`;
  const isInvalid = answers.some(({ state }) => state === 'invalid');
  return isInvalid && answers.some(({ state }) => state !== 'invalid')
    ? 'was accepted and refused at the door'
    : undefined;
}

/** Whether what the node holds, so many times, is not what was promised. */
function brokenPromise(
  { end, answers }: Wished,
  times: number,
  now: CommandAnswer | undefined,
): string | undefined {
  const isAccepted = answers.some(({ state }) => state !== 'invalid');
  if (times > 1) return 'is in the journal twice';
  if (times !== (isAccepted ? 1 : 0))
    return isAccepted ? 'was acknowledged and is lost' : 'was refused at the door and is there';
  if (!isAccepted) return undefined;
  const code = now && 'problem' in now ? now.problem.type : '';
  if (now?.state !== end?.state || code !== end?.code)
    return `was promised ${end?.state} ${end?.code}, is ${now?.state ?? 'unknown'} ${code}`;
  return undefined;
}
