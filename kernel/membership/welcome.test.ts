import { f, object, put, subject, system, years } from '@yitong/kit';
import { expect, test, vi } from 'vitest';
import { Federation } from '../testing/federation.ts';

const Stone = subject('stone');
const texts = { 'zh-CN': {}, en: {} };
const shape = object({ stone: f.code(/^[a-z0-9]+$/), text: f.line(40) });
const board = system('board', { roles: ['writer'], parameters: {}, texts });
const note = board.record('note', {
  about: Stone,
  schema: shape,
  keep: years(1),
  readers: ['public'],
  copies: 'all',
});
board.command('write', {
  by: ['writer'],
  about: Stone,
  key: 'stone',
  input: shape,
  handle: (input) => put(note, input),
});

test('a member that joins gets the copies that it was not there for, and those that come later', async () => {
  const members = ['310000', '320000', '340000'];
  const region = new Federation({ members, systemOf: () => board });
  await region.startAll();
  const write = (stone: string, text: string) =>
    region
      .node('310000')
      .command({ type: 'board/write', input: { stone, text }, actor: { id: 'w', roles: ['writer'] } }, 0);
  for (let k = 0; k < 30; k += 1) await write(`s${k}`, 'before');
  await region.agree('310000', { is: 'join', member: region.member('330200'), votes: false }, members);
  await vi.waitFor(() => expect(region.newest('310000').directory.version).toBe(2), 20_000);
  await write('s0', 'after');
  const node = await region.start('330200', [region.first, region.newest('310000')]);
  const { reader } = region.checked('330200');
  const query = { type: 'board/note', where: [], sort: undefined, limit: 100, after: undefined } as const;
  await vi.waitFor(async () => {
    const { rows } = await reader.list({ ...query, owner: 'others' });
    expect(rows).toHaveLength(30);
    expect(rows.filter(({ body }) => body?.includes('after')).map(({ subject: of }) => of)).toEqual([
      'stone:s0',
    ]);
  }, 20_000);
  expect(node.status().ready).toBe(true);
  await region.stop();
});
