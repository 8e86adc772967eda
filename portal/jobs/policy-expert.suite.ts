import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { isSound, nameOf } from '../testing/care.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

/** An expert on the rules, signed in to nothing: what is in force when and by what source, where members differ, and what if. */
export function policyExpert(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))(
    'an expert on the rules, %s',
    (_name, look) => {
      test('sees what was in force on a day, since when, and by which source', async () => {
        const page = await place.page(look);
        await page.goto(place.at(look, '310000', '/medical-settlement/parameters'));
        const diseases = page.locator('.sheet', {
          hasText: words(look, '跨省联网结算的门诊慢特病', 'Chronic diseases settled'),
        });
        await diseases.locator('tbody tr').nth(1).waitFor();
        expect(await inForce(diseases)).toEqual([false, true]);
        await page.getByLabel(words(look, '生效于', 'In force on')).fill('2024-06-01');
        await expect.poll(() => inForce(diseases)).toEqual([true, false]);
        expect(page.url()).toContain('on=2024-06-01');
        await diseases.getByText('医保发〔2022〕22').waitFor();
        await isSound(page);
      });

      test('lays two members’ policies side by side', async () => {
        const page = await place.page(look);
        await page.goto(place.at(look, '310000', '/medical-settlement/compare'));
        const differs = page.locator('tbody');
        await differs
          .getByText(words(look, '元', 'yuan'))
          .first()
          .waitFor();
        // Amounts in yuan by the kind of the field, days in words: no bare fen (six digits are a place), no bare day.
        const shown = (await differs.locator('td:not(.card-head)').allTextContents()).join(' ');
        expect(shown).not.toMatch(/(?<![\d,.])\d{7,}(?![\d,.])|\d{4}-\d{2}-\d{2}/);
        await page.getByLabel(words(look, '乙', 'Other')).selectOption('310000');
        await page.getByText(words(look, '两地完全相同', 'exactly the same')).waitFor();
        await isSound(page);
      });

      test('changes a fact of a worked example, and sees each amount change with its reason', async () => {
        const page = await place.page(look);
        await page.goto(place.at(look, '310000', '/medical-settlement/examples'));
        await page.locator('.amounts tbody tr').first().waitFor();
        await isSound(page);
        await page.getByLabel(words(look, '费用总额', 'All that is charged')).fill('50000');
        await page.getByText(words(look, '已改动 1 处', '1 fact changed')).waitFor();
        await expect.poll(() => page.locator('.amounts').first().textContent()).toContain('50,000.00');
        expect(await page.locator('.amounts').first().textContent()).toContain('49,000.01');
        await isSound(page);
      });
    },
  );
}

/** For each version in their order, whether the page says that it is in force. */
async function inForce(sheet: Locator): Promise<readonly boolean[]> {
  const rows = await sheet.locator('tbody tr').all();
  return Promise.all(rows.map(async (row) => (await row.locator('.chip-good').count()) > 0));
}
