/** Seconds for which a browser remembers how its user likes the pages. */
const yearSeconds = 31_536_000;

/** Remembers a choice where the node sees it before the first byte of a page, so that nothing flashes. */
function remember(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we serve.
  document.cookie = `yitong-${name}=${value}; Path=/; Max-Age=${yearSeconds}; SameSite=Lax`;
}

/** Whether the page is shown with larger text and targets. 长辈版 */
export function isLarge(): boolean {
  return document.documentElement.dataset['size'] === 'large';
}

/** Larger text and targets, or the usual ones. */
export function setLarge(large: boolean): void {
  document.documentElement.dataset['size'] = large ? 'large' : 'usual';
  remember('size', large ? 'large' : 'usual');
}

/** Whether the page is dark now. */
export function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
}

/** Dark or light, whatever the system says. */
export function setDark(dark: boolean): void {
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  remember('theme', dark ? 'dark' : 'light');
}

/** Remembers the language that was chosen, for the next time without one in the address. */
export function chooseLanguage(language: string): void {
  remember('language', language);
}
