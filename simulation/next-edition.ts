import { type CommandType, f, type MessageType, type Outcome, type SystemType, z } from '@yitong/kit';

type Said = Outcome<string, string, unknown>;

/** The systems as a node's next program has them: each message says one thing more, in its second major, and is lowered for those who know the first only (K40). */
export function nextEdition(systems: readonly SystemType[]): readonly SystemType[] {
  const next = new Map<string, MessageType>();
  const spoken = (said: Said): Said =>
    Array.isArray(said) ? said.map((one) => retold(one, next)) : retold(said, next);
  return systems.map((system) => {
    const { demonstration, vectors } = system;
    const messages = [...system.messages].map(([name, message]): [string, MessageType] => {
      const second = secondMajor(message, spoken);
      next.set(message.type, second);
      return [name, second];
    });
    const commands = [...system.commands].map(([name, command]): [string, CommandType] => [
      name,
      {
        ...command,
        handle: (input, view) => spoken(command.handle(input, view)) as ReturnType<CommandType['handle']>,
      },
    ]);
    return { ...system, demonstration, vectors, messages: new Map(messages), commands: new Map(commands) };
  });
}

/** An effect that speaks does so in today's major. */
function retold<T>(effect: T, next: ReadonlyMap<string, MessageType>): T {
  const message: unknown = Reflect.get(Object(effect), 'message');
  const type: unknown = Reflect.get(Object(message), 'type');
  const second = typeof type === 'string' ? next.get(type) : undefined;
  if (!second?.before) return effect;
  const data: unknown = Reflect.get(Object(effect), 'data');
  return { ...effect, message: second, data: { ...Object(data), edition: 2 } };
}

/** A message that has had two majors before, or whose data have no fields, stays as it is. */
function secondMajor(message: MessageType, spoken: (said: Said) => Said): MessageType {
  const { data } = message;
  if (message.version > 1 || !(data instanceof z.ZodObject)) return message;
  return {
    ...message,
    version: 2,
    data: data.extend({ edition: f.count }),
    before: { data, lift: (old) => ({ ...Object(old), edition: 1 }), lower: bare },
    keyOf: (value) => message.keyOf(bare(value)),
    handle: (value, view) => spoken(message.handle(bare(value), view)),
    ...(message.replied && {
      replied: (reply, view, value) => spoken(message.replied?.(reply, view, bare(value)) ?? []) as never,
    }),
    ...(message.refused && {
      refused: (why, view, value) => spoken(message.refused?.(why, view, bare(value)) ?? []) as never,
    }),
    ...(message.waiting && {
      waiting: (view, value) => spoken(message.waiting?.(view, bare(value)) ?? []) as never,
    }),
  };
}

/** The data without what the second major added. */
function bare(data: unknown): unknown {
  const { edition: _, ...rest } = Object(data);
  return rest;
}
