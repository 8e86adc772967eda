import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faultsOf, isTooWide } from './axe.ts';
import type { Look } from './browser.ts';

/** A look by its name, for the titles of tests. */
export const nameOf = ({ language, width, dark }: Look): string =>
  `${language} ${width}${dark === true ? ' dark' : ''}`;

/** The page is whole: nothing that keeps people out, nothing beyond the window. */
export async function isSound(page: Page): Promise<void> {
  expect(await faultsOf(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
}
