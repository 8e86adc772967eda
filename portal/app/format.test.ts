import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The forms as a page in a language has them. */
async function formsIn(language: 'zh' | 'en') {
  vi.stubGlobal('location', { pathname: `/${language}/home` });
  const { loadTexts } = await import('./texts.ts');
  await loadTexts();
  return import('./format.ts');
}

test('a day, a month and a moment are written as the page’s language does, by the region’s clocks', async () => {
  const chinese = await formsIn('zh');
  expect(chinese.dayText('2026-03-09')).toBe('2026 年 3 月 9 日');
  expect(chinese.dayText('2026-03-09', true)).toBe('3 月 9 日');
  expect(chinese.monthText('2026-12')).toBe('2026 年 12 月');
  expect(chinese.momentText('2026-12-31T16:05:09Z')).toBe('2027 年 1 月 1 日 00:05');
  vi.resetModules();
  const english = await formsIn('en');
  expect(english.dayText('2026-03-09')).toBe('March 9, 2026');
  expect(english.dayText('2026-03-09', true)).toBe('March 9');
  expect(english.monthText('2026-12')).toBe('December 2026');
  expect(english.momentText('2026-12-31T16:05:09Z', true)).toBe('January 1, 2027 00:05:09');
});

test('the hour of day is the region’s', async () => {
  const { clockHour, clockText } = await formsIn('zh');
  expect(clockHour(Date.parse('2026-06-30T16:59:59Z'))).toBe(0);
  expect(clockText('2026-06-30T01:02:03Z')).toBe('09:02');
});
