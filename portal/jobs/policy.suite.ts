import { describe, expect, test } from 'vitest';
import { signIn } from '../testing/browser.ts';
import { atlasOf, crawl } from '../testing/crawl.ts';
import { looks, type Place } from '../testing/place.ts';

const visitors = [
  ['nobody', '310000', undefined],
  ['a resident', '340000', 'resident'],
  ['an insurance clerk', '310000', 'medical-settlement-clerk'],
  ['an operator', '310000', 'operator'],
] as const;

/** Pages that one comes to in the midst of a job, and that the job judges: a clerk's at a bill's trail, a cashier's. */
const ofJobs = new Set(['/evidence/:id', '/medical-settlement/counter']);

/** What holds on every page, whoever looks. */
export function policy(place: Place): void {
  describe('every page', () => {
    const [shown, judged] = [new Set<string>(), new Set<string>()];

    test.each(visitors)(
      'is sound for %s, and no link of it is a dead end',
      async (_who, member, account) => {
        const url = place.region.url(member);
        const windows = [];
        for (const look of looks) {
          const page = await place.page(look);
          if (account !== undefined)
            await signIn(page, url, `${member}-${account}`, `/${look.language}/home`);
          windows.push({ look, page });
        }
        const crawled = await crawl(await atlasOf(url), { url, windows, witness: place.witness, judged });
        expect(crawled.faults).toEqual([]);
        for (const pattern of crawled.shown) shown.add(pattern);
      },
      600_000,
    );

    test('was shown to somebody', async () => {
      const { patterns } = await atlasOf(place.region.url('310000'));
      expect(patterns.filter((pattern) => !shown.has(pattern) && !ofJobs.has(pattern))).toEqual([]);
    });
  });

  test('a page that would fetch from elsewhere is stopped by its policy, and that is heard', async () => {
    const [look] = looks;
    if (look === undefined) throw new Error('there is no look');
    place.witness.expect(/policy: img-src|Content Security Policy/);
    const page = await place.page(look);
    await page.goto(place.at(look, '340000', '/verify'));
    await page.evaluate("new Image().src = 'http://elsewhere.invalid/x.png'");
    // By the page's own word and by the browser's, whichever comes first.
    const said: string[] = [];
    await expect
      .poll(() => {
        said.push(...place.witness.taken(page));
        return [/policy: img-src/, /Content Security Policy/].map((one) =>
          said.some((text) => one.test(text)),
        );
      })
      .toEqual([true, true]);
  });
}
