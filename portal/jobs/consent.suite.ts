import { describe, expect, test } from 'vitest';
import { isSound, nameOf } from '../testing/care.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

/** A resident agrees, and takes it back: another member's office is answered in between, and each time the resident sees by which right. */
export function consent(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))('%s', (_name, look) => {
    const text = (zh: string, en: string) => words(look, zh, en);

    test('an office is answered while the person agrees, and not before or after', async () => {
      const office = await place.sit(
        look,
        '310000',
        'medical-settlement-clerk',
        '/medical-settlement/settled-bills',
      );
      const ask = () => office.getByRole('button', { name: text('查询', 'Ask'), exact: true }).click();
      const refused = office.getByText(
        text('安徽省未同意用于此用途。', 'Anhui did not agree to this purpose.'),
      );
      const told = office.locator('.edge-good');
      await office.locator('.input-cn-id').fill(place.region.resident('340000').person);
      await office.getByRole('checkbox', { name: text('安徽', 'Anhui') }).check();
      await ask();
      await refused.waitFor();
      await isSound(office);

      const resident = await place.sit(look, '340000', 'resident', '/me/consents');
      const agree = resident.getByRole('button', { name: text('同意', 'I agree'), exact: true });
      await agree.click();
      expect(await resident.locator('.fault').count()).toBe(2);
      await isSound(resident);
      await resident.getByLabel(text('谁可以查询', 'Who may ask')).selectOption('310000');
      await resident.getByRole('checkbox').check();
      await agree.click();
      await resident.locator('.chip-good').first().waitFor();
      await isSound(resident);
      await ask();
      await told.waitFor();
      await isSound(office);

      await resident.getByRole('button', { name: text('撤回同意', 'Withdraw') }).click();
      await resident.locator('.chip-good').first().waitFor({ state: 'detached' });
      await ask();
      await refused.waitFor();
      await resident.goto(place.at(look, '340000', '/me/accesses'));
      await resident
        .getByRole('link', { name: text('本人同意', 'Your consent') })
        .first()
        .waitFor();
      await isSound(resident);
    });
  });

  test('a member that gives no answer is named, and it alone is asked again', async () => {
    const [look] = looks;
    if (look === undefined) throw new Error('there is a look');
    const page = await place.sit(
      look,
      '310000',
      'medical-settlement-clerk',
      '/medical-settlement/settled-bills',
    );
    await page.locator('.input-cn-id').fill(place.region.resident('340000').person);
    for (const name of ['上海', '安徽']) await page.getByRole('checkbox', { name }).check();
    const back = place.away('340000');
    try {
      await page.getByRole('button', { name: '查询', exact: true }).click();
      await page.getByText('安徽省没有答复').waitFor();
      await page.getByText('上海市未同意用于此用途。').waitFor();
      await isSound(page);
    } finally {
      back();
    }
    await page.getByRole('button', { name: '再问安徽省' }).click();
    await page.getByText('安徽省未同意用于此用途。').waitFor();
  });
}
