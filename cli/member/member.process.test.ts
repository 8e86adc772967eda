import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestRegion } from '../testing/region.ts';

const old = ['310000', '330000', '340000'];
const region = new TestRegion();
const newcomer = new TestRegion();

beforeAll(async () => {
  await region.start('--members', old.join(), '--empty');
});
afterAll(async () => {
  await newcomer.stop();
  await region.stop();
});

async function done(at: TestRegion, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, values } = await at.run(...args);
  expect({ args, code, out }).toMatchObject({ code: 0 });
  return values[0];
}

/** Signed where the draft has come as a copy. */
async function sign(at: TestRegion, member: string): Promise<void> {
  const signed = () => at.run('member', 'sign', '--at', member, '--yes');
  await vi.waitFor(async () => expect((await signed()).code).toBe(0), { timeout: 170_000, interval: 500 });
}

test('a member joins a region of real processes, works with it, and gets new keys while it runs', async () => {
  const entry = join(newcomer.folder, 'entry.json');
  const versions = join(newcomer.folder, 'region.json');
  await done(newcomer, 'member', 'new', '330200', '-o', entry);
  const early = await newcomer.run('member', 'enter', versions);
  expect(early).toMatchObject({ code: 2, values: [{ remedy: expect.stringContaining('member show') }] });
  await done(region, 'member', 'join', entry, '--at', '310000');
  for (const member of old) await sign(region, member);
  const { hash } = await done(region, 'member', 'show', '--at', '310000', '-o', versions);
  await done(newcomer, 'member', 'enter', versions, '--hash', String(hash));
  await newcomer.start('--empty');
  await done(newcomer, 'member', 'rotate', '--at', '330200');
  await sign(newcomer, '330200');
  for (const member of old.slice(0, 2)) await sign(region, member);
  const year = new Date().getUTCFullYear();
  await done(region, 'member', 'revoke', `340000-${year}a`, '--reason', 'stolen', '--at', '340000');
  for (const member of old) await sign(region, member);
  await done(newcomer, 'member', 'rotate', '--key', 'tls', '--at', '330200');
  await sign(newcomer, '330200');
  for (const member of old.slice(1)) await sign(region, member);
  const shown = async () => done(region, 'member', 'show', '--at', '310000');
  await vi.waitFor(async () => expect(await shown()).toMatchObject({ inForce: 5 }), { timeout: 170_000 });
  for (const at of [region, newcomer]) await done(at, 'verify');
}, 600_000);
