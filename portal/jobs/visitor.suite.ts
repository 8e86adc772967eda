import { describe, expect, test } from 'vitest';
import type { Look } from '../testing/browser.ts';
import { isSound, nameOf } from '../testing/care.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

/** A visitor whom nobody knows: what passes between members, which systems run, and whether what they see is of now. */
export function visitor(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))('a visitor, %s', (_name, look) => {
    test('sees what passes between members in tens, with its time, and that nothing moves who wants stillness', async () => {
      const page = await place.page(look);
      await page.goto(place.at(look, '310000', ''));
      const caption = page.locator('.flows figcaption');
      await caption.getByText(/\d\d:\d\d:\d\d/).waitFor();
      const counts = page.locator(look.width < 600 ? '.flows-list li' : '.member-count');
      const own = (await counts.allTextContents()).join(' ');
      expect(own).toMatch(words(look, '发 ', 'out '));
      for (const [, n] of own.matchAll(/([\d,]+)(?=\+)/g)) expect(Number(n?.replace(/,/g, '')) % 10).toBe(0);
      expect(await page.locator('.dot').count()).toBeGreaterThan(0);
      const isMoving = `[...document.querySelectorAll('.dot')].some((dot) => dot.getAnimations().length > 0)`;
      expect(await page.evaluate(isMoving)).toBe(false);
      // What passes came with the page; which systems run is asked after.
      await page.locator('.directory li:not(.quiet) a').nth(2).waitFor({ state: 'attached' });
      await isSound(page);
    });
  });

  // Both at once, as each waits as long as a page bears to hear nothing.
  test('a visitor is told when what passes is no longer heard of, and when it is again, in either look', async () => {
    const waits = async (look: Look) => {
      const page = await place.page(look);
      await page.goto(place.at(look, '310000', ''));
      const caption = page.locator('.flows figcaption');
      await caption.getByText(/\d\d:\d\d:\d\d/).waitFor();
      place.witness.expect(/ERR_FAILED/);
      await page.route('**/pulse', (route) => route.abort());
      await caption.getByText(words(look, '实时数据中断', 'Live data are interrupted')).waitFor();
      await isSound(page);
      await page.unroute('**/pulse');
      await caption.getByText(/\d\d:\d\d:\d\d/).waitFor();
    };
    await Promise.all(looks.map(waits));
  });
}
