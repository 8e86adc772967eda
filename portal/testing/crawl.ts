import type { Page } from 'playwright-core';
import { routes } from '../routes.ts';
import { systemRoutes } from '../system-routes.ts';
import { texts as english } from '../texts/en.ts';
import { texts as chinese } from '../texts/zh-cn.ts';
import { faultsOf, isTooWide } from './axe.ts';
import type { Look } from './browser.ts';
import type { Witness } from './witness.ts';

// Every page of the portal, as one person meets it. The pages are those of the routes, so that a new one is visited by itself: each that can be
// addressed is, for each system that the node runs, and so is the first of each kind that a page leads to.

interface Declared {
  readonly name: string;
  readonly records: readonly { readonly name: string }[];
  readonly commands: readonly { readonly name: string }[];
}

/** The pages that there are at a node. */
export interface Atlas {
  /** Paths of routes, the most special first. */
  readonly patterns: readonly string[];
  /** Those that can be addressed without knowing a thing of a system. */
  readonly paths: readonly string[];
}

/** What there is to visit at a node; of what is generated from a system's records and commands, all that pages lead to, and one of each unasked. */
export async function atlasOf(url: string): Promise<Atlas> {
  const patterns = [...(await systemRoutes()).pages, ...routes].map(({ path }) => path);
  const { data } = await read<{ readonly data: readonly { readonly name: string }[] }>(`${url}/systems`);
  const declared = await Promise.all(data.map(({ name }) => read<Declared>(`${url}/systems/${name}`)));
  const paths = patterns.flatMap((pattern) => filled(pattern, declared));
  return { patterns, paths: [...new Set(paths)] };
}

async function read<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as T;
}

function filled(pattern: string, declared: readonly Declared[]): readonly string[] {
  if (!pattern.includes(':')) return [pattern];
  if (/:(?!system|name)/.test(pattern)) return [];
  return declared.flatMap(({ name, records, commands }) => {
    const at = pattern.replace(':system', name);
    if (!at.includes(':name')) return [at];
    return [records[0], commands[0]].flatMap((one) => (one ? [at.replace(':name', one.name)] : []));
  });
}

/** The route that shows a path; undefined when none does. */
function patternOf({ patterns }: Atlas, path: string): string | undefined {
  const words = path.split('/');
  return patterns.find((pattern) => {
    const wanted = pattern.split('/');
    return (
      wanted.length === words.length && wanted.every((word, at) => word.startsWith(':') || word === words[at])
    );
  });
}

/** Someone's windows, one for each look: each page is seen in one of them. */
export interface Visitor {
  readonly url: string;
  readonly windows: readonly { readonly look: Look; readonly page: Page }[];
  readonly witness: Witness;
  /** Kinds of pages that axe has judged in a look, whoever saw them: a second time it finds the same. */
  readonly judged: Set<string>;
}

/** What a crawl came to: what is wrong, one line a fault, and which routes were shown. */
export interface Crawled {
  readonly faults: readonly string[];
  readonly shown: ReadonlySet<string>;
}

interface Visit {
  readonly path: string;
  /** The page that leads there; undefined where somebody typed the address. */
  readonly from?: string;
}

/** Visits every page of an atlas, and of what they lead to the first of each kind. */
export async function crawl(atlas: Atlas, visitor: Visitor): Promise<Crawled> {
  const faults: string[] = [];
  const ends = new Map<string, string | undefined>();
  const queue: Visit[] = atlas.paths.map((path) => ({ path }));
  const links = new Map<string, Visit>();
  const see = async ({ path, from }: Visit, window: Visitor['windows'][number]) => {
    const name = `${window.look.language} ${window.look.width} ${path}${from === undefined ? '' : ` (from ${from})`}`;
    const tell = (found: readonly string[]) => faults.push(...found.map((fault) => `${name}: ${fault}`));
    const met = await visit(visitor, window, path, kindOf(atlas, `/${window.look.language}${path}`));
    tell(met.faults);
    ends.set(path, met.end);
    for (const link of met.links) {
      const kind = kindOf(atlas, link);
      const to = /^\/(zh|en)(?=[/?#]|$)/.test(link) ? link.slice(3).replace(/[?#].*/, '') || '/' : undefined;
      if (to === path || links.has(kind)) continue;
      links.set(kind, { path: to ?? '', from: path });
      if (to === undefined) tell(await fileFaults(window.page, visitor.url, link));
      else if (patternOf(atlas, to) === undefined) tell([`it leads to ${to}, which no route shows`]);
      else if (!atlas.paths.includes(to)) queue.push({ path: to, from: path });
    }
  };
  // Each window sees a page at the same time as the others: while one is drawn another is on its way.
  while (queue.length > 0) {
    const round = queue.splice(0, visitor.windows.length);
    await Promise.all(visitor.windows.map((window, n) => round[n] && see(round[n], window)));
  }
  for (const { path, from } of links.values()) {
    const end = ends.get(path);
    if (end !== undefined) faults.push(`${from}: it leads to ${path}, where one is told: ${end}`);
  }
  const shown = [...ends].flatMap(([path, end]) => (end === undefined ? [patternOf(atlas, path) ?? ''] : []));
  return { faults, shown: new Set(shown) };
}

/** What tells links apart: the second record of a list is like the first, and so is a list in another order. */
function kindOf(atlas: Atlas, link: string): string {
  const [path = '', query = ''] = link.split('?', 2);
  if (!/^\/(zh|en)(?=\/|$)/.test(path)) return `${path}?${new URLSearchParams(query).get('format') ?? ''}`;
  const words = path.slice(3).split('/');
  const pattern = patternOf(atlas, path.slice(3) || '/')?.split('/') ?? words;
  const named = words.map((word, at) => (/^:(?!system$|name$)/.test(pattern[at] ?? '') ? ':' : word));
  return named.join('/');
}

/** What is wrong with a file or an act that a page leads to: it is not there, or not for whom the link is shown. */
async function fileFaults(page: Page, url: string, link: string): Promise<readonly string[]> {
  if (link.startsWith('/session/')) return [];
  const answer = await page.request.get(url + link, { maxRedirects: 0 });
  return answer.status() < 400 ? [] : [`it leads to ${link}, which answers ${answer.status()}`];
}

interface Met {
  readonly faults: readonly string[];
  readonly links: readonly string[];
  /** Why one does not come further here: what the page says instead of what it is for. */
  readonly end: string | undefined;
}

async function visit(
  { url, witness, judged }: Visitor,
  { look, page }: Visitor['windows'][number],
  path: string,
  kind: string,
): Promise<Met> {
  witness.taken(page);
  const at = `${url}/${look.language}${path === '/' ? '' : path}`;
  const answer = await page.goto(at, { waitUntil: 'commit' });
  const isWhole = await page
    .locator('main:has(h1):not(:has([aria-busy=true]))')
    .waitFor()
    .then(
      () => true,
      () => false,
    );
  const said = witness.taken(page).map((error) => `it said: ${error}`);
  const found = await settled(page, look);
  const texts = look.language === 'zh' ? chinese : english;
  const end = found.alert ?? endOf(found.main, texts);
  const seen = `${look.language} ${kind} ${end ?? ''}`;
  const faults = [...said, ...found.faults, ...(judged.has(seen) ? [] : await faultsOf(page))];
  judged.add(seen);
  if (!isWhole) faults.push('it still waits for something');
  if (answer?.status() !== 200) faults.push(`it answers ${answer?.status()}`);
  if (await isTooWide(page)) faults.push('it is too wide');
  const keys = found.texts.filter((text) => text in texts);
  faults.push(...keys.map((key) => `it shows the key ${key}`));
  return { faults, links: found.links, end };
}

/** What a page is found to be once nothing is wrong with it, or after some seconds: names of a declaration that is still to come are no fault. */
async function settled(page: Page, { language }: Look): Promise<InPage> {
  for (const until = Date.now() + settledMs; ; ) {
    const found = (await page.evaluate(`(${inPage})(${JSON.stringify(language)})`)) as InPage;
    if (found.faults.length === 0 || Date.now() > until) return found;
    await page.waitForTimeout(100);
  }
}

const settledMs = 5_000;

/** Texts of a page that stand instead of what the page is for. */
const ends = ['state.not-allowed', 'not-found.title', 'accesses.office'] as const;

function endOf(main: string, texts: Readonly<Record<string, string>>): string | undefined {
  return ends
    .map((key) => texts[key] ?? '')
    .find((text) => text.split(/\{\w+\}/).every((part) => main.includes(part)));
}

/** What is asked of the page itself. */
interface InPage {
  readonly faults: readonly string[];
  readonly links: readonly string[];
  readonly main: string;
  /** Texts that stand alone in an element. */
  readonly texts: readonly string[];
  /** What an alert says. */
  readonly alert: string | null;
}

/** As text, for the page is handed nothing else: which links lead on, what the page is called, which words are of no language or of the other. */
const inPage = `(language) => {
  const faults = [];
  const main = document.querySelector('main');
  const shown = (one) => one.getClientRects().length > 0;
  const headings = [...document.querySelectorAll('h1')].filter(shown).map((one) => one.textContent.trim());
  if (headings.length !== 1 || headings[0].length < 2) faults.push('its h1 are ' + JSON.stringify(headings));
  if (!/^.{2,} · /.test(document.title)) faults.push('its title is ' + document.title);
  const links = [...document.querySelectorAll('a[href]')].filter(shown).map((one) => new URL(one.href));
  for (const { origin, pathname, hash } of links)
    if (origin === location.origin && pathname === location.pathname && hash !== '' && !document.querySelector('[id="' + hash.slice(1) + '"]'))
      faults.push('nothing is at ' + hash);
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    const holder = node.parentElement;
    if (text === '' || !shown(holder) || holder.closest('code, pre, kbd')) continue;
    texts.push(text);
    if (/^[a-z][a-z0-9]*(?:[-/.@][a-z0-9]+|[A-Z][a-z0-9]*)*$/.test(text) && (language === 'zh' || /[-/.@A-Z]/.test(text)))
      faults.push('it shows ' + text);
    const tongue = holder.closest('[lang]').lang;
    if (tongue.startsWith('en') && /\\p{Script=Han}/u.test(text)) faults.push('it says in English ' + text);
  }
  return {
    faults: [...new Set(faults)],
    links: links.filter(({ origin }) => origin === location.origin).map(({ pathname, search }) => pathname + search),
    main: main.textContent,
    texts,
    alert: main.querySelector('[role=alert]')?.textContent ?? null,
  };
}`;
