import { describe, expect, test } from 'vitest';
import { isSound, nameOf } from '../testing/care.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

/** Being signed in, and not any more: what people see of it. */
export function signIn(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))('who is signed in, %s', (_name, look) => {
    test('ends all their sessions from one; the other says why, keeps what was entered, and goes on once they sign in again', async () => {
      const account = 'mooring-harbour-master';
      place.witness.expect(/status of 401/);
      const office = await place.sit(look, '310000', account, '/mooring/moor');
      const berth = office.getByLabel(words(look, '泊位编号', 'Number of the berth'));
      await berth.fill('BZ77');
      const phone = await place.sit(look, '310000', account, '/home');
      await phone.locator('.account summary').click();
      await isSound(phone);
      await phone
        .getByRole('button', { name: words(look, '在所有设备上退出', 'Sign out everywhere') })
        .click();
      await phone.waitForURL((url) => !url.pathname.endsWith('/home'));
      // What other processes of a member heard last is at most five seconds old.
      await expect
        .poll(
          () =>
            office.evaluate("fetch('/session').then((answer) => answer.json()).then(({ ended }) => ended)"),
          {
            timeout: 30_000,
          },
        )
        .toBe('elsewhere');
      await office.reload();
      const bar = office.getByRole('status').getByRole('link', { name: words(look, '登录', 'Sign in') });
      await bar.waitFor();
      await isSound(office);
    });
  });
}
