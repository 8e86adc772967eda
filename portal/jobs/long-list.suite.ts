import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { isSound } from '../testing/care.ts';
import { giveAll } from '../testing/load.ts';
import { looks, type Place } from '../testing/place.ts';

const rows = 10_000;

/** Numbers of berths that no other job uses: CA00 and those that follow. */
function berths(): readonly object[] {
  const letter = (from: string, n: number) => String.fromCharCode(from.charCodeAt(0) + n);
  return Array.from({ length: rows }, (_, n) => {
    const pair = Math.floor(n / 100);
    const berth = `${letter('C', Math.floor(pair / 26))}${letter('A', pair % 26)}${String(n % 100).padStart(2, '0')}`;
    return { berth, name: `Pier ${berth}`, water: 'river', opened: '2026-01-01' };
  });
}

/** Places in the list of the first and last row that are in the page now, and how many rows are. */
async function inPage(page: Page): Promise<{ first: number; last: number; count: number }> {
  const places: readonly number[] = await page.evaluate(
    `[...document.querySelectorAll('tbody tr[aria-rowindex]')].map((row) => Number(row.ariaRowIndex) - 1)`,
  );
  return { first: places[0] ?? 0, last: places.at(-1) ?? 0, count: places.length };
}

/** Places in the list of the rows that stand within the window. */
async function inSight(page: Page): Promise<readonly number[]> {
  return page.evaluate(
    `[...document.querySelectorAll('tbody tr[aria-rowindex]')].filter((row) => row.getBoundingClientRect().top > 0 && row.getBoundingClientRect().bottom < innerHeight).map((row) => Number(row.ariaRowIndex) - 1)`,
  );
}

/** A list of ten thousand rows, gone through by keyboard. */
export function longList(place: Place): void {
  test('ten thousand rows are reached to the last by keyboard, and few of them are in the page at a time', async () => {
    const [, desk] = looks;
    if (desk === undefined) throw new Error('there is no desk');
    const authorization = await place.region.token('310000-mooring-harbour-master');
    await giveAll({ url: place.region.url('310000'), type: 'mooring/open-berth', authorization }, berths());
    const page = await place.page(desk);
    await page.goto(place.at(desk, '310000', '/mooring/berth?water=river&sort=name'));
    await page.getByText(/of 10,000/).waitFor();
    let seen = await inPage(page);
    while (seen.last < rows) {
      const { last } = seen;
      const further = async () => {
        await page.keyboard.press('End');
        seen = await inPage(page);
        expect(seen.last).toBeGreaterThan(last);
      };
      // Rows that arrive after the key was pressed stand below: then it is pressed again, as by somebody who holds it down.
      await vi.waitFor(further, { timeout: 60_000, interval: 50 });
      expect(seen.count).toBeLessThan(120);
    }
    await page.getByRole('link', { name: 'Pier FV99', exact: true }).waitFor();
    await page.keyboard.press('PageUp');
    const above = async () => {
      const places = await inSight(page);
      expect(places.length).toBeGreaterThan(5);
      expect(places.at(-1)).toBeLessThan(rows);
    };
    await vi.waitFor(above, { timeout: 60_000 });
    await page.keyboard.press('Home');
    await vi.waitFor(async () => expect((await inPage(page)).first).toBe(1), { timeout: 60_000 });
    await isSound(page);
  }, 600_000);
}
