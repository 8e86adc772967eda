import { NodeBusy } from '@yitong/kernel';
import { expect, test } from 'vitest';
import { StoreAway } from '../store/line.ts';
import { anna, as, testDoor } from './testing/app.ts';

test.for([
  ['the note of who was shown cannot be made', new NodeBusy('the node stops', 500), 'the node stops'],
  ['the database is away', new StoreAway(new Error('connect ECONNREFUSED')), 'the database does not answer'],
] as const)('a list shows nothing while %s: 503, and when to ask again', async ([, error, detail]) => {
  const door = testDoor();
  door.kernel.put({ type: 'lending/loan', subject: `person:${anna}`, id: 'Analects' }, { person: anna });
  door.kernel.node.noteList = () => Promise.reject(error);
  const answer = await door.app.inject({
    url: '/lending/loan',
    headers: as('clerk', { 'yitong-purpose': 'audit' }),
  });
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
  expect(answer.json()).toMatchObject({ status: 503, detail });
  expect(answer.body).not.toContain('Analects');
  expect(answer.body).not.toContain('ECONNREFUSED');
});
