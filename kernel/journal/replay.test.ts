import { f, object, put, send, subject, system, years } from '@yitong/kit';
import { afterEach, expect, test } from 'vitest';
import { partitionOf } from '../runtime/partition.ts';
import { clinic } from '../testing/clinic.ts';
import { bill, cashier, members, TestRegion } from '../testing/region.ts';
import { replayJournal } from './replay.ts';

let shift = 0;
let region = new TestRegion({ shiftMs: () => shift });
afterEach(() => region.stop());

test('the handlers, run again over the journals, do what they did; a rule changed since is named where it differs', async () => {
  await region.start();
  const [here, there] = [region.node('340000'), region.node('310000')];
  const present = (id: string, total = '1000', waitMs = 10_000) =>
    here.command({ type: 'clinic/present', input: bill(id, total), actor: cashier }, waitMs);
  await Promise.all(['b1', 'b2', 'b3', 'b4'].map((id) => present(id)));
  await present('b2');
  await present('b5', '777');
  shift = 11 * 86_400_000;
  const operator = { id: 'op', roles: ['operator'] };
  for (const node of [here, there]) node.acceptClock(operator, 'eleven days later');
  await present('b6', '666', 300);
  await present('b7', '1000', 300);
  const [first] = (await region.reader('310000').held(10)).filter((row) => row.kind === 'held');
  await there.release(operator, `${first?.partition}.${first?.at}`, 'run', 'once more');
  const [again] = (await region.reader('310000').held(10)).filter((row) => row.kind === 'held');
  await there.release(operator, `${again?.partition}.${again?.at}`, 'refuse', 'not to be priced');
  const id = '019aa0c0-0000-7000-8000-00000000000b';
  for (const node of [here, here])
    await node.command({ type: 'clinic/present', id, input: bill('b8'), actor: cashier }, 10_000);
  for (const member of members) {
    const { counts, findings } = await replayJournal(region.checked(member), [clinic]);
    expect(findings, member).toEqual([]);
    expect(counts['left out'], member).toBe(0);
    expect(counts['inputs'], member).toBeGreaterThan(20);
  }
  const withNone = await replayJournal(region.checked('310000'), []);
  expect(withNone.findings).toEqual([]);
  expect(withNone.counts['left out']).toBeGreaterThan(10);
  const [settle, price] = ['settle', 'price'].map((name) => clinic.messages.get(name));
  if (!settle || !price) throw new Error('the clinic has both');
  const messages = new Map(clinic.messages).set('settle', { ...settle, handle: price.handle });
  const { name, commands, records, accounts } = clinic;
  const changed = { ...clinic, name, commands, records, accounts, messages };
  const other = await replayJournal(region.checked('310000'), [
    { ...changed, demonstration: undefined, vectors: undefined },
  ]);
  expect(other.findings).toContainEqual({
    at: expect.stringMatching(/^\d\.\d+$/),
    code: 'replay',
    detail: 'was the outcome done, would be the outcome refused (already-settled)',
  });
});

/** A court whose note is written by the court itself, and told on to its stand. */
function courts() {
  const own = system('clinic', {
    roles: ['cashier'],
    purposes: ['settle'],
    parameters: {},
    texts: { 'zh-CN': {}, en: {} },
  });
  const data = object({ court: f.code(/^c[0-9]+$/) });
  const [Court, Stand] = [subject('court'), subject('stand')];
  const common = { schema: data, keep: years(1), readers: ['cashier'] as const };
  const note = own.record('note', { ...common, about: Court });
  const echo = own.record('echo', { ...common, about: Stand });
  const tell = own.message('tell', {
    about: Stand,
    key: 'court',
    data,
    handle: (said) => put(echo, said),
  });
  own.command('write', {
    by: ['cashier'],
    input: data,
    about: Court,
    key: 'court',
    handle: (said) => [put(note, said), send(tell, said)],
  });
  return own;
}

test('what was in memory when a batch ran leaves no trace in the journal: a replay that begins with nothing finds the same', async () => {
  region = new TestRegion({ systemOf: courts });
  await region.start();
  const at = (kind: string, court: string) => partitionOf(`${kind}:${court}`, 4);
  const [known = '', ...others] = Array.from({ length: 400 }, (_, k) => `c${k}`).filter(
    (court) => at('court', court) === 0 && at('stand', court) === 0,
  );
  const write = (court: string) =>
    region
      .node('340000')
      .command({ type: 'clinic/write', input: { court }, actor: { id: 'k', roles: ['cashier'] } }, 10_000);
  await write(known);
  // Of each pair the first must be loaded, and the second is in memory.
  await Promise.all(others.slice(0, 8).flatMap((court) => [write(court), write(known)]));
  const { counts, findings } = await replayJournal(region.checked('340000'), [courts()]);
  expect(findings).toEqual([]);
  expect(counts['inputs']).toBeGreaterThanOrEqual(17);
});
