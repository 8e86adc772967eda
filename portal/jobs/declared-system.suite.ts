import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { isSound, nameOf } from '../testing/care.ts';
import { bytesOf } from '../testing/download.ts';
import { letGoLater } from '../testing/let-go-later.ts';
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

      test('takes a file along: with its progress, its limit and its faults, kept in the draft, given back whole at the other member', async () => {
        const page = await place.sit(look, '310000', 'mooring-harbour-master', '/mooring/send-papers');
        const name = (zh: string, en: string) => page.getByLabel(words(look, zh, en), { exact: true });
        const send = page.getByRole('button', { name: words(look, '移交文件', 'Hand papers over') });
        await name('泊位编号', 'Number of the berth').fill(berth);
        await name('移交给', 'To').selectOption('340000');
        const scan = page.getByRole('group', { name: words(look, '扫描件', 'Scan') });
        const file = scan.locator('input[type=file]');

        await file.setInputFiles({ name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<b>') });
        place.witness.expect(/415|404/);
        await scan.getByRole('alert').waitFor();
        await page.evaluate(
          `Object.defineProperty(File.prototype, 'size', { configurable: true, get: () => 300 * 1024 ** 2 })`,
        );
        await file.setInputFiles({
          name: 'large.pdf',
          mimeType: 'application/pdf',
          buffer: Buffer.from('%PDF-'),
        });
        await scan.getByText(words(look, '超过最大 256 MiB', 'more than 256 MiB')).waitFor();
        await isSound(page);
        await page.reload();

        // The file leaves while the rest is filled in; a form that is sent meanwhile says so, in a summary that takes the focus.
        const bytes = Buffer.concat([Buffer.from('%PDF-1.7 '), Buffer.alloc(300_000, berth)]);
        const held = await letGoLater(page, '**/blobs?*');
        await file.setInputFiles({ name: '泊位 1.pdf', mimeType: 'application/pdf', buffer: bytes });
        await scan.locator('progress').waitFor();
        await send.click();
        await page
          .getByRole('alert')
          .filter({ has: page.locator('.fault-list') })
          .waitFor();
        expect(await page.locator('.fault-list li').count()).toBe(2);
        expect(await page.evaluate(`document.activeElement.querySelector('.fault-list') !== null`)).toBe(
          true,
        );
        await isSound(page);
        await name('文件名称', 'Name of the papers').fill(`deed ${berth}`);
        held.letGo();
        await scan.locator('.file-here').waitFor();
        expect(await name('文件名称', 'Name of the papers').inputValue()).toBe(`deed ${berth}`);
        await vi.waitFor(
          async () => expect(await page.evaluate('JSON.stringify(sessionStorage)')).toContain('sha256'),
          20_000,
        );
        await page.reload();
        await scan.locator('.file-here').waitFor();
        await isSound(page);
        await send.click();
        await page.getByText(words(look, '已办结', 'done')).waitFor();

        const path = `/mooring/papers/${berth}/${encodeURIComponent(`deed ${berth}`)}`;
        const there = await place.sit(look, '340000', 'mooring-harbour-master', path);
        const take = there.getByRole('button', {
          name: words(look, '下载“泊位 1.pdf”', 'Download “泊位 1.pdf”'),
        });
        const taken = there.waitForEvent('download');
        // The receiving node fetches the file by itself, a moment after the message that names it.
        await vi.waitFor(async () => {
          await take.click();
          await there.locator('.file-hash').waitFor({ timeout: 2_000 });
        }, 60_000);
        const given = await taken;
        expect(given.suggestedFilename()).toBe('泊位 1.pdf');
        expect((await bytesOf(given)).equals(bytes)).toBe(true);
        const hash = createHash('sha256').update(bytes).digest('hex');
        expect(await there.locator('.file-hash').textContent()).toBe(hash);
        await isSound(there);
      });

      test('whoever changes a record that somebody changed meanwhile sees both versions, and loses nothing that was entered', async () => {
        const number = `BR${berth.slice(2)}`;
        const account = 'mooring-harbour-master';
        const rename = (name: string) =>
          place.command('310000', account, 'mooring/open-berth', {
            berth: number,
            name,
            water: 'lake',
            opened: '2026-02-28',
          });
        await rename('Reed');
        const page = await place.sit(look, '310000', account, `/mooring/berth/${number}`);
        const act = page.getByRole('link', { name: words(look, '启用泊位', 'Open a berth'), exact: true });
        const send = page.getByRole('button', { name: words(look, '启用泊位', 'Open a berth') });
        const fill = async (name: string) => {
          await act.click();
          await page.getByLabel(words(look, '泊位编号', 'Number of the berth')).fill(number);
          await page.getByLabel(words(look, '泊位名称', 'Name of the berth')).fill(name);
          await page.getByLabel(words(look, '内河', 'river')).check();
          const since = page.getByRole('group', { name: words(look, '启用日期', 'Open since') });
          await since.getByLabel(words(look, '年', 'year')).fill('2026');
          await since.getByLabel(words(look, '月', 'month')).fill('3');
          await since.getByLabel(words(look, '日', 'day')).fill('1');
        };
        const told = page.getByRole('alert').filter({ hasText: words(look, '刚被更新', 'was just changed') });
        const row = told.getByRole('row', { name: words(look, '泊位名称', 'Name of the berth') });

        await fill('Bulrush');
        await rename('Sedge');
        place.witness.expect(/status of 412/);
        await send.click();
        await expect
          .poll(() => row.getByRole('cell').allTextContents(), { timeout: 30_000 })
          .toEqual(['Reed', expect.stringContaining('Sedge')]);
        await told.getByText(words(look, '上海市', 'Shanghai')).waitFor();
        await isSound(page);
        await told
          .getByRole('button', { name: words(look, '按新版本继续', 'Go on with the new version') })
          .click();
        await send.click();
        await page.getByText(words(look, '已办结', 'done')).waitFor();

        // A draft that was begun from a version which is no longer the newest says so when it is found again.
        await page.goto(place.at(look, '310000', `/mooring/berth/${number}`));
        await page.locator('dd').getByText('Bulrush').first().waitFor();
        await fill('Rush');
        await page.getByText(words(look, '已保存', 'Saved at')).waitFor();
        await rename('Iris');
        await page.goto(place.at(look, '310000', `/mooring/berth/${number}`));
        await page.locator('dd').getByText('Iris').first().waitFor();
        await act.click();
        await expect
          .poll(() => row.getByRole('cell').allTextContents(), { timeout: 30_000 })
          .toEqual(['Bulrush', expect.stringContaining('Iris')]);
        const name = page.getByLabel(words(look, '泊位名称', 'Name of the berth'));
        expect(await name.inputValue()).toBe('Rush');
        await told.getByRole('button', { name: words(look, '放弃', 'Give up') }).click();
        await act.click();
        expect(await name.inputValue()).toBe('');
        expect(await told.count()).toBe(0);
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
        // The page is titled by the record's name, which a script in it would have replaced by its own word.
        expect(await page.title()).toContain(hostile);
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
