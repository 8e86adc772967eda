import type { CommandAnswer, Made, RecordView } from '@yitong/kernel';
import type { CommandType, Locale, Problem } from '@yitong/kit';
import { actorIn, reach, type SignedIn } from '../access/signed-in.ts';
import type { Door } from './context.ts';
import { conversationHref, recordHref } from './refs.ts';

/** Who asked, and whether the records that were made are wanted with the answer. */
export interface Asking {
  readonly who: SignedIn | undefined;
  readonly locale: Locale;
  readonly records: boolean;
  /** Addresses are wanted even of what has ended; sealing them costs more than all else of an answer. */
  readonly links: boolean;
}

/** What is told of a command: state, where to look again, what it made. */
export interface Told {
  readonly state: CommandAnswer['state'];
  readonly id?: string;
  readonly subject?: string;
  /** Position of the newest change, `partition.position`. */
  readonly at?: string;
  readonly conversation?: string;
  readonly made?: readonly (Made & { readonly href?: string })[];
  readonly records?: readonly RecordView[];
  readonly problem?: Problem;
  readonly retryAfterMs?: number;
}

/** A command's answer as JSON, with the records that it made as far as the asker may read them; each reading is logged as one. */
export async function told(
  door: Door,
  command: CommandType,
  answer: CommandAnswer,
  asking: Asking,
): Promise<Told> {
  if (answer.state === 'busy' || answer.state === 'invalid') {
    const problem = door.words.localised(answer.problem, asking.locale);
    if (answer.state === 'busy') return { state: 'busy', problem, retryAfterMs: answer.retryAfterMs };
    return { state: 'invalid', ...(answer.id === undefined ? {} : { id: answer.id }), problem };
  }
  const { state, id, subject, at } = answer;
  const lasts = state === 'open' || state === 'held';
  const where =
    asking.links || lasts ? conversationHref(door, command.type, command.about, subject, id) : undefined;
  const common = { state, id, subject, at, ...(where === undefined ? {} : { conversation: where }) };
  if (state === 'refused') return { ...common, problem: door.words.localised(answer.problem, asking.locale) };
  const made = asking.links ? answer.made.map((one) => ({ ...one, ...hrefOf(door, one) })) : answer.made;
  if (!asking.records || state !== 'done') return { ...common, made };
  return { ...common, made, records: await recordsMade(door, command, answer.made, asking) };
}

function hrefOf(door: Door, made: Made): { readonly href?: string } {
  const record = recordNamed(door, made.type);
  return record ? { href: recordHref(door, record, made.subject, made.id, '') } : {};
}

async function recordsMade(
  door: Door,
  command: CommandType,
  made: readonly Made[],
  { who }: Asking,
): Promise<readonly RecordView[]> {
  const readings = made.map(async ({ type, subject, id }) => {
    const record = recordNamed(door, type);
    if (!record) return undefined;
    const permission = { who: 'roles' as const, system: record.system, roles: record.readers };
    if (reach(permission, who) === 'none') return undefined;
    return door.node.read({ type, subject, id, actor: actorIn(record.system, who), purpose: command.type });
  });
  return (await Promise.all(readings)).filter((view) => view !== undefined);
}

/** The declared record of a type, of the systems that this node runs. */
export function recordNamed(door: Door, type: string) {
  const [system, name] = type.split('/');
  return door.systems.find((one) => one.name === system)?.records.get(name ?? '');
}
