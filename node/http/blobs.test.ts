import { createHash } from 'node:crypto';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import type { KernelNode } from '@yitong/kernel';
import { expect, test } from 'vitest';
import type { HttpConfig } from './context.ts';
import { anna, testDoor } from './testing/app.ts';

const pdf = Buffer.from('%PDF-1.7 a paper');
const sha256 = createHash('sha256').update(pdf).digest('hex');
const as = (who: string, more: object = {}) => ({ host: 'node.test', authorization: who, ...more });

/** A door whose kernel keeps one file. */
function door(config: Partial<HttpConfig> = {}) {
  const made = testDoor(config);
  const kept: { by: string; person: string | undefined; bytes: Buffer }[] = [];
  const blobs: KernelNode['blobs'] = {
    async keep({ actor, person, type, name }, bytes) {
      const parts: Uint8Array[] = [];
      for await (const part of bytes) parts.push(part);
      const all = Buffer.concat(parts);
      kept.push({ by: actor.id, person, bytes: all });
      return { ok: true, file: { sha256, size: all.length, type, name } };
    },
    open: async (hash, from) =>
      hash === sha256 && kept.length > 0
        ? {
            file: { sha256, size: pdf.length, type: 'application/pdf', name: '处方.pdf' },
            size: pdf.length,
            bytes: Readable.from([pdf.subarray(from)]),
          }
        : undefined,
    state: async (hash) => (hash === sha256 ? { state: 'here', by: kept[0]?.by ?? null } : undefined),
    give: async () => ({ status: 404, bytes: Readable.from([]) }),
  };
  Object.assign(made.kernel.node.blobs, blobs);
  return { ...made, kept };
}

const put = (
  app: ReturnType<typeof door>['app'],
  query: string,
  type = 'application/pdf',
  payload = pdf,
  more: Readonly<Record<string, string>> = {},
) =>
  app.inject({
    method: 'POST',
    url: `/blobs${query}`,
    headers: as('clerk', { 'content-type': type, ...more }),
    payload,
  });
const of = (person: string) => ['application/pdf', pdf, { 'yitong-person': person }] as const;

test('a file is kept as it came, for the one who brought it and the person it concerns', async () => {
  const { app, kept } = door();
  const answer = await put(app, `?name=${encodeURIComponent('处方.pdf')}`, ...of(anna));
  expect([answer.statusCode, answer.headers['location']]).toEqual([201, `/blobs/${sha256}`]);
  expect(answer.json()).toEqual({ sha256, size: pdf.length, type: 'application/pdf', name: '处方.pdf' });
  expect(kept).toEqual([{ by: '310000-lending-clerk', person: anna, bytes: pdf }]);
});

test('what somebody brings for themselves concerns them, without their saying so', async () => {
  const { app, kept } = door();
  const headers = as('anna', { 'content-type': 'application/pdf' });
  await app.inject({ method: 'POST', url: '/blobs?name=x', headers, payload: pdf });
  expect(kept.map(({ person }) => person)).toEqual([anna]);
});

test.each([
  ['a type that a browser would run', '?name=x', 'text/html', Buffer.from('<script>')],
  ['a content that is not of its type', '?name=x', 'image/png', pdf],
  ['text with NUL', '?name=x', 'text/plain', Buffer.from('a\0b')],
  ['no content', '?name=x', 'application/pdf', Buffer.alloc(0)],
])('%s is refused by the type', async (_, query, type, payload) => {
  const { app } = door();
  const answer = await put(app, query, type, payload);
  expect([answer.statusCode, answer.json().type]).toEqual([415, expect.stringContaining('blob-type')]);
});

test.each([
  ['no name', '', undefined],
  ['a citizen number that is none', '?name=x', '310101199003070010'],
  ['one in the address', `?name=x&person=${anna}`, undefined],
])('refused for %s', async (_, query, person) => {
  const { app } = door();
  const answer = await (person === undefined ? put(app, query) : put(app, query, ...of(person)));
  expect([answer.statusCode, answer.json().type]).toEqual([422, expect.stringContaining('blob-name')]);
});

test('threats 31 and 35: a file is saved, never shown, by who brought it; to others it is not there', async () => {
  const { app } = door();
  await put(app, '?name=x.pdf');
  const get = (who: string, query = '', more = {}) =>
    app.inject({ url: `/blobs/${sha256}${query}`, headers: as(who, more) });
  const answer = await get('clerk');
  expect([answer.statusCode, answer.rawPayload.equals(pdf)]).toEqual([200, true]);
  expect(answer.headers).toMatchObject({
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('处方.pdf')}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  const part = await get('clerk', '', { range: 'bytes=5-' });
  expect([part.statusCode, part.headers['content-range'], part.payload]).toEqual([
    206,
    `bytes 5-${pdf.length - 1}/${pdf.length}`,
    pdf.subarray(5).toString(),
  ]);
  expect((await get('clerk', '', { range: 'bytes=99-' })).statusCode).toBe(416);
  const others = await Promise.all([
    get('inspector'),
    get('anna', '?in=/lending/book/isbn:1'),
    get('clerk', `?in=/lending/loan/person:${anna}/x`),
    app.inject({ url: `/blobs/${'f'.repeat(64)}`, headers: as('clerk') }),
  ]);
  expect(others.map(({ statusCode }) => statusCode)).toEqual([404, 404, 400, 404]);
  expect((await app.inject({ url: `/blobs/${sha256}`, headers: { host: 'node.test' } })).statusCode).toBe(
    401,
  );
});

/** Sends the head of a file to a listening door, then a part of it whenever `everyMs` passed, and gives back what is answered. */
async function sent(app: ReturnType<typeof door>['app'], part: Buffer, parts: number, everyMs: number) {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const lines = ['host: node.test', 'authorization: Bearer clerk', 'content-type: application/pdf'];
  const length = `content-length: ${pdf.length + parts * part.length}`;
  socket.write(
    `POST /blobs?name=x HTTP/1.1\r\n${[...lines, length, 'connection: close'].join('\r\n')}\r\n\r\n`,
  );
  socket.write(pdf);
  let left = parts;
  const timer = setInterval(() => left-- > 0 && socket.write(part), everyMs);
  let answer = '';
  socket.on('data', (bytes) => {
    answer += String(bytes);
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(timer);
  return answer;
}

test('a file may take longer than another request, as long as it keeps coming; one that drips is cut', async () => {
  const { app, kept } = door({ requestMs: 400 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  expect(await sent(app, Buffer.alloc(32_768), 25, 40)).toContain('201 Created');
  expect(await sent(app, Buffer.from('x'), 1_000, 40)).toContain('408 Request Timeout');
  expect(kept).toHaveLength(1);
  await app.close();
});
