import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openWindow, signIn } from './browser.ts';
import { type PortalRegion, portalRegion } from './region.ts';

// `npm run bench:portal`: what the front pages weigh and how Lighthouse judges them, on a phone with slow 4G. Exit code 1 when a budget is missed.

/** The tool and its version: the newest that runs on Node 20. It is fetched for the run and no dependency of the project. */
const lighthouse = 'lighthouse@12.8.2';
const port = 9_337;

/** A page that people meet first, and who they are; nobody when they are not signed in. */
interface FrontPage {
  readonly name: string;
  readonly path: string;
  readonly account?: string;
  /** Most kB that reach the browser. */
  readonly kB: number;
  /** Longest until the largest piece is shown (LCP), ms: of the public and residents 2,000, of others 2,500. */
  readonly paintMs: number;
}

const pages: readonly FrontPage[] = [
  { name: 'landing', path: '/zh', kB: 130, paintMs: 2_000 },
  { name: 'resident', path: '/zh/home', account: 'resident', kB: 130, paintMs: 2_000 },
  { name: 'cashier', path: '/zh/home', account: 'medical-settlement-cashier', kB: 130, paintMs: 2_500 },
  { name: 'clerk', path: '/zh/home', account: 'medical-settlement-clerk', kB: 130, paintMs: 2_500 },
  { name: 'operator', path: '/zh/home', account: 'operator', kB: 130, paintMs: 2_500 },
  { name: 'plan', path: '/zh/plan', kB: 130, paintMs: 2_000 },
];

const judged = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const least = 95;
/** Longest until a press is answered (INP), ms; most that the page may shift (CLS). */
const pressMsMax = 200;
const shift = 0.05;
const member = '340000';

/** What Lighthouse found, as far as it is told on. */
interface Found {
  readonly scores: readonly number[];
  readonly paintMs: number;
  readonly shift: number;
  readonly kB: number;
  /** How fast the machine was just then, by Lighthouse's own measure: what a score is to be judged by. */
  readonly pace: number;
  /** Names of audits that failed. */
  readonly failed: readonly string[];
}

const run = promisify(execFile);

async function judge(page: FrontPage, url: string, cookie: string | undefined): Promise<Found> {
  const headers = cookie === undefined ? [] : [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`];
  const words = [url, `--port=${port}`, '--output=json', '--quiet', `--only-categories=${judged.join(',')}`];
  const npm = ['exec', '--yes', `--package=${lighthouse}`, '--', 'lighthouse', ...words, ...headers];
  const { stdout } = await run('npm', npm, { maxBuffer: 2 ** 28, timeout: 300_000 });
  const { categories, audits, environment } = JSON.parse(stdout);
  const requests: readonly { readonly transferSize?: number }[] = audits['network-requests'].details.items;
  const failed = Object.entries<{ score: number | null; scoreDisplayMode: string }>(audits)
    .filter(([, one]) => one.score === 0 && one.scoreDisplayMode === 'binary')
    .map(([name]) => name);
  if (categories.performance.score === null) throw new Error(`${page.name}: Lighthouse could not judge it`);
  return {
    scores: judged.map((name) => Math.round(100 * categories[name].score)),
    paintMs: audits['largest-contentful-paint'].numericValue,
    shift: audits['cumulative-layout-shift'].numericValue,
    kB: requests.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0) / 1_000,
    pace: environment.benchmarkIndex,
    failed,
  };
}

/** Of each figure the middle of all rounds, for one round may have met whatever else the machine was doing. */
function median(found: readonly Found[]): Found {
  const middle = (of: (one: Found) => number) =>
    found.map(of).toSorted((a, b) => a - b)[Math.floor(found.length / 2)] ?? Number.NaN;
  return {
    scores: judged.map((_, at) => middle(({ scores }) => scores[at] ?? 0)),
    paintMs: middle((one) => one.paintMs),
    shift: middle((one) => one.shift),
    kB: middle((one) => one.kB),
    pace: middle((one) => one.pace),
    failed: found[0]?.failed.filter((name) => found.every(({ failed }) => failed.includes(name))) ?? [],
  };
}

/** The longest that the page took to show what a press did, ms, on a machine a quarter as fast: larger text, and back. */
async function answerMs(tab: Page): Promise<number> {
  const session = await tab.context().newCDPSession(tab);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await tab.evaluate(
    `window.longest = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) if (one.interactionId) window.longest = Math.max(window.longest, one.duration); }).observe({ type: 'event', durationThreshold: 16, buffered: true })`,
  );
  for (let n = 0; n < 4; n++) {
    await tab.locator('.tools button').first().click();
    await tab.evaluate('new Promise((told) => requestAnimationFrame(() => setTimeout(told, 50)))');
  }
  return Number(await tab.evaluate('window.longest'));
}

function missed(page: FrontPage, found: Found, pressMs: number): readonly string[] {
  const low = judged.filter((_, index) => (found.scores[index] ?? 0) < least);
  return [
    ...low.map((name) => `${name} below ${least}`),
    ...(found.paintMs > page.paintMs ? [`LCP over ${page.paintMs} ms`] : []),
    ...(pressMs > pressMsMax ? [`INP over ${pressMsMax} ms`] : []),
    ...(found.shift > shift ? [`CLS over ${shift}`] : []),
    ...(found.kB > page.kB ? [`over ${page.kB} kB`] : []),
    ...found.failed,
  ];
}

const tell = (words: readonly string[]) => process.stdout.write(`${words.join('  ')}\n`);

/** Judges one page, tells its line, and says whether it keeps its budgets. */
async function measurePage(browser: Browser, url: string, page: FrontPage, rounds: number): Promise<boolean> {
  const window = await openWindow(browser, { language: 'zh', width: 390 });
  const tab = await window.newPage();
  if (page.account) await signIn(tab, url, `${member}-${page.account}`, page.path);
  else await tab.goto(url + page.path);
  await tab.locator('main:has(h1):not(:has([aria-busy=true]))').waitFor();
  const pressMs = await answerMs(tab);
  const jar = await window.cookies(url);
  const cookie = jar.map(({ name, value }) => `${name}=${value}`).join('; ');
  await window.close();
  const found: Found[] = [];
  for (let round = 0; round < rounds; round++)
    found.push(await judge(page, url + page.path, cookie || undefined));
  const middle = median(found);
  const faults = missed(page, middle, pressMs);
  const scores = middle.scores.map((score) => String(score).padEnd(14));
  const numbers = [
    middle.paintMs.toFixed(0).padStart(6),
    pressMs.toFixed(0).padStart(6),
    middle.shift.toFixed(3).padStart(6),
    middle.kB.toFixed(0).padStart(5),
    middle.pace.toFixed(0).padStart(6),
  ];
  tell([page.name.padEnd(9), ...scores, ...numbers, faults.join(', ')]);
  return faults.length === 0;
}

async function measure(region: PortalRegion, rounds: number): Promise<boolean> {
  const browser = await openBrowser([`--remote-debugging-port=${port}`, '--accept-lang=zh-CN']);
  let isGood = true;
  tell([
    'page'.padEnd(9),
    ...judged.map((name) => name.padEnd(14)),
    'LCP ms',
    'INP ms',
    '  CLS ',
    '   kB',
    '  pace',
    'missed',
  ]);
  try {
    for (const page of pages)
      if (!(await measurePage(browser, region.url(member), page, rounds))) isGood = false;
  } finally {
    await browser.close();
  }
  return isGood;
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const region = await portalRegion({ members: ['310000', '340000'] });
try {
  process.exitCode = (await measure(region, Math.max(1, Number(values.rounds)))) ? 0 : 1;
} finally {
  await region.stop();
}
