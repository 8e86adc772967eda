import { describe, expect, test } from 'vitest';
import { isSound, nameOf } from '../testing/care.ts';
import { bytesOf } from '../testing/download.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

const hostile = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>&amp;{{7*7}}`;

/** A system that exists in the tests alone: its pages appear of its declaration, and whatever people write in it stays text. */
export function declaredSystem(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))(
    'a declared system, %s',
    (_name, look) => {
      const berth = `BA${String(looks.indexOf(look)).padStart(2, '0')}`;

      test('stands in the directory and has a page, a form, a list with filters, and files', async () => {
        const page = await place.page(look);
        await page.goto(place.at(look, '310000', ''));
        const search = page.getByRole('searchbox');
        await search.fill(words(look, '泊位', 'berth'));
        await page.getByRole('link', { name: words(look, '游船泊位', 'Berths for boats') }).click();
        await page.getByRole('link', { name: words(look, '泊位', 'Berth'), exact: true }).waitFor();
        await isSound(page);

        const master = await place.sit(look, '310000', 'mooring-harbour-master', '/home');
        await master.getByRole('link', { name: words(look, '启用泊位', 'Open a berth') }).click();
        await master.getByLabel(words(look, '泊位名称', 'Name of the berth')).fill(hostile);
        await master.getByLabel(words(look, '湖泊', 'lake')).check();
        const since = master.getByRole('group', { name: words(look, '启用日期', 'Open since') });
        await since.getByLabel(words(look, '年', 'year')).fill('2026');
        await since.getByLabel(words(look, '月', 'month')).fill('2');
        await since.getByLabel(words(look, '日', 'day')).fill('30');
        await master.getByRole('button', { name: words(look, '启用泊位', 'Open a berth') }).click();
        // Two faults: the number is missing, and there is no 30 February.
        expect(await master.locator('.fault-list li').count()).toBe(2);
        await isSound(master);
        await master.getByLabel(words(look, '泊位编号', 'Number of the berth')).fill(berth);
        await since.getByLabel(words(look, '日', 'day')).fill('28');
        await master.getByRole('button', { name: words(look, '启用泊位', 'Open a berth') }).click();
        await master.getByText(words(look, '已办结', 'done')).waitFor();
        await isSound(master);
      });

      test('shows hostile names as the text that they are, in lists, records and files', async () => {
        const page = await place.page(look);
        await page.goto(place.at(look, '310000', '/mooring/berth?water=lake'));
        await page.getByText(hostile).first().waitFor();
        await isSound(page);
        const file = page.waitForEvent('download');
        await page.getByRole('link', { name: 'CSV' }).click();
        const csv = await file;
        expect(csv.suggestedFilename()).toBe('mooring-berth.csv');
        expect((await bytesOf(csv)).toString('utf8')).toContain('2026-02-28');
        await page.getByText(hostile).first().click();
        await page.getByRole('heading', { name: words(look, '变更历史', 'History') }).waitFor();
        await page.getByText(hostile).first().waitFor();
        await isSound(page);
        expect(await page.title()).not.toContain('taken');
        expect(await page.locator('main img, main script').count()).toBe(0);
        await page.goto(place.at(look, '310000', `/verify?x=${encodeURIComponent(hostile)}`));
        await page.locator('textarea').fill(hostile);
        await page.getByRole('button', { name: words(look, '验证', 'Verify'), exact: true }).click();
        await page.getByRole('heading', { name: words(look, '验证没有通过', 'It does not stand') }).waitFor();
        expect(await page.title()).not.toContain('taken');
      });
    },
  );
}
