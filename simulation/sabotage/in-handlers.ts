import type { NodeOptions } from '@yitong/kernel';
import { type Effect, fen, type MessageType, type SystemType } from '@yitong/kit';
import type { Sabotage, Tools } from './sabotage.ts';

type One = Effect | { readonly effect: 'reply' | 'refuse' };
type Answer = ReturnType<MessageType['handle']>;

/** Defects in what handlers are taken to have said. */
export const inHandlers: readonly Sabotage[] = [
  {
    name: 'drop-a-refusal',
    does: 'a refusal is not told to whoever asked',
    plant: effects((all) => all.filter(({ effect }) => effect !== 'refuse')),
  },
  {
    name: 'drop-a-reply',
    does: 'an answer is not given',
    plant: effects((all) => all.filter(({ effect }) => effect !== 'reply')),
  },
  {
    name: 'forget-to-wait',
    does: 'what is to happen later is not arranged',
    plant: effects((all) => all.filter(({ effect }) => effect !== 'later')),
  },
  {
    name: 'forget-a-release',
    does: 'what was reserved is not freed',
    plant: effects((all) => all.filter(({ effect }) => effect !== 'release')),
  },
  {
    name: 'reserve-a-fen-more',
    does: 'one more fen is reserved than was told',
    plant: effects((all) =>
      all.map((one) =>
        one.effect === 'hold'
          ? { ...one, entries: one.entries.map((entry) => ({ ...entry, amount: fen(entry.amount + 1n) })) }
          : one,
      ),
    ),
  },
  {
    name: 'book-in-full',
    does: 'what was reserved is booked a second time at once',
    plant: effects((all) =>
      all.flatMap((one): One[] =>
        one.effect === 'hold' ? [one, { effect: 'transfer' as const, entries: one.entries }] : [one],
      ),
    ),
  },
];

/** Changes what the handlers of messages and of replies return; a refusal that is gone leaves nothing. */
function effects(change: (all: readonly One[], tools: Tools) => readonly One[]) {
  return (options: NodeOptions, tools: Tools): NodeOptions => ({
    ...options,
    systems: options.systems.map((system) =>
      changed(system, (answer) => change(listed(answer), tools) as Answer),
    ),
  });
}

function listed(answer: Answer): readonly One[] {
  const all = Array.isArray(answer) ? answer : [answer];
  return all.filter((one): one is One => typeof one === 'object');
}

function changed(system: SystemType, change: (answer: Answer) => Answer): SystemType {
  const { demonstration, vectors } = system;
  const to = (answer: Answer): Answer => unlisted(change(answer));
  const messages = [...system.messages].map(([name, message]): [string, MessageType] => {
    const { handle, replied } = message;
    const own = { ...message, handle: (...given: Parameters<typeof handle>) => to(handle(...given)) };
    if (!replied) return [name, own];
    return [name, { ...own, replied: (...given) => to(replied(...given)) as ReturnType<typeof replied> }];
  });
  return { ...system, demonstration, vectors, messages: new Map(messages) };
}

/** A refusal stands alone, never in a list. */
function unlisted(answer: Answer): Answer {
  if (!Array.isArray(answer)) return answer;
  const refusal = answer.find((one) => typeof one === 'object' && one.effect === 'refuse');
  return refusal ?? answer;
}
