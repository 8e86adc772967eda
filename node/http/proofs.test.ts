import { expect, test } from 'vitest';
import { as, testDoor } from './testing/app.ts';
import { someId } from './testing/stand-in.ts';

const at = '/trails/1.1048577';

test('a place of the journal is told to those who watch the node and to the offices of its system, persons masked', async () => {
  const { app } = testDoor();
  for (const name of ['auditor', 'operator', 'clerk']) {
    const answer = await app.inject({ method: 'GET', url: at, headers: as(name) });
    expect(answer.statusCode, name).toBe(200);
    expect(answer.json()).toMatchObject({
      batch: 1,
      cause: { id: someId, subject: 'person:310101********0019' },
    });
    expect(answer.body).not.toContain('310101199003070019');
  }
  for (const name of ['stranger', 'anna'])
    expect((await app.inject({ method: 'GET', url: at, headers: as(name) })).statusCode, name).toBe(404);
  const wrong = await app.inject({ method: 'GET', url: '/trails/x', headers: as('auditor') });
  expect(wrong.statusCode).toBe(404);
  await app.close();
});

test('the way of a message is told by its place in the journal or by its number, to those who may see what stands there', async () => {
  const { app } = testDoor();
  const ask = async (at: string, name: string) =>
    (await app.inject({ method: 'GET', url: `/ways/${at}`, headers: as(name) })).statusCode;
  for (const at of ['1.1048577', someId]) {
    expect(await ask(at, 'auditor')).toBe(200);
    expect(await ask(at, 'stranger')).toBe(404);
  }
  expect(await ask(someId.replace(/1$/, '2'), 'auditor')).toBe(404);
  await app.close();
});

test('a file that is no evidence fails at its first step; one who does not watch the node may not ask', async () => {
  const { app } = testDoor();
  const ask = (name: string, payload: object) =>
    app.inject({ method: 'POST', url: '/evidence', headers: as(name), payload });
  const told = await ask('auditor', { file: '{}', directory: 'a'.repeat(64) });
  expect(told.json()).toMatchObject({ ok: false, steps: [{ step: 'file', ok: false }] });
  expect((await ask('auditor', { file: 1 })).json()).toMatchObject({ errors: [{ pointer: '/file' }] });
  expect((await ask('clerk', { file: '{}' })).statusCode).toBe(403);
  await app.close();
});

test('the statement leaves as a workbook in the language that was asked for', async () => {
  const { app } = testDoor();
  const url = '/ledger/statement?period=2026-11&format=xlsx&language=en';
  const answer = await app.inject({ method: 'GET', url, headers: as('auditor') });
  expect(answer.headers['content-disposition']).toBe('attachment; filename="statement-310000-2026-11.xlsx"');
  expect(answer.rawPayload.subarray(0, 2).toString()).toBe('PK');
  await app.close();
});
