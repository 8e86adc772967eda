import type { ComponentType } from 'react';
import { routes } from '../routes.ts';
import { systemPages } from './system-pages.ts';

interface PageFile {
  readonly Page: ComponentType;
}

/** A page whose file has come. */
export interface OpenedPage extends PageFile {
  /** Its path after the language, as the address has it. */
  readonly path: string;
  /** What the words of its route stand for. */
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly words: readonly string[];
  readonly load: () => Promise<PageFile>;
}

const own = import.meta.glob<PageFile>('../pages/*.tsx');
const ofSystems = import.meta.glob<PageFile>('../../systems/*/*/ui/*.tsx');
const table: readonly Route[] = [
  ...systemPages.map(({ at, file }) => routeOf(at, ofSystems[file])),
  ...routes.map(({ path, source }) => routeOf(path, own[source.replace('./', '../')])),
];

function routeOf(path: string, load: Route['load'] | undefined): Route {
  if (load === undefined) throw new Error(`no file shows ${path}`);
  return { words: path.split('/'), load };
}

/** Fetches the page of a path; undefined when no route shows it. Rejects when its file does not come. */
export async function openPage(path: string): Promise<OpenedPage | undefined> {
  const words = path.replace(/(?<=.)\/$/, '').split('/');
  for (const route of table) {
    const params = paramsOf(route, words);
    if (params !== undefined) return { ...(await route.load()), path, params };
  }
  return undefined;
}

/** Fetches a page's file ahead: somebody is about to follow a link to it. Whether it came is found out by whoever follows. */
export function warmPage(path: string): void {
  openPage(path).catch(() => undefined);
}

/** What the words of a route stand for in a path; undefined when it shows another's. */
function paramsOf({ words: wanted }: Route, words: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== words.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, word] of wanted.entries()) {
    const found = words[at] ?? '';
    if (!word.startsWith(':')) {
      if (word !== found) return undefined;
    } else if (found === '') return undefined;
    else params[word.slice(1)] = decoded(found);
  }
  return params;
}

/** A word of an address as it was meant; as it stands when it is no encoding of anything. */
function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
