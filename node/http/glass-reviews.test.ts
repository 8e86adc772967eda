import { expect, test } from 'vitest';
import { anna, as, testDoor } from './testing/app.ts';

const idOf = (n: number): string => `019aa0c0-0000-7000-8000-00000000000${n}`;
const timeOf = (n: number): string => `2026-11-2${n}T00:00:00.000Z`;
const emergency = {
  member: '310000',
  reader: '310000-lending-clerk',
  roles: ['clerk'],
  purpose: 'emergency',
  what: 'lending/loan',
  list: false,
  ground: 'emergency',
  emergency: 'nobody can be asked',
};

test('emergency readings that nobody reviewed, and the reviews, stand for those who watch the node, persons masked', async () => {
  const { app, kernel } = testDoor();
  for (const n of [1, 2, 3])
    kernel.put(
      { type: 'access/read', subject: `person:${anna}`, id: idOf(n) },
      { ...emergency, id: idOf(n), at: timeOf(n) },
    );
  const review = {
    reading: idOf(2),
    read: timeOf(2),
    at: '2026-11-24T00:00:00.000Z',
    reviewer: '310000-auditor',
    remark: 'it was so',
  };
  kernel.put({ type: 'oversight/glass-review', subject: `reading:${idOf(2)}` }, review);
  const get = (name: string, query = '') => app.inject({ url: `/glasses${query}`, headers: as(name) });
  const answer = await get('auditor');
  expect(answer.json()).toMatchObject({ open: 2, data: [{ id: idOf(1) }, { id: idOf(3) }], next: null });
  expect(answer.body).not.toContain(anna);
  expect((await get('operator', '?state=reviewed')).json()).toMatchObject({
    data: [{ id: idOf(2), reader: '310000-lending-clerk', review }],
    next: null,
  });
  expect((await get('clerk')).statusCode).toBe(403);
  for (const query of ['?state=all', '?cursor=x']) expect((await get('auditor', query)).statusCode).toBe(400);

  const say = (name: string, n: number, at = timeOf(n)) =>
    app.inject({
      method: 'POST',
      url: `/glasses/${idOf(n)}`,
      headers: as(name),
      payload: { at, remark: 'seen' },
    });
  expect((await say('operator', 1)).statusCode).toBe(403);
  expect((await say('auditor', 9)).statusCode).toBe(404);
  expect((await say('auditor', 1, timeOf(2))).statusCode).toBe(404);
  expect(kernel.heard.commands).toEqual([]);
  // Who read it and when is what the log says, never what comes with the request.
  expect((await say('auditor', 1)).statusCode).toBe(200);
  const input = { read: timeOf(1), reader: '310000-lending-clerk', remark: 'seen' };
  expect(kernel.heard.commands).toMatchObject([{ request: { type: 'oversight/review-glass', input } }]);
  await app.close();
});

test.for([
  ['open', 1_120],
  ['reviewed', 120],
] as const)(
  'of many readings each is found, page by page, however many come before it: %s',
  async ([state, all]) => {
    const { app, kernel } = testDoor();
    const number = (n: number): string => `019aa0c0-0000-7000-8000-${String(n).padStart(12, '0')}`;
    const isOpen = (n: number) => n % 100 === 7;
    const known = { open: new Set<string>(), reviewed: new Set<string>() };
    for (let n = 0; n < all; n += 1) {
      const at = new Date(1_790_000_000_000 + n * 60_000).toISOString();
      const id = number(n);
      kernel.put({ type: 'access/read', subject: `person:${anna}`, id }, { ...emergency, id, at });
      const said = { reading: id, read: at, at, reviewer: 'x', remark: 'y' };
      if (!isOpen(n)) kernel.put({ type: 'oversight/glass-review', subject: `reading:${id}` }, said);
      known[isOpen(n) ? 'open' : 'reviewed'].add(id);
    }
    const found = new Set<string>();
    let pages = 0;
    for (let cursor: string | null = ''; cursor !== null; pages += 1) {
      const url: string = `/glasses?state=${state}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { data, next, open } = (await app.inject({ url, headers: as('auditor') })).json();
      expect(open).toBe(known.open.size);
      for (const { id } of data) found.add(id);
      cursor = next;
    }
    expect(found).toEqual(known[state]);
    expect(pages).toBeGreaterThan(1);
    await app.close();
  },
);
