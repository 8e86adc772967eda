import { expect, test } from 'vitest';
import { anna, as, testDoor } from './testing/app.ts';

const idOf = (n: number): string => `019aa0c0-0000-7000-8000-00000000000${n}`;

test('emergency readings stand with their reviews for those who watch the node, what nobody reviewed first, persons masked', async () => {
  const { app, kernel } = testDoor();
  for (const n of [1, 2, 3])
    kernel.put(
      { type: 'access/read', subject: `person:${anna}`, id: idOf(n) },
      {
        id: idOf(n),
        at: `2026-11-2${n}T00:00:00.000Z`,
        member: '310000',
        reader: '310000-lending-clerk',
        roles: ['clerk'],
        purpose: 'emergency',
        what: 'lending/loan',
        list: false,
        ground: 'emergency',
        emergency: 'nobody can be asked',
      },
    );
  const review = {
    reading: idOf(2),
    at: '2026-11-24T00:00:00.000Z',
    reviewer: '310000-auditor',
    remark: 'it was so',
  };
  kernel.put({ type: 'oversight/glass-review', subject: `reading:${idOf(2)}` }, review);
  const get = (name: string) => app.inject({ url: '/glasses', headers: as(name) });
  const answer = await get('auditor');
  expect(answer.json()).toMatchObject({ open: 2, data: [{ id: idOf(1) }, { id: idOf(3) }, { review }] });
  expect(answer.body).not.toContain(anna);
  expect((await get('operator')).statusCode).toBe(200);
  expect((await get('clerk')).statusCode).toBe(403);

  const say = (name: string, id: string) =>
    app.inject({ method: 'POST', url: `/glasses/${id}`, headers: as(name), payload: { remark: 'seen' } });
  expect((await say('operator', idOf(1))).statusCode).toBe(403);
  expect((await say('auditor', idOf(9))).statusCode).toBe(404);
  expect(kernel.heard.commands).toEqual([]);
  // Who read it is what the log says, never what comes with the request.
  expect((await say('auditor', idOf(1))).statusCode).toBe(200);
  expect(kernel.heard.commands).toMatchObject([
    {
      request: { type: 'oversight/review-glass', input: { reader: '310000-lending-clerk', remark: 'seen' } },
    },
  ]);
  await app.close();
});
