import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieIn } from '../access/sessions.ts';
import { addRoute, type Door } from './context.ts';
import { First, firstOf, knownTo } from './known.ts';
import { StaticFiles } from './static-files.ts';

const open = { who: 'public' } as const;
const yearSeconds = 31_536_000;

/** Nothing inline, nothing from elsewhere. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'";

/** What the build of the portal writes beside its files: its pages' paths, most special first, the files that each needs at once, and what it asks for first. */
const Built = z.object({
  texts: z.object({ zh: z.array(z.string()), en: z.array(z.string()) }),
  pages: z.array(z.object({ path: z.string(), preload: z.array(z.string()), first: z.array(First) })),
});

interface Portal {
  readonly template: string;
  /** Files of each language's texts. */
  readonly texts: z.infer<typeof Built>['texts'];
  readonly pages: readonly {
    readonly pattern: RegExp;
    readonly preload: readonly string[];
    readonly first: readonly First[];
    /** Made from whichever system its path names. */
    readonly isGenerated: boolean;
  }[];
}

/** The portal: a page for each of its paths, in the language that the path begins with, and the files that the pages are made of. */
export function addPages(door: Door): void {
  const { portal: folder } = door.config;
  addRoute(door, {
    method: 'GET',
    url: '/',
    permission: open,
    handle: (request, reply) => reply.redirect(folder === undefined ? '/docs' : firstPage(request), 302),
  });
  if (folder === undefined) return;
  const portal = portalIn(folder);
  for (const language of ['zh', 'en'])
    for (const url of [`/${language}`, `/${language}/*`])
      addRoute(door, {
        method: 'GET',
        url,
        permission: open,
        handle: (request, reply) => page(door, portal, request, reply),
      });
  addFiles(door, folder);
}

/** The landing page in the language that the browser was last used in here, else the one that it asks for. */
function firstPage(request: FastifyRequest): string {
  const chosen = cookieIn(request.headers.cookie, 'yitong-language');
  if (chosen === 'zh' || chosen === 'en') return `/${chosen}`;
  // A browser that asks for neither language is most likely the region's own.
  const header = request.headers['accept-language'] ?? '';
  return /\ben\b/i.test(header) && request.locale === 'en' ? '/en' : '/zh';
}

async function page(
  door: Door,
  portal: Portal,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const path = request.url.split('?', 1)[0] ?? '';
  const language = path.startsWith('/en') ? 'en' : 'zh';
  const within = path.slice(3) || '/';
  const found = portal.pages.find(({ pattern }) => pattern.test(within));
  const isThere = found !== undefined && (!found.isGenerated || isDeclared(door, path));
  const first = isThere ? firstOf(request, found.first) : [];
  const own = first.flatMap(({ path, isSame }) => (isSame ? [] : [path]));
  const known = await knownTo(door, request, tags[language], own);
  const files = [...portal.texts[language], ...(found?.preload ?? [])];
  // In another language than its program's a browser would fetch another answer than the page asks for.
  const isItsLanguage = request.locale === tags[language];
  const same = isItsLanguage ? first.flatMap((one) => (one.isSame ? [named(one.path, within)] : [])) : [];
  return reply
    .code(isThere ? 200 : 404)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-language', tags[language])
    .header('content-security-policy', policy)
    .header('cache-control', request.who === undefined ? 'private, no-cache' : 'private, no-store')
    .header('vary', 'cookie, sec-fetch-site')
    .send(
      filled(
        portal.template,
        tags[language],
        request.headers.cookie,
        `${asData(known)}${linksTo(files, same)}`,
      ),
    );
}

const tags = { zh: 'zh-CN', en: 'en' } as const;

/** What came along, as data and no program. */
function asData(known: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(known).replaceAll('<', '\\u003c');
  return `<script type="application/json" id="known">${json}</script>`;
}

/** What the page needs is fetched before the program asks for it: files, and answers that are the same for all. */
function linksTo(files: readonly string[], answers: readonly string[]): string {
  const links = files.map((file) => `<link rel="modulepreload" href="${file}">`);
  const asked = answers.map((path) => `<link rel="preload" as="fetch" crossorigin href="${path}">`);
  return [...links, ...asked].join('');
}

/** An address with the page's system for the word that stands for it. */
function named(path: string, within: string): string {
  return path.replace(':system', within.split('/')[1] ?? '');
}

/** The shell as this browser's user likes it, so that nothing flashes; `more` ends its head. */
function filled(template: string, tag: string, cookies: string | undefined, more: string): string {
  return template
    .replace('%language%', tag)
    .replace('%theme%', oneOf(cookieIn(cookies, 'yitong-theme'), ['light', 'dark'], 'system'))
    .replace('%size%', oneOf(cookieIn(cookies, 'yitong-size'), ['large'], 'usual'))
    .replace('</head>', () => `${more}</head>`);
}

/** Generated pages that every system has. */
const ofEverySystem = new Set(['parameters', 'compare', 'examples']);

/** A generated page is there when the system and what the page is named for are. */
function isDeclared({ systems }: Door, path: string): boolean {
  const [, , system = '', name = ''] = path.split('/');
  const found = systems.find((one) => one.name === system);
  return (
    found !== undefined &&
    (name === '' ||
      ofEverySystem.has(name) ||
      [found.records, found.commands, found.questions].some((declared) => declared.has(name)))
  );
}

function oneOf(value: string | undefined, choices: readonly string[], otherwise: string): string {
  return value !== undefined && choices.includes(value) ? value : otherwise;
}

function portalIn(folder: string): Portal {
  const { texts, pages } = Built.parse(JSON.parse(readFileSync(join(folder, 'portal.json'), 'utf8')));
  const patterns = pages.map(({ path, preload, first }) => ({
    pattern: patternOf(path),
    preload,
    first,
    isGenerated: path.startsWith('/:system'),
  }));
  return { template: readFileSync(join(folder, 'index.html'), 'utf8'), texts, pages: patterns };
}

/** `/:system/:name` as an expression: a word that begins with a colon stands for any. */
function patternOf(path: string): RegExp {
  const words = path.split('/').map((word) => (word.startsWith(':') ? '[^/]+' : word));
  return new RegExp(`^${words.join('/')}/?$`);
}

function addFiles(door: Door, folder: string): void {
  const isAsset = (path: string): boolean => /^\/assets\/[A-Za-z0-9_.-]+$/.test(path);
  const files = new StaticFiles({ root: folder, allows: isAsset, maxAge: yearSeconds, compressed: true });
  door.app.addHook('onClose', () => files.close());
  addRoute(door, {
    method: 'GET',
    url: '/assets/:name',
    permission: open,
    async handle(request, reply) {
      const { name = '' } = request.params as { name?: string };
      reply.hijack();
      await files.send(`assets/${name}`, request.raw, reply.raw);
      return reply;
    },
  });
  addRoute(door, {
    method: 'GET',
    url: '/robots.txt',
    permission: open,
    handle: (_request, reply) => reply.header('content-type', 'text/plain; charset=utf-8').send(robots),
  });
}

/** Every page may be found, for whoever looks without signing in meets nobody's data; signing in is no page. */
const robots = 'User-agent: *\nDisallow: /session\n';
