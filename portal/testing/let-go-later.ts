import type { Page } from 'playwright-core';

/** Keeps what a page asks for at such addresses until it is let go. */
export async function letGoLater(page: Page, addresses: string): Promise<{ letGo(): void }> {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(addresses, async (route) => {
    await held;
    await route.continue();
  });
  return { letGo };
}
