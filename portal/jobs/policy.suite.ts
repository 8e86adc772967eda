import { describe, expect, test } from 'vitest';
import { faultsOf, isTooWide } from '../testing/axe.ts';
import { looks, type Place } from '../testing/place.ts';

/** Every page of the portal that needs no record of its own. */
const paths = [
  '',
  '/home',
  '/verify',
  '/accessibility',
  '/me/accesses',
  '/statement',
  '/statement/differences?peer=340000&period=2026-01',
  '/evidence',
  '/status',
  '/status/directory',
  '/status/reads',
  '/sign-in-failed?why=refused',
  '/plan',
  '/plan/progress',
  '/plan/parameters',
  '/plan/item',
  '/plan/reach-milestone',
  '/medical-settlement',
  '/medical-settlement/file',
  '/medical-settlement/bills',
  '/medical-settlement/counter',
  '/medical-settlement/parameters',
  '/medical-settlement/examples',
  '/medical-settlement/institution',
  '/medical-settlement/insured',
  '/medical-settlement/declare-filing',
  '/mooring/stay',
] as const;

/** What a page may get as an answer that it then tells in words: not signed in, not allowed, not there. */
const told = /status of 40[134]/;

/** What holds on every page, whoever looks. */
export function policy(place: Place): void {
  describe.each([
    ['nobody', undefined],
    ['a resident', 'resident'],
    ['an operator', 'operator'],
  ] as const)('%s', (_who, account) => {
    test('finds on no page a breach of its policy, a fault of access, or a dead end', async () => {
      const [look] = looks;
      if (look === undefined) throw new Error('there is no look');
      place.witness.expect(told);
      const page =
        account === undefined ? await place.page(look) : await place.sit(look, '340000', account, '/home');
      const faults: string[] = [];
      for (const path of paths) {
        await page.goto(place.at(look, '340000', path));
        await page.locator('main :is(h1, .note, .sheet)').first().waitFor({ state: 'attached' });
        await expect.poll(() => page.locator('main [aria-busy=true]').count(), { timeout: 30_000 }).toBe(0);
        faults.push(...(await faultsOf(page)).map((fault) => `${path}: ${fault}`));
        if (await isTooWide(page)) faults.push(`${path}: too wide`);
        if (((await page.locator('main').textContent()) ?? '').trim().length < 8)
          faults.push(`${path}: it is empty`);
      }
      expect(faults).toEqual([]);
    });
  });

  test('a page that would fetch from elsewhere is stopped by its policy, and that is heard', async () => {
    const [look] = looks;
    if (look === undefined) throw new Error('there is no look');
    const heard = /policy: img-src|Content Security Policy/;
    place.witness.expect(heard);
    const page = await place.page(look);
    await page.goto(place.at(look, '340000', '/verify'));
    await page.evaluate("new Image().src = 'http://elsewhere.invalid/x.png'");
    await expect
      .poll(() => place.witness.errors.filter((error) => heard.test(error)).length)
      .toBeGreaterThan(0);
  });
}
