import type { Page } from 'playwright-core';
import type { Look, Way } from './browser.ts';
import type { Place } from './place.ts';
import type { Resident } from './region.ts';
import { words } from './words.ts';

const cashier = 'medical-settlement-cashier';

/** An item of the catalogue: what a fund shares in (class A, B or C) and up to which price. */
interface Item {
  readonly code: string;
  readonly class: string;
  readonly priceCap: string | null;
}

/** A hospital's counter, worked with the keyboard alone. */
export class Counter {
  readonly page: Page;
  readonly #look: Look;
  readonly #place: Place;

  private constructor(page: Page, look: Look, place: Place) {
    this.page = page;
    this.#look = look;
    this.#place = place;
  }

  /** Sits down at Shanghai's; signed in so that money may move unless `way` says otherwise. */
  static async open(place: Place, look: Look, way: Way = 'step-up'): Promise<Counter> {
    const path = '/medical-settlement/counter';
    const page = await place.sit(look, '310000', cashier, path, way);
    await page.locator('#counter-person').waitFor();
    return new Counter(page, look, place);
  }

  /** Types who it is as a scanner would, and hears what the insured place says. */
  async ask({ person, city }: Resident): Promise<void> {
    await this.page.keyboard.press('F2');
    await this.page.keyboard.type(`${person};${city}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.counter-answer').first().waitFor();
  }

  /** Pastes lines of the hospital's system, two or one for each of the prices (元), and asks how they split. */
  async present(prices: readonly string[] = ['120.50', '120.50']): Promise<void> {
    await this.#paste(await this.#lines(prices));
    await this.page.locator('.counter-line').nth(1).waitFor();
    await this.page.keyboard.press('F9');
  }

  /** Confirms, and tells what is to be paid in cash; `asked` is done when they are asked who they are first. */
  async settle(asked: () => Promise<void> = async () => undefined): Promise<string> {
    await this.button('确认结算', 'Confirm').waitFor();
    await this.page.keyboard.press('Control+Enter');
    await asked();
    await this.button('撤销结算', 'Reverse').waitFor();
    return ((await this.page.locator('.counter-cash .one-number').textContent()) ?? '').trim();
  }

  /** Is asked who they are once more before the money moves, and says so at the issuer: one window, one key. */
  async confirmSelf(looked: (page: Page) => Promise<unknown>): Promise<void> {
    const asked = this.page.getByRole('dialog');
    await asked.waitFor();
    await looked(this.page);
    const opened = this.page.waitForEvent('popup');
    await this.page.keyboard.press('Enter');
    const issuer = await opened;
    const mine = issuer.locator(`button[value="310000-${cashier}"]`);
    await mine.waitFor();
    await looked(issuer);
    const closed = issuer.waitForEvent('close');
    await mine.press('Enter');
    await closed;
    await asked.waitFor({ state: 'hidden' });
  }

  button(zh: string, en: string) {
    return this.page.getByRole('button', { name: words(this.#look, zh, en) });
  }

  /** Lines as a hospital's system puts them on the clipboard: code, quantity, unit price; of what a fund shares in at any price. */
  async #lines(prices: readonly string[]): Promise<string> {
    const path = '/systems/medical-settlement/parameters/catalogue?member=310000&at=/items&q=';
    const answer = await fetch(`${this.#place.region.url('310000')}${path}${encodeURIComponent('检查')}`);
    const { value } = (await answer.json()) as { readonly value: readonly Item[] };
    const shared = value.filter(({ class: of, priceCap }) => of !== 'C' && priceCap === null);
    const lines = prices.map((price, at) => `${shared[at]?.code}\t1\t${price}\n`);
    return lines.join('');
  }

  async #paste(text: string): Promise<void> {
    await this.page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ${JSON.stringify(text)});
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
    }`);
  }
}
