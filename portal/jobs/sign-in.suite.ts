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
      const send = page.getByRole('button', { name: words(look, '安排停泊', 'Moor a boat') });
      const queue = page.getByRole('region', { name: words(look, '待发送的申请', 'Waiting to be sent') });
      await page.context().setOffline(true);
      await send.click();
      await page.getByText(words(look, '待发送 1 件', '1 command waits to be sent')).waitFor();
      await queue.getByText('Grebe').waitFor();
      // Taken back, it is not sent, and what was entered stands there still; sent again it is the same wish.
      await queue.getByRole('button', { name: words(look, '不再发送', 'Do not send') }).click();
      await queue.waitFor({ state: 'detached' });
      expect(await field('船名', 'Name of the boat').inputValue()).toBe('Grebe');
      await send.click();
      await queue.getByText('Grebe').waitFor();
      await isSound(page);
      await page.context().setOffline(false);
      await page.getByText(words(look, '已办结', 'done')).waitFor();
      // A browser that knows that it is offline may not even have tried.
      expect(new Set(ids).size).toBe(1);
    });

    test('loads the window anew while a form waits: it leaves all the same, once; who signs out leaves none', async () => {
      const berth = `BV0${looks.indexOf(look)}`;
      place.witness.expect(/net::ERR_/);
      const account = 'mooring-harbour-master';
      const opened = { berth, name: 'V', water: 'lake', opened: '2026-02-28' };
      await place.command('310000', account, 'mooring/open-berth', opened);
      const page = await place.sit(look, '310000', account, '/mooring/moor');
      const field = (zh: string, en: string) => page.getByLabel(words(look, zh, en));
      const queue = page.getByRole('region', { name: words(look, '待发送的申请', 'Waiting to be sent') });
      const ids: (string | undefined)[] = [];
      let isAway = true;
      // The node answers for its pages, and takes no command: what it was sent last was lost on its way.
      await page.route(/\/health$|\/mooring\/moor$/, (route) => {
        const isCommand = route.request().method() === 'POST';
        if (isCommand) ids.push(route.request().headers()['idempotency-key']);
        if (route.request().resourceType() === 'document' || !isAway) return route.continue();
        return route.abort('connectionrefused');
      });
      const moor = async (boat: string) => {
        await field('泊位编号', 'Number of the berth').fill(berth);
        await field('船名', 'Name of the boat').fill(boat);
        await field('停泊费', 'Fee').fill('9.00');
        await page.getByRole('button', { name: words(look, '安排停泊', 'Moor a boat') }).click();
        await queue.getByText(boat).waitFor();
      };
      // A form whose page was loaded anew waits for what was sent of it: it is that wish still, however often its button is pressed.
      await moor('Teal');
      await page.reload();
      await queue.getByText('Teal').waitFor();
      const waits = page.getByRole('button', { name: words(look, '待发送', 'To be sent'), exact: true });
      await waits.click();
      await isSound(page);
      isAway = false;
      await page
        .locator('main')
        .getByText(words(look, '已办结', 'done'))
        .waitFor();
      await queue.waitFor({ state: 'detached' });
      expect(new Set(ids.splice(0)).size).toBe(1);
      await page.getByRole('button', { name: words(look, '再办一件', 'Do another') }).click();
      expect(await field('船名', 'Name of the boat').inputValue()).toBe('');

      isAway = true;
      await moor('Coot');
      await page.goto(place.at(look, '310000', '/home'));
      await queue.getByText('Coot').waitFor();
      // It was tried, so it may have arrived: that is said before it is taken back, and one may wait on.
      await queue.getByRole('button', { name: words(look, '不再发送', 'Do not send') }).press('Enter');
      await queue.getByText(words(look, '可能已经送达', 'it may have arrived')).waitFor();
      await isSound(page);
      const stay = queue.getByRole('button', { name: words(look, '继续等待', 'Go on waiting') });
      expect(await stay.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
      await stay.press('Enter');
      isAway = false;
      await queue.getByText(words(look, '已办结', 'done')).waitFor();
      expect(new Set(ids).size).toBe(1);
      await isSound(page);
      await queue.getByRole('button', { name: words(look, '知道了', 'Put away') }).click();
      await page.goto(place.at(look, '310000', '/mooring/moor'));
      await page.locator('form.form').waitFor();
      expect(await field('船名', 'Name of the boat').inputValue()).toBe('');

      // Begun anew, a form is another wish, and what was sent of it waits on; taken back, it is not sent again.
      isAway = true;
      await moor('Scaup');
      await page.getByRole('button', { name: words(look, '重新开始', 'Start anew') }).click();
      await moor('Smew');
      const scaup = queue.getByRole('listitem').filter({ hasText: 'Scaup' });
      await scaup.getByRole('button', { name: words(look, '不再发送', 'Do not send') }).click();
      await scaup.getByRole('button', { name: words(look, '仍不再发送', 'Do not send it again') }).click();
      await scaup.waitFor({ state: 'detached' });
      await queue.getByText('Smew').waitFor();
      expect(await page.evaluate('JSON.stringify(sessionStorage)')).toContain('Smew');
      await page.locator('.account summary').click();
      await page.getByRole('button', { name: words(look, '退出', 'Sign out'), exact: true }).click();
      await page.waitForURL((url) => !url.pathname.endsWith('/moor'));
      expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('Smew');
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
