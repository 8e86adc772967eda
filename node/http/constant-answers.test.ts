import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { testDoor } from './testing/app.ts';

const url = '/systems/lending';
const ask = (headers: Record<string, string> = {}) => ({ url, headers: { host: 'node.test', ...headers } });

test('what a system declares is sent compressed to who can read it so, and says the same', async () => {
  const { app } = testDoor();
  const plain = await app.inject(ask());
  const small = await app.inject(ask({ 'accept-encoding': 'gzip, br' }));
  expect(small.headers['content-encoding']).toBe('br');
  expect(JSON.parse(brotliDecompressSync(small.rawPayload).toString())).toEqual(plain.json());
  expect(small.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
});

test('who has it already is not sent it again, but in another language', async () => {
  const { app } = testDoor();
  const { etag } = (await app.inject(ask({ 'accept-language': 'en' }))).headers;
  const again = ask({ 'accept-language': 'en', 'if-none-match': String(etag) });
  expect((await app.inject(again)).statusCode).toBe(304);
  const other = ask({ 'accept-language': 'zh-CN', 'if-none-match': String(etag) });
  expect((await app.inject(other)).json().locale).toBe('zh-CN');
});
