import { expect, test } from 'vitest';
import { looks, type Place } from '../testing/place.ts';

/** What holds on every page, whoever looks. */
export function policy(place: Place): void {
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
