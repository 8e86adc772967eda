import { describe, expect, test } from 'vitest';
import { isSound, nameOf } from '../testing/care.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

/** Being signed in, and not any more: what people see of it. */
export function signIn(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))('who is signed in, %s', (_name, look) => {
    test('sends a form while the network is away: it waits, leaves by itself under the same id, and is done once', async () => {
      const berth = `BQ0${looks.indexOf(look)}`;
      place.witness.expect(/net::ERR_/);
      const account = 'mooring-harbour-master';
      await place.command('310000', account, 'mooring/open-berth', {
        ...{ berth, name: 'Q', water: 'lake', opened: '2026-02-28' },
      });
      const page = await place.sit(look, '310000', account, '/mooring/moor');
      const field = (zh: string, en: string) => page.getByLabel(words(look, zh, en));
      await field('泊位编号', 'Number of the berth').fill(berth);
      await field('船名', 'Name of the boat').fill('Grebe');
      await field('停泊费', 'Fee').fill('8.00');
      const ids: (string | undefined)[] = [];
      page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/mooring/moor'))
          ids.push(request.headers()['idempotency-key']);
      });
      await page.context().setOffline(true);
      await page.getByRole('button', { name: words(look, '安排停泊', 'Moor a boat') }).click();
      await page.getByText(words(look, '待发送 1 件', '1 command waits to be sent')).waitFor();
      await isSound(page);
      await page.context().setOffline(false);
      await page.getByText(words(look, '已办结', 'done')).waitFor();
      // A browser that knows that it is offline may not even have tried.
      expect(new Set(ids).size).toBe(1);
    });

    test('ends all their sessions from one; the other says why, keeps what was entered, and goes on once they sign in again', async () => {
      const account = 'mooring-harbour-master';
      const berth = `BS0${looks.indexOf(look)}`;
      place.witness.expect(/status of 401/);
      const facts = { berth, name: 'S', water: 'lake', opened: '2026-02-28' };
      await place.command('310000', account, 'mooring/open-berth', facts);
      const office = await place.sit(look, '310000', account, '/mooring/moor');
      const field = (zh: string, en: string) => office.getByLabel(words(look, zh, en));
      await field('泊位编号', 'Number of the berth').fill(berth);
      await field('船名', 'Name of the boat').fill('Heron');
      await field('停泊费', 'Fee').fill('12.50');

      const phone = await place.sit(look, '310000', account, '/home');
      await phone.locator('.account summary').click();
      await isSound(phone);
      await phone
        .getByRole('button', { name: words(look, '在所有设备上退出', 'Sign out everywhere') })
        .click();
      await phone.waitForURL((url) => !url.pathname.endsWith('/home'));
      // What other processes of a member heard last is at most five seconds old.
      const ended = "fetch('/session').then((answer) => answer.json()).then(({ ended }) => ended)";
      await expect.poll(() => office.evaluate(ended), { timeout: 30_000 }).toBe('elsewhere');

      await office.getByRole('button', { name: words(look, '安排停泊', 'Moor a boat') }).click();
      const asked = office.getByRole('dialog');
      await asked.getByText(words(look, '您在别处选择了全部退出', 'You signed out everywhere')).waitFor();
      await isSound(office);
      const opened = office.waitForEvent('popup');
      await asked.getByRole('button', { name: words(look, '重新登录', 'Sign in again') }).click();
      const issuer = await opened;
      const closed = issuer.waitForEvent('close');
      await issuer.click(`button[value="310000-${account}"]`);
      await closed;
      await office.getByText(words(look, '已办结', 'done')).waitFor();
      expect(await asked.isVisible()).toBe(false);
    });
  });
}
