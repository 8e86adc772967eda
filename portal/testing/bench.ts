import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
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
  /** Most kB that reach the browser: pages of the public and residents 130, of clerks with a chart 230 more. */
  readonly kB: number;
}

const pages: readonly FrontPage[] = [
  { name: 'landing', path: '/zh', kB: 130 },
  { name: 'resident', path: '/zh/home', account: 'resident', kB: 130 },
  { name: 'cashier', path: '/zh/home', account: 'medical-settlement-cashier', kB: 130 },
  { name: 'clerk', path: '/zh/home', account: 'medical-settlement-clerk', kB: 360 },
  { name: 'operator', path: '/zh/home', account: 'operator', kB: 360 },
  { name: 'plan', path: '/zh/plan', kB: 130 },
];

const judged = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const least = 95;
/** Longest until the largest piece is shown (LCP), in ms; most that the page may shift (CLS). */
const paintMs = 2_500;
const shift = 0.05;

/** What Lighthouse found, as far as it is told on. */
interface Found {
  readonly scores: readonly number[];
  readonly paintMs: number;
  readonly shift: number;
  readonly kB: number;
  /** Names of audits that failed. */
  readonly failed: readonly string[];
}

const run = promisify(execFile);

async function judge(page: FrontPage, url: string, cookie: string | undefined): Promise<Found> {
  const headers = cookie === undefined ? [] : [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`];
  const words = [url, `--port=${port}`, '--output=json', '--quiet', `--only-categories=${judged.join(',')}`];
  const npm = ['exec', '--yes', `--package=${lighthouse}`, '--', 'lighthouse', ...words, ...headers];
  const { stdout } = await run('npm', npm, { maxBuffer: 2 ** 28, timeout: 300_000 });
  const { categories, audits } = JSON.parse(stdout);
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
    failed,
  };
}

function median(found: readonly Found[]): Found {
  const [middle] = found
    .toSorted((a, b) => (a.scores[0] ?? 0) - (b.scores[0] ?? 0))
    .slice(Math.floor(found.length / 2));
  if (!middle) throw new Error('nothing was measured');
  return middle;
}

function missed(page: FrontPage, found: Found): readonly string[] {
  const low = judged.filter((_, index) => (found.scores[index] ?? 0) < least);
  return [
    ...low.map((name) => `${name} below ${least}`),
    ...(found.paintMs > paintMs ? [`LCP over ${paintMs} ms`] : []),
    ...(found.shift > shift ? [`CLS over ${shift}`] : []),
    ...(found.kB > page.kB ? [`over ${page.kB} kB`] : []),
    ...found.failed,
  ];
}

async function measure(region: PortalRegion, rounds: number): Promise<boolean> {
  const browser = await openBrowser([`--remote-debugging-port=${port}`]);
  const member = '340000';
  let isGood = true;
  const tell = (words: readonly string[]) => process.stdout.write(`${words.join('  ')}\n`);
  tell(['page'.padEnd(9), ...judged.map((name) => name.padEnd(14)), 'LCP ms', '  CLS ', '   kB', 'missed']);
  try {
    for (const page of pages) {
      const window = await openWindow(browser, { language: 'zh', width: 390 });
      const tab = await window.newPage();
      if (page.account) await signIn(tab, region.url(member), `${member}-${page.account}`, page.path);
      const jar = await window.cookies(region.url(member));
      const cookie = jar.map(({ name, value }) => `${name}=${value}`).join('; ');
      await window.close();
      const found: Found[] = [];
      for (let round = 0; round < rounds; round++)
        found.push(await judge(page, `${region.url(member)}${page.path}`, cookie || undefined));
      const middle = median(found);
      const faults = missed(page, middle);
      if (faults.length > 0) isGood = false;
      const scores = middle.scores.map((score) => String(score).padEnd(14));
      const numbers = [middle.paintMs.toFixed(0).padStart(6), middle.shift.toFixed(3).padStart(6)];
      tell([page.name.padEnd(9), ...scores, ...numbers, middle.kB.toFixed(0).padStart(5), faults.join(', ')]);
    }
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
