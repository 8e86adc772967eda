import { expect, test } from 'vitest';
import { demonstration } from '../../systems/health/medical-settlement/demo/demonstration.ts';
import { windows } from './windows.ts';

const members = ['310000', '320000', '330000', '340000'];

/** What is sent, in order, as `<window>:<kind>`. */
function sent(member: string, from: number, size: number) {
  const commands = demonstration.commands({ member, scale: 200, seed: 1 });
  return [...windows(commands, from, size)].flatMap(({ kinds }, window) =>
    kinds.flat().map(({ command, input, at }) => ({ window, kind: command.name, input: Object(input), at })),
  );
}

test.for(members.flatMap((member) => [7, 8, 100].map((size) => [member, size] as const)))(
  'the demonstration of %s, sent %i at a time, insures each person before it files for them',
  ([member, size]) => {
    const insured = new Set<string>();
    let filed = 0;
    for (const { kind, input } of sent(member, 0, size)) {
      if (kind === 'register-coverage') insured.add(input.person);
      if (kind !== 'declare-filing') continue;
      expect(insured).toContain(input.person);
      filed += 1;
    }
    expect([insured.size, filed]).toEqual([200, 120]);
  },
);

test('goes on in the middle with the kinds in the same order, leaves nothing out and sends nothing twice', () => {
  const all = sent('310000', 0, 10).map(({ at }) => at);
  for (const from of [1, 5, 10, 11]) {
    const rest = sent('310000', from, 10);
    expect(rest.map(({ at }) => at).toSorted((a, b) => a - b)).toEqual(
      all.filter((at) => at >= from).toSorted((a, b) => a - b),
    );
    const kinds = [...new Set(rest.map(({ kind }) => kind))];
    expect(kinds).toEqual(
      ['register-institution', 'register-coverage', 'declare-filing'].slice(-kinds.length),
    );
  }
});

test('tells how many commands are loaded after each window', () => {
  const commands = [...demonstration.commands({ member: '310000', scale: 20, seed: 1 })];
  const told = [...windows(commands, 0, 10)].map(({ upto }) => upto);
  expect(told).toEqual([10, 20, 30, commands.length]);
  expect([...windows(commands, commands.length, 10)]).toEqual([]);
});
