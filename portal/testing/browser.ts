import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const require = createRequire(import.meta.url);

/** Starts the browser of the tests: the one that `CHROMIUM` names, else the one from npm, unpacked once into the dependencies' cache. */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  const { executablePath, env } = await place();
  return chromium.launch({
    executablePath,
    env,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--force-color-profile=srgb',
      ...more,
    ],
  });
}

interface BrowserPlace {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

async function place(): Promise<BrowserPlace> {
  const own = process.env['CHROMIUM'];
  const home = own === undefined ? await unpacked() : mkdtempSync(join(tmpdir(), 'yitong-fonts-'));
  const libraries = join(home, 'al2023', 'lib');
  const env = { ...textsOf(process.env), FONTCONFIG_FILE: fonts(home) };
  if (own !== undefined) return { executablePath: own, env };
  return { executablePath: join(home, 'chromium'), env: { ...env, LD_LIBRARY_PATH: libraries } };
}

function textsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((one): one is [string, string] => one[1] !== undefined),
  );
}

/** The browser's folder; made whole under another name first, so that two runs never meet half of one. */
async function unpacked(): Promise<string> {
  const manifest = JSON.parse(
    readFileSync(join(packageFolder('@sparticuz/chromium'), 'package.json'), 'utf8'),
  );
  const cache = join(packageFolder('@sparticuz/chromium'), '..', '..', '.cache');
  const home = join(cache, `chromium-${manifest.version}`);
  if (existsSync(home)) return home;
  mkdirSync(cache, { recursive: true });
  const half = mkdtempSync(join(cache, 'chromium-half-'));
  const before = {
    TMPDIR: process.env['TMPDIR'],
    AWS_LAMBDA_JS_RUNTIME: process.env['AWS_LAMBDA_JS_RUNTIME'],
  };
  // The package unpacks into the temporary folder, and the libraries that bare machines lack only where it believes to be at their maker's.
  Object.assign(process.env, { TMPDIR: half, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' });
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    await packed.executablePath();
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
  if (existsSync(home)) rmSync(half, { recursive: true });
  else renameSync(half, home);
  return home;
}

/** Configuration of fonts: one Chinese font from npm for everything, so that pictures are the same everywhere. */
function fonts(home: string): string {
  const path = join(home, 'fonts.conf');
  const folder = join(packageFolder('@embedpdf/fonts-sc'), 'fonts');
  const prefer = (family: string) =>
    `<alias binding="same"><family>${family}</family><prefer><family>Noto Sans S Chinese</family><family>Noto Sans Hans</family></prefer></alias>`;
  const families = ['system-ui', 'sans-serif', 'serif', 'monospace', 'ui-monospace'].map(prefer).join('');
  const cache = `<cachedir>${join(home, 'font-cache')}</cachedir>`;
  writeFileSync(path, `<fontconfig><dir>${folder}</dir>${cache}${families}</fontconfig>`);
  return path;
}

/** The folder of a package that does not tell its manifest: the one above its main file that bears its name. */
function packageFolder(name: string): string {
  let folder = dirname(require.resolve(name));
  while (!existsSync(join(folder, 'package.json')) || !isOf(folder, name)) folder = dirname(folder);
  return folder;
}

function isOf(folder: string, name: string): boolean {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name === name;
}

/** How a page is looked at. */
export interface Look {
  readonly language: 'zh' | 'en';
  readonly width: number;
  readonly dark?: boolean;
  readonly large?: boolean;
}

/** A window of the browser as one person's device has it. */
export async function openWindow(
  browser: Browser,
  { language, width, dark = false }: Look,
): Promise<BrowserContext> {
  return browser.newContext({
    locale: language === 'en' ? 'en-GB' : 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    isMobile: width < 600,
    hasTouch: width < 600,
  });
}

/** How somebody signs in: as usual, or strongly enough to move money. */
export type Way = 'sign-in' | 'step-up';

/** Signs in as a demonstration account, the way a person does: by the picker. */
export async function signIn(
  page: Page,
  url: string,
  account: string,
  back: string,
  way: Way = 'sign-in',
): Promise<void> {
  await page.goto(`${url}/session/${way}?back=${encodeURIComponent(back)}`);
  await page.click(`button[value="${account}"]`);
  await page.waitForURL((at) => at.origin === new URL(url).origin);
}
