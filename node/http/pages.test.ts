import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { as, testDoor } from './testing/app.ts';

const folder = mkdtempSync(join(tmpdir(), 'yitong-pages-'));

beforeAll(() => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<html lang="%language%"><head></head></html>');
  const pages = [
    { path: '/', preload: [], first: [{ path: '/pulse', system: '' }] },
    {
      path: '/home',
      preload: ['/assets/home.js'],
      first: [
        { path: '/lending/loan?limit=5', system: 'lending', roles: ['self'] },
        { path: '/lending/loan', system: 'lending', roles: ['inspector'] },
        { path: '/nothing', system: '' },
      ],
    },
    { path: '/:system', preload: [], first: [{ path: '/systems/:system', system: '', isSame: true }] },
  ];
  const built = { texts: { zh: ['/assets/zh.js'], en: ['/assets/en.js'] }, pages };
  writeFileSync(join(folder, 'portal.json'), JSON.stringify(built));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A page as a browser gets it, and what came with it. */
async function opened(url: string, headers: Record<string, string> = {}, config: object = {}) {
  const { app } = testDoor({ portal: folder, ...config });
  const answer = await app.inject({ url, headers: { host: 'node.test', ...headers } });
  const [, known = '{}'] =
    /<script type="application\/json" id="known">(.*)<\/script>/.exec(answer.body) ?? [];
  return { body: answer.body, headers: answer.headers, known: JSON.parse(known) };
}

test('a page brings along who looks, in its own language, and is kept nowhere once that is somebody', async () => {
  const nobody = await opened('/zh');
  expect(nobody.known['/session']).toMatchObject({ who: null });
  expect(nobody.known['/pulse']).toMatchObject({ member: '310000' });
  expect(nobody.headers['cache-control']).toBe('private, no-cache');
  const somebody = await opened('/zh/home', as('anna'));
  expect(somebody.known['/session'].who.id).toBe('310000-anna');
  expect(somebody.known).not.toHaveProperty('/pulse');
  expect(somebody.headers['cache-control']).toBe('private, no-store');
});

test('who comes from another site is told by the page’s own question, for this one is nobody’s', async () => {
  const { known } = await opened('/zh/home', { 'sec-fetch-site': 'cross-site' });
  expect(known).toEqual({});
});

test('a page brings the answers to what it asks first: those that its reader may have, as the door gives them', async () => {
  const anna = await opened('/zh/home', as('anna'));
  expect(anna.known['/lending/loan?limit=5']).toMatchObject({ data: expect.anything() });
  expect(Object.keys(anna.known)).toEqual(['/session', '/lending/loan?limit=5']);
  expect(Object.keys((await opened('/zh/home')).known)).toEqual(['/session']);
});

test('who comes from another site gets what anybody may have', async () => {
  const headers = { ...as('anna'), 'sec-fetch-site': 'cross-site' };
  expect(Object.keys((await opened('/zh', headers)).known)).toEqual(['/pulse']);
});

test('what is the same for all is fetched beside the program, by a browser that asks for it in the page’s language', async () => {
  const link = 'rel="preload" as="fetch" crossorigin href="/systems/lending"';
  expect((await opened('/en/lending', { 'accept-language': 'en' })).body).toContain(link);
  expect((await opened('/en/lending', { 'accept-language': 'zh' })).body).not.toContain('as="fetch"');
  expect((await opened('/en/nothing', { 'accept-language': 'en' })).body).not.toContain('as="fetch"');
});

test('a page names the files that it needs beforehand: its own, and the texts of its language alone', async () => {
  const { body } = await opened('/zh/home');
  for (const file of ['home', 'zh']) expect(body).toContain(`modulepreload" href="/assets/${file}.js"`);
  expect(body).not.toContain('/assets/en.js');
});

test('no text that came along ends the element that it stands in', async () => {
  const name = { zh: '</script><b>$&', en: '</script><b>$&' };
  const { body, known } = await opened('/en', {}, { name });
  expect(known['/session'].name.en).toBe('</script><b>$&');
  expect(body).not.toContain('<b>');
});
