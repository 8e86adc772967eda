import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpConfig } from './context.ts';
import { as, type TestDoor, testDoor } from './testing/app.ts';

const open: TestDoor[] = [];
afterEach(async () => {
  for (const { app } of open.splice(0)) await app.close();
});

async function listening(config: Partial<HttpConfig> = {}): Promise<TestDoor & { readonly port: number }> {
  const door = testDoor(config);
  await door.app.listen({ host: '127.0.0.1', port: 0 });
  open.push(door);
  return Object.assign(door, { port: (door.app.server.address() as AddressInfo).port });
}

/** Sends text over a bare socket and gives back all that comes until the other side closes. */
function raw(
  port: number,
  text: string,
  drip?: { readonly everyMs: number; readonly text: string },
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const timer = drip && setInterval(() => socket.write(drip.text), drip.everyMs);
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve(answer);
    });
    socket.write(text);
  });
}

/** Sends as much of a body as the other side takes. */
function flood(
  port: number,
  headers: Record<string, string | number>,
  total: number,
): Promise<{ status: number; sent: number; body: string }> {
  return new Promise((resolve) => {
    let sent = 0;
    let status = 0;
    let body = '';
    const out = request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/lending/lend',
      headers,
      agent: false,
    });
    const more = (): void => {
      while (!out.destroyed && sent < total) {
        sent += 65_536;
        if (!out.write(Buffer.alloc(65_536, 0x20))) {
          out.once('drain', more);
          return;
        }
      }
      out.end();
    };
    out.on('response', (answer) => {
      status = answer.statusCode ?? 0;
      answer.on('data', (chunk) => {
        body += String(chunk);
      });
    });
    out.on('error', () => undefined);
    out.on('close', () => resolve({ status, sent, body }));
    more();
  });
}

const mebibyte = 1024 * 1024;
const json = { 'content-type': 'application/json' };

describe('threat 15: too much', () => {
  test('a body of 100 MB is refused with 413 after its headers, and not read', async () => {
    const { port, kernel } = await listening();
    const told = await flood(port, { ...as('clerk', json), 'content-length': 100_000_000 }, 100_000_000);
    expect(told.status).toBe(413);
    expect(JSON.parse(told.body).type).toContain('body-too-large');
    expect(told.sent).toBeLessThan(20 * mebibyte);
    expect(kernel.heard.commands).toEqual([]);
  });

  test('an endless chunked body is cut at the limit', async () => {
    const { port } = await listening();
    const told = await flood(port, as('clerk', json), 200 * mebibyte);
    expect(told.status).toBe(413);
    expect(told.sent).toBeLessThan(20 * mebibyte);
  });

  test('who may not is told so before the body is read', async () => {
    const { port } = await listening();
    for (const [name, status] of [
      ['stranger', 403],
      ['nobody', 401],
    ] as const) {
      const told = await flood(port, { ...as(name, json), 'content-length': 100_000_000 }, 100_000_000);
      expect(told.status).toBe(status);
      expect(told.sent).toBeLessThan(20 * mebibyte);
    }
  });

  test('headers of more than 16 KiB are 431', async () => {
    const { port } = await listening();
    const answer = await raw(
      port,
      `GET /health HTTP/1.1\r\nhost: node.test\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    );
    expect(answer).toContain('431 Request Header Fields Too Large');
    expect(answer).toContain('application/problem+json');
  });
});

describe('threat 17: too slow', () => {
  test('headers that drip are cut', async () => {
    const { port } = await listening({ headersMs: 300, requestMs: 700 });
    const started = performance.now();
    const answer = await raw(port, 'GET /health HTTP/1.1\r\nhost: node.test\r\n', {
      everyMs: 50,
      text: 'x-a: b\r\n',
    });
    expect(answer).toContain('408 Request Timeout');
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test('a body that drips is cut, and the next request is served', async () => {
    const { port, kernel } = await listening({ headersMs: 300, requestMs: 700 });
    const head =
      'POST /lending/lend HTTP/1.1\r\nhost: node.test\r\nauthorization: Bearer clerk\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n';
    const started = performance.now();
    await raw(port, head, { everyMs: 50, text: ' ' });
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(kernel.heard.commands).toEqual([]);
    expect(await raw(port, 'GET /health HTTP/1.1\r\nhost: node.test\r\nconnection: close\r\n\r\n')).toContain(
      '200 OK',
    );
  });
});

describe('threat 52: what is no plain request', () => {
  const end = 'connection: close\r\n\r\n';
  test.each([
    [
      'two lengths',
      `POST /lending/lend HTTP/1.1\r\nhost: node.test\r\ncontent-length: 2\r\ncontent-length: 3\r\n${end}{}`,
    ],
    [
      'length and chunks',
      `POST /lending/lend HTTP/1.1\r\nhost: node.test\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n${end}0\r\n\r\n`,
    ],
    [
      'an odd coding',
      `POST /lending/lend HTTP/1.1\r\nhost: node.test\r\ntransfer-encoding: xchunked\r\n${end}{}`,
    ],
    ['a bare line feed in a header', `GET /health HTTP/1.1\nhost: node.test\nx: y\n\n`],
    ['a folded header', `GET /health HTTP/1.1\r\nhost: node.test\r\nx: y\r\n z\r\n${end}`],
    ['a space before the colon', `GET /health HTTP/1.1\r\nhost : node.test\r\n${end}`],
    ['no host', `GET /health HTTP/1.1\r\n${end}`],
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['TLS', '\u0016\u0003\u0001\u0000\u0005hello'],
  ])('%s is refused', async (_what, text) => {
    const { port } = await listening();
    const answer = await raw(port, text);
    expect(answer).toMatch(/^HTTP\/1\.1 4[0-9]{2} /);
    expect(answer).not.toContain('200 OK');
    expect(answer).not.toMatch(/\.ts:|node:internal/);
  });

  test('an absolute address with another host name is refused', async () => {
    const { port } = await listening();
    const answer = await raw(
      port,
      'GET http://evil.example/health HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 4[0-9]{2} /);
  });
});

test('idle connections do not keep the node from closing', async () => {
  const { app, port } = await listening();
  const answer = raw(port, 'GET /health HTTP/1.1\r\nhost: node.test\r\n\r\n');
  await new Promise((resolve) => app.server.once('request', resolve));
  await new Promise((resolve) => setImmediate(resolve));
  const started = performance.now();
  await app.close();
  expect(await answer).toContain('200 OK');
  expect(performance.now() - started).toBeLessThan(2_000);
});
