import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { as, testDoor } from './testing/app.ts';

const door = testDoor();
afterEach(() => door.app.close());

/** Reads a feed until its text has what is waited for. */
function told(port: number, until: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({
      host: '127.0.0.1',
      port,
      path: '/status/feed',
      headers: as('operator'),
      agent: false,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.includes(until)) {
          response.destroy();
          resolve(text);
        }
      });
      response.on('end', () => reject(new Error(`the feed ended: ${text}`)));
    });
  });
}

test('the state is told whole at once and again when it changes, to those who watch the node alone', async () => {
  for (const [name, status] of [
    [undefined, 401],
    ['clerk', 403],
    ['anna', 403],
  ] as const) {
    const headers = name === undefined ? { host: 'node.test' } : as(name);
    expect((await door.app.inject({ url: '/status/feed', headers })).statusCode).toBe(status);
  }
  await door.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = door.app.server.address() as AddressInfo;
  expect(await told(port, '"asOf"')).toContain('event: status\ndata: {"member":"310000"');
  const changed = told(port, '"held":7');
  door.kernel.status = { ...door.kernel.status, held: 7 };
  const ticking = setInterval(() => door.tick(), 20);
  expect(await changed.finally(() => clearInterval(ticking))).toContain('"held":7');
});
