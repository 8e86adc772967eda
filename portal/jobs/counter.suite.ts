import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { isSound, nameOf } from '../testing/care.ts';
import { Counter } from '../testing/counter.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

/** What a cashier does when things go otherwise: a settlement is taken back, and the insured place does not answer. Keyboard alone. */
export function counter(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))('a counter, %s', (_name, look) => {
    test('a cashier proves who they are before money moves, is not asked again to take it back, and both sides know it', async () => {
      place.witness.expect(/status of 401/);
      const desk = await Counter.open(place, look, 'sign-in');
      await desk.ask(place.region.resident('340000'));
      await desk.present();
      await desk.settle(() => desk.confirmSelf(isSound));
      await desk.page.keyboard.press('F8');
      await desk.page.getByText(words(look, '已撤销', 'Reversed'), { exact: true }).waitFor();
      await isSound(desk.page);
      await desk.page.keyboard.press('F7');
      await expect.poll(() => focused(desk)).toBe('counter-person');
    });

    test('a cashier reads in an emergency what they may not otherwise, and the person sees who it was and why', async () => {
      const emergency = `急诊昏迷，无法陈述参保地（${look.language}）`;
      const path = '/medical-settlement/coverage';
      const desk = await place.sit(look, '310000', 'medical-settlement-cashier', path, 'step-up');
      const field = (zh: string, en: string) => desk.getByLabel(words(look, zh, en));
      await field('当事人的公民身份号码', 'Citizen number of the person').fill(
        place.region.resident('310000').person,
      );
      await field('是什么紧急情况', 'What is the emergency').fill(emergency);
      await isSound(desk);
      await desk.getByRole('button', { name: words(look, '因此紧急查阅', 'Read in this emergency') }).click();
      await desk
        .getByText(words(look, '已记入当事人的查阅记录', 'stands on the person’s own page'))
        .waitFor();
      await isSound(desk);
      const own = await place.sit(look, '310000', 'resident', '/me/accesses');
      await own.getByText(emergency).waitFor();
      await isSound(own);

      // An auditor is told on their front page, looks at it, and says what they found; operators see that it was looked at.
      const auditor = await place.sit(look, '310000', 'auditor', '/home');
      await auditor.getByRole('link', { name: words(look, '等待复核', 'for review') }).click();
      const row = (page: Page) => page.getByRole('listitem').filter({ hasText: emergency });
      await isSound(auditor);
      await row(auditor)
        .getByLabel(words(look, '复核意见', 'What you found'))
        .fill('与急诊记录相符 seen');
      await row(auditor)
        .getByRole('button', { name: words(look, '完成复核', 'Mark as reviewed') })
        .click();
      await auditor.getByText(words(look, '每次紧急查阅都已复核', 'has been reviewed')).waitFor();
      await isSound(auditor);
      const operator = await place.sit(look, '310000', 'operator', '/status/glasses');
      await row(operator).getByText('与急诊记录相符').waitFor();
    });

    test('a cashier serves the next person while an insured place is away, as the operator sees too, and takes the bill up again', async () => {
      const operator = await place.sit(look, '310000', 'operator', '/status');
      const desk = await Counter.open(place, look);
      await desk.ask(place.region.resident('340000'));
      const back = place.away('340000');
      let bill = '';
      try {
        const sent = desk.page.waitForRequest('**/medical-settlement/present-bill');
        await desk.present();
        bill = (await sent).postDataJSON().bill;
        await desk.page.getByRole('alert').waitFor();
        await isSound(desk.page);
        await desk.page.keyboard.press('F7');
        await desk.page.getByText(words(look, '仍在等待', 'Still waiting')).waitFor();
        await expect.poll(() => focused(desk)).toBe('counter-person');
        await isSound(desk.page);
        await operator
          .getByText(words(look, '安徽省联系不上', 'Anhui cannot be reached'))
          .first()
          .waitFor();
        await isSound(operator);
        // What the member that is away last said stands hatched everywhere, never as a zero; looking again asks for it alone.
        const visitor = await place.page(look);
        await visitor.goto(place.at(look, '310000', '/plan/progress'));
        const hefei = visitor.getByRole('button', { name: words(look, '合肥', 'Hefei') });
        await hefei.and(visitor.locator('.tile-away')).waitFor();
        const numbers = await visitor.locator('.tile-away .tile-number').allTextContents();
        expect(numbers).not.toContain('0');
        await visitor.getByRole('button', { name: words(look, '再看安徽省', 'Try Anhui again') }).click();
        await visitor.getByText(words(look, '仍联系不上安徽省', 'could not be reached at')).waitFor();
        await isSound(visitor);
        await visitor.goto(place.at(look, '310000', '/plan/item?owner=others'));
        await visitor.locator('tr.row-away').first().waitFor();
        await isSound(visitor);
        await visitor
          .getByRole('contentinfo')
          .getByRole('link', { name: words(look, '运行状态', 'Status') })
          .click();
        await visitor
          .getByText(words(look, '发往那里的业务保存在本节点', 'What is for them is kept here'))
          .waitFor();
        await isSound(visitor);
      } finally {
        back();
      }
      // The insured place is asked ever more rarely while it is away.
      await desk.button('继续办理', 'Go on').click({ timeout: 120_000 });
      await desk.settle();
      await operator.getByText(words(look, '全部成员在线', 'All members are reached')).waitFor();

      // A colleague takes the bill back meanwhile: nothing is done to what the cashier does not see.
      await place.command('310000', 'medical-settlement-cashier', 'medical-settlement/reverse-bill', {
        bill,
      });
      place.witness.expect(/status of 412/);
      await desk.page.keyboard.press('F8');
      const told = desk.page
        .getByRole('alert')
        .filter({ hasText: words(look, '刚被更新', 'was just changed') });
      const state = told.getByRole('row', { name: words(look, '状态', 'State') });
      await expect
        .poll(() => state.getByRole('cell').allTextContents(), { timeout: 30_000 })
        .toEqual([
          words(look, '已结算', 'Settled'),
          expect.stringContaining(words(look, '已撤销', 'Reversed')),
        ]);
      await isSound(desk.page);
      await told
        .getByRole('button', { name: words(look, '按新版本继续', 'Go on with the new version') })
        .click();
      await desk.page.locator('.counter-cash', { hasText: words(look, '已撤销', 'Reversed') }).waitFor();

      // A form of what can no longer be done says so before anything is entered.
      await desk.page.goto(place.at(look, '310000', `/medical-settlement/bill/${bill}`));
      await desk.page.getByRole('link', { name: words(look, '结算撤销', 'Reverse a bill') }).click();
      await desk.page.getByText(words(look, '没有提交任何内容', 'Nothing was sent')).waitFor();
      expect(await desk.page.locator('form').count()).toBe(0);
      await isSound(desk.page);
    });
  });
}

function focused({ page }: Counter): Promise<string> {
  return page.evaluate('document.activeElement.id');
}
