import { expect, test } from 'vitest';
import { build, optionsOf } from './main.ts';
import { groups, inner } from './program.ts';

const commands = groups.flatMap((group) => group.commands);

test('no two commands and no two options of one share a name', () => {
  const names = [...commands, ...inner].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const command of commands) {
    const flags = optionsOf(command).map(([flag]) => flag.split(' ')[0]);
    expect(new Set(flags).size, command.name).toBe(flags.length);
  }
});

test('each command parses its own examples', () => {
  for (const { name, examples, passes } of commands) {
    const program = build({ exit: 'done' });
    const path = name.split(' ');
    const command = path.reduce(
      (of: typeof program | undefined, word) => of?.commands.find((one) => one.name() === word),
      program,
    );
    for (const example of passes ? [] : examples.filter((line) => line.startsWith(`yitong ${name}`))) {
      const words = example.split(' ').slice(1 + path.length);
      const { unknown } = command?.parseOptions(words) ?? { unknown: ['?'] };
      expect(unknown, example).toEqual([]);
    }
  }
});
