import { hash } from 'node:crypto';
import type { MessageType, SystemType } from '@yitong/kit';

const oneIn = 8;

/** The systems with a fault in the rules: while `isBroken`, the handlers of messages throw for one subject in eight. */
export function faultyRules(systems: readonly SystemType[], isBroken: () => boolean): readonly SystemType[] {
  return systems.map((system) => {
    const { demonstration, vectors } = system;
    const messages = [...system.messages].map(([name, message]): [string, MessageType] => [
      name,
      {
        ...message,
        handle: (data, view) => {
          if (isBroken() && isChosen(message.keyOf(data))) throw new Error('a fault in the rules');
          return message.handle(data, view);
        },
      },
    ]);
    return { ...system, demonstration, vectors, messages: new Map(messages) };
  });
}

function isChosen(subject: string): boolean {
  return hash('sha256', subject, 'buffer').readUInt8(0) % oneIn === 0;
}
