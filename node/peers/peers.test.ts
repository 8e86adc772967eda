import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { type AddressInfo, createServer, connect as tcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { connect as tls } from 'node:tls';
import type { FrameAnswer } from '@yitong/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ensureCertificate } from '../supervisor/certificate.ts';
import { httpsPeers, retryAfter } from './client.ts';
import { type Contact, contactsOf } from './contacts.ts';
import { PeerLimits } from './limits.ts';
import { isInnerAddress, publicAddress } from './private-addresses.ts';
import { batchType, frameMax, type PeerServer, type PeerServerOptions, peerServer } from './server.ts';

interface Party {
  readonly key: string;
  readonly cert: string;
  readonly spki: string;
}

const folder = mkdtempSync(join(tmpdir(), 'peers-'));
const parties: Record<string, Party> = {};
let members: readonly Contact[] = [];
const contacts = contactsOf(() => members);
const open: { close(): unknown }[] = [];

async function party(name: string): Promise<Party> {
  const files = { tlsKey: join(folder, `${name}.key`), tlsCertificate: join(folder, `${name}.pem`) };
  const spki = await ensureCertificate(files, name, '127.0.0.1');
  const read = (path: string): string => readFileSync(path, 'utf8');
  return { key: read(files.tlsKey), cert: read(files.tlsCertificate), spki };
}

beforeAll(async () => {
  for (const name of ['310000', '330000', '340000', 'stranger']) parties[name] = await party(name);
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const of = (name: string): Party => {
  const found = parties[name];
  if (!found) throw new Error(name);
  return found;
};

const noBlobs: PeerServerOptions['node']['blobs'] = {
  keep: () => Promise.reject(new Error('no files here')),
  open: async () => undefined,
  state: async () => undefined,
  give: async () => ({ status: 404, bytes: Readable.from([]) }),
};

interface Served {
  readonly port: number;
  readonly frames: { peer: string; frame: Uint8Array }[];
  readonly warnings: unknown[];
}

async function serve(
  how: Partial<PeerServerOptions> = {},
  receive: (peer: string, frame: Uint8Array) => Promise<FrameAnswer> = async () => ({
    status: 200,
    type: 'text/plain',
    body: Buffer.from('receipt'),
  }),
): Promise<Served> {
  const frames: Served['frames'] = [];
  const warnings: unknown[] = [];
  const server: PeerServer = peerServer({
    ...of('330000'),
    contacts,
    node: {
      receive: (peer, frame) => {
        frames.push({ peer, frame });
        return receive(peer, frame);
      },
      ask: async (_peer, what) =>
        what === 'directory/17'
          ? { status: 200, type: 'application/json', body: Buffer.from('{"version":17}') }
          : { status: 404, type: 'application/problem+json', body: new Uint8Array() },
      blobs: noBlobs,
    },
    log: { warn: (facts) => warnings.push(facts) },
    ...how,
  });
  const port = await server.listen('127.0.0.1', 0);
  open.push({ close: () => server.close(0) });
  members = [
    { code: '310000', url: 'https://127.0.0.1:1', tls: [of('310000').spki] },
    { code: '330000', url: `https://127.0.0.1:${port}`, tls: [of('330000').spki] },
  ];
  return { port, frames, warnings };
}

function client(name = '310000', how: { wholeMs?: number; connectMs?: number; allowInner?: boolean } = {}) {
  const peers = httpsPeers({ tls: of(name), contacts, allowInner: true, ...how });
  open.push(peers);
  return peers;
}

interface Raw {
  readonly status: number;
  readonly body: string;
}

function raw(port: number, options: Record<string, unknown>, body?: Uint8Array | string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const base = { host: '127.0.0.1', port, rejectUnauthorized: false, agent: false as const };
    const request = httpsRequest({
      ...base,
      ...of('310000'),
      method: 'POST',
      path: '/exchange/v1/batches',
      ...options,
    });
    request.on('error', reject);
    request.on('response', (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
      answer.on('error', reject);
    });
    request.end(body);
  });
}

describe('frames between members', () => {
  test('a frame arrives byte for byte with the member that the TLS key belongs to, and the receipt comes back', async () => {
    const served = await serve();
    const frame = Buffer.alloc(300_000, 7);
    const answer = await client().batch('330000', frame);
    expect(answer).toEqual({ status: 200, body: Buffer.from('receipt') });
    expect(served.frames.map(({ peer }) => peer)).toEqual(['310000']);
    expect(Buffer.compare(served.frames[0]?.frame ?? Buffer.alloc(0), frame)).toBe(0);
  });

  test('an empty frame is handed on: the kernel says what is wrong with it', async () => {
    const served = await serve();
    await client().batch('330000', new Uint8Array(0));
    expect(served.frames[0]?.frame.length).toBe(0);
  });

  test('status, body and Retry-After of the kernel’s answer reach the sender', async () => {
    await serve({}, async () => ({
      status: 503,
      type: 'text/plain',
      body: Buffer.from('later'),
      retryAfterMs: 1_400,
    }));
    const answer = await client().batch('330000', Buffer.from('x'));
    expect(answer).toEqual({ status: 503, body: Buffer.from('later'), retryAfterMs: 2_000 });
  });

  test('connections are kept: many frames use few of them', async () => {
    const served = await serve();
    let connections = 0;
    const between = createServer((from) => {
      connections++;
      const to = tcp(served.port, '127.0.0.1');
      from.pipe(to).pipe(from);
      for (const socket of [from, to]) socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    open.push(between);
    const { port } = between.address() as AddressInfo;
    members = members.map((one) =>
      one.code === '330000' ? { ...one, url: `https://127.0.0.1:${port}` } : one,
    );
    const peers = client();
    for (let i = 0; i < 20; i++) await peers.batch('330000', Buffer.from([i]));
    expect(connections).toBe(1);
    await Promise.all(Array.from({ length: 100 }, (_, i) => peers.batch('330000', Buffer.from([i]))));
    expect(served.frames).toHaveLength(120);
    expect(connections).toBeLessThanOrEqual(8);
  });

  test('a step of the directory is served to members, an unknown one is not there', async () => {
    await serve();
    const peers = client();
    expect(Buffer.from((await peers.ask('330000', 'directory/17')).body).toString()).toBe('{"version":17}');
    expect((await peers.ask('330000', 'directory/18')).status).toBe(404);
  });

  test('a member that floods holds a share of the connections and no more, and frames of another are taken meanwhile', async () => {
    const answer: FrameAnswer = { status: 200, type: 'text/plain', body: Buffer.from('receipt') };
    const ends: (() => void)[] = [];
    const served = await serve({}, (peer) =>
      peer === '340000'
        ? Promise.resolve(answer)
        : new Promise((resolve) => ends.push(() => resolve(answer))),
    );
    members = [...members, { code: '340000', url: 'https://127.0.0.1:1', tls: [of('340000').spki] }];
    const headers = { 'content-type': batchType };
    const flood = Array.from({ length: 80 }, () => raw(served.port, { headers }, 'x'));
    const cut = new Promise<number>((resolve) => {
      let count = 0;
      for (const one of flood) one.catch(() => ++count === 80 - 32 && resolve(count));
    });
    await cut;
    await expect.poll(() => served.frames.length).toBe(32);
    const other = client('340000');
    for (let i = 0; i < 5; i++) expect((await other.batch('330000', Buffer.from([i]))).status).toBe(200);
    for (const end of ends) end();
    const settled = await Promise.allSettled(flood);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(32);
  });

  test('requests that come all at once on one connection are taken up to a share, the rest told to wait', async () => {
    const served = await serve({}, () => new Promise(() => undefined));
    const socket = tls({ port: served.port, host: '127.0.0.1', rejectUnauthorized: false, ...of('310000') });
    open.push({ close: () => socket.destroy() });
    const head = `POST /exchange/v1/batches HTTP/1.1\r\nhost: x\r\ncontent-type: ${batchType}\r\ncontent-length: 1\r\n\r\nx`;
    socket.write(head.repeat(300));
    await expect.poll(() => served.frames.length).toBe(64);
    members = [...members, { code: '340000', url: 'https://127.0.0.1:1', tls: [of('340000').spki] }];
    void raw(served.port, { headers: { 'content-type': batchType }, ...of('340000') }, 'y').catch(
      () => undefined,
    );
    await expect.poll(() => served.frames.length).toBe(65);
    expect(served.frames.at(-1)?.peer).toBe('340000');
  });

  test('a kernel that throws answers 503 and does not say why', async () => {
    await serve({}, async () => {
      throw new Error('110101199003070011 broke it');
    });
    const answer = await client().batch('330000', Buffer.from('x'));
    expect(answer.status).toBe(503);
    expect(Buffer.from(answer.body).toString()).toBe('');
  });
});

describe('threat 75: other TLS keys', () => {
  test('a client whose key is not in the directory gets 403 before its body is read', async () => {
    const served = await serve();
    const answer = await raw(served.port, {
      ...of('stranger'),
      headers: { 'content-type': batchType, 'content-length': 8_000_000 },
    });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('unknown-key');
    expect(served.frames).toEqual([]);
  });

  test('a client without a certificate is cut off', async () => {
    const served = await serve();
    const nobody = { key: undefined, cert: undefined };
    await expect(
      raw(served.port, { ...nobody, headers: { 'content-type': batchType } }, 'x'),
    ).rejects.toThrow();
    expect(served.frames).toEqual([]);
  });

  test('a key that leaves the directory is refused on the connection that is already open', async () => {
    const served = await serve();
    const peers = client();
    expect((await peers.batch('330000', Buffer.from('x'))).status).toBe(200);
    members = members.filter(({ code }) => code !== '310000');
    expect((await peers.batch('330000', Buffer.from('x'))).status).toBe(403);
    expect(served.frames).toHaveLength(1);
  });

  test('a server with another key than the directory’s gets no byte of the request', async () => {
    const served = await serve({ ...of('stranger') });
    await expect(client().batch('330000', Buffer.from('secret'))).rejects.toThrow('not in the directory');
    expect(served.frames).toEqual([]);
  });

  test('a member that the directory does not know is not asked', async () => {
    await serve();
    await expect(client().batch('999999', Buffer.from('x'))).rejects.toThrow(
      '999999 is not in the directory',
    );
  });

  test('TLS 1.2 is refused', async () => {
    const { port } = await serve();
    const refused = new Promise((resolve) => {
      const socket = tls({
        host: '127.0.0.1',
        port,
        ...of('310000'),
        rejectUnauthorized: false,
        maxVersion: 'TLSv1.2',
      });
      socket.on('error', resolve);
      socket.on('secureConnect', () => resolve('connected'));
    });
    expect(await refused).toBeInstanceOf(Error);
  });
});

describe('threat 15: too much', () => {
  test('a frame that says it is larger than 9 MiB is refused without being read', async () => {
    const served = await serve();
    const headers = { 'content-type': batchType, 'content-length': frameMax + 1 };
    expect((await raw(served.port, { headers })).status).toBe(413);
    expect(served.frames).toEqual([]);
  });

  test('an endless chunked body is cut at the limit', async () => {
    const served = await serve();
    const cut = await new Promise<{ sent: number; status: number }>((resolve) => {
      let sent = 0;
      let status = 0;
      const headers = { 'content-type': batchType };
      const request = httpsRequest({
        host: '127.0.0.1',
        port: served.port,
        ...of('310000'),
        rejectUnauthorized: false,
        method: 'POST',
        path: '/exchange/v1/batches',
        headers,
      });
      const more = (): void => {
        while (!request.destroyed && sent < 200 * 1024 * 1024) {
          sent += 65_536;
          if (!request.write(Buffer.alloc(65_536))) {
            request.once('drain', more);
            return;
          }
        }
      };
      request.on('response', (answer) => {
        status = answer.statusCode ?? 0;
        answer.resume();
      });
      request.on('error', () => undefined);
      request.on('close', () => resolve({ sent, status }));
      more();
    });
    expect(cut.status).toBe(413);
    expect(cut.sent).toBeLessThan(40 * 1024 * 1024);
    expect(served.frames).toEqual([]);
  });
});

describe('threat 17: too slow', () => {
  test('a body that drips is cut when its time is over', async () => {
    const served = await serve({ headersMs: 300, requestMs: 700 });
    const started = performance.now();
    const over = new Promise((resolve) => {
      const headers = { 'content-type': batchType, 'content-length': 1_000 };
      const options = { host: '127.0.0.1', port: served.port, ...of('310000'), rejectUnauthorized: false };
      const request = httpsRequest({ ...options, method: 'POST', path: '/exchange/v1/batches', headers });
      const drip = setInterval(() => request.write('x'), 50);
      request.on('error', () => undefined);
      request.on('close', () => resolve(clearInterval(drip)));
    });
    await over;
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(served.frames).toEqual([]);
  });

  test('a connection that never begins TLS does not stop the others', async () => {
    const served = await serve();
    const idle = tcp(served.port, '127.0.0.1');
    idle.on('error', () => undefined);
    expect((await client().batch('330000', Buffer.from('x'))).status).toBe(200);
    idle.destroy();
  });

  test('a peer that does not answer is given up after the whole time', async () => {
    await serve({}, () => new Promise(() => undefined));
    await expect(client('310000', { wholeMs: 200 }).batch('330000', Buffer.from('x'))).rejects.toThrow(
      'no answer within 200 ms',
    );
  });

  test('a peer that does not take the connection is given up after the connect time', async () => {
    await serve();
    members = members.map((one) => (one.code === '330000' ? { ...one, url: 'https://127.0.0.1:1' } : one));
    await expect(client('310000', { connectMs: 200 }).batch('330000', Buffer.from('x'))).rejects.toThrow();
  });
});

describe('threat 14: wrong in themselves', () => {
  test('a peer whose frames are wrong again and again has to wait, others do not', () => {
    let now = 0;
    const limits = new PeerLimits(() => now);
    for (let i = 0; i < 51; i++) limits.strike('310000');
    expect(limits.throttled('310000')).toBe(10);
    expect(limits.throttled('330000')).toBe(0);
    now = 10_001;
    expect(limits.throttled('310000')).toBe(0);
  });

  test('after fifty refused frames the next gets 429 and is not read', async () => {
    const served = await serve({}, async () => ({ status: 422, type: 'text/plain', body: new Uint8Array() }));
    const peers = client();
    for (let i = 0; i < 51; i++) expect((await peers.batch('330000', Buffer.from('x'))).status).toBe(422);
    const answer = await peers.batch('330000', Buffer.from('x'));
    expect(answer.status).toBe(429);
    expect(answer.retryAfterMs).toBeGreaterThan(0);
    expect(served.frames).toHaveLength(51);
  });
});

test.each([
  ['another path', { path: '/exchange/v1/other', headers: { 'content-type': batchType } }, 404],
  ['another method', { method: 'PUT', headers: { 'content-type': batchType } }, 405],
  ['another content type', { headers: { 'content-type': 'application/json' } }, 415],
  ['a content type with parameters', { headers: { 'content-type': `${batchType}; charset=utf-8` } }, 415],
  ['an encoded body', { headers: { 'content-type': batchType, 'content-encoding': 'gzip' } }, 415],
  ['a directory step by POST', { path: '/exchange/v1/directory/17' }, 405],
  ['a directory step without number', { path: '/exchange/v1/directory/0', method: 'GET' }, 404],
])('%s is refused', async (_what, options, status) => {
  const served = await serve();
  expect((await raw(served.port, options)).status).toBe(status);
  expect(served.frames).toEqual([]);
});

test.each([
  ['5', 5_000],
  ['0', 0],
  ['999999999', 3_600_000],
  ['Thu, 01 Jan 1970 00:00:20 GMT', 10_000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After %s is %s ms', (value, ms) => {
  expect(retryAfter(value, 10_000)).toBe(ms);
});

describe('threat 18: addresses inside', () => {
  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
  ])('%s is not a public host', async (address) => {
    expect(isInnerAddress(address)).toBe(true);
    await expect(publicAddress(address.includes(':') ? `[${address}]` : address)).rejects.toThrow(
      'not a public one',
    );
  });

  test.each(['8.8.8.8', '223.5.5.5', '2400:3200::1', '172.32.0.1', '11.0.0.1'])('%s is public', (address) => {
    expect(isInnerAddress(address)).toBe(false);
  });

  test.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://0/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http://localhost/',
    'http://①②⑦.0.0.1/',
  ])('the spelling %s leads nowhere', async (spelling) => {
    await expect(publicAddress(new URL(spelling).hostname)).rejects.toThrow();
  });

  test('a directory address inside is not connected to unless allowed', async () => {
    const served = await serve();
    await expect(client('310000', { allowInner: false }).batch('330000', Buffer.from('x'))).rejects.toThrow(
      'not a public one',
    );
    expect(served.frames).toEqual([]);
  });
});
