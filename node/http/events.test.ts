import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LiveEvent, RecordView } from '@yitong/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { anna, as, bert, type TestDoor, testDoor } from './testing/app.ts';

const open: TestDoor[] = [];
afterEach(async () => {
  for (const { app } of open.splice(0)) await app.close();
});

async function listening(heartbeatMs = 15_000): Promise<TestDoor & { readonly port: number }> {
  const door = testDoor({ heartbeatMs });
  await door.app.listen({ host: '127.0.0.1', port: 0 });
  open.push(door);
  return Object.assign(door, { port: (door.app.server.address() as AddressInfo).port });
}

interface Stream {
  readonly status: number;
  readonly message: IncomingMessage;
  readonly request: ClientRequest;
  readonly text: () => string;
  until(pattern: RegExp | 'end'): Promise<string>;
}

function listen(port: number, query: string, headers: Record<string, string>): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path: `/events?${query}`, headers, agent: false });
    request.on('error', reject);
    request.on('response', (message) => {
      let text = '';
      let ended = false;
      const waits = new Set<() => void>();
      const wake = (): void => {
        for (const wait of waits) wait();
      };
      message.on('data', (chunk) => {
        text += String(chunk);
        wake();
      });
      message.on('error', () => undefined);
      message.on('close', () => {
        ended = true;
        wake();
      });
      const until = (pattern: RegExp | 'end') =>
        new Promise<string>((done) => {
          const look = (): void => {
            if (pattern === 'end' ? !ended : !pattern.test(text)) return;
            waits.delete(look);
            done(text);
          };
          waits.add(look);
          look();
        });
      resolve({ status: message.statusCode ?? 0, message, request, text: () => text, until });
    });
  });
}

let count = 0;
function loanOf(person: string, title: string): LiveEvent {
  const id = `1.${++count}.0`;
  const subject = `person:${person}`;
  const value = { person, title, price: '1' };
  const record: RecordView = {
    type: 'lending/loan',
    subject,
    id: title,
    owner: '',
    version: 1,
    at: `1.${count}`,
    value,
  };
  return { id, type: 'lending/loan', subject, record };
}
function bookOf(title: string): LiveEvent {
  const id = `0.${++count}.0`;
  const subject = 'book:9780000000001';
  const value = { title, copies: 1 };
  const record: RecordView = {
    type: 'lending/book',
    subject,
    id: '',
    owner: '',
    version: 1,
    at: `0.${count}`,
    value,
  };
  return { id, type: 'lending/book', subject, record };
}
const dataOf = (text: string) =>
  [...text.matchAll(/^data: (\{.+\})$/gm)].map(([, json]) => JSON.parse(String(json)));

describe('live events', () => {
  test('of public facts reach anybody, with id and type', async () => {
    const door = await listening();
    const stream = await listen(door.port, 'type=lending/book', { host: 'node.test' });
    const event = bookOf('Analects');
    door.kernel.emit(event);
    const text = await stream.until(/Analects/);
    expect(text).toContain(`id: ${event.id}\nevent: lending/book\n`);
    expect(dataOf(text)).toEqual([
      expect.objectContaining({ subject: 'book:9780000000001', value: { title: 'Analects', copies: 1 } }),
    ]);
    stream.request.destroy();
  });

  test('threat 35: of persons reach a clerk without content and masked, the person whole, another person not', async () => {
    const door = await listening();
    const streams = await Promise.all(
      ['clerk', 'anna', 'bert'].map((name) => listen(door.port, 'type=lending/loan', as(name))),
    );
    const [clerk, self, other] = streams;
    door.kernel.emit(loanOf(anna, 'Analects'));
    door.kernel.emit(loanOf(bert, 'Mencius'));
    expect(dataOf(String(await other?.until(/Mencius/)))).toEqual([
      expect.objectContaining({ subject: `person:${bert}` }),
    ]);
    expect(dataOf(String(await self?.until(/Analects/)))).toEqual([
      expect.objectContaining({ value: { person: anna, title: 'Analects', price: '1' } }),
    ]);
    const seen = String(await clerk?.until(/Mencius/));
    expect(seen).not.toContain(anna);
    expect(dataOf(seen).every((data) => data.value === undefined)).toBe(true);
    expect(self?.text()).not.toContain(bert);
    for (const stream of streams) stream.request.destroy();
  });

  test('go on after the last event that a client saw', async () => {
    const door = await listening();
    const first = await listen(door.port, 'type=lending/book', { host: 'node.test' });
    const [one, two, three] = [bookOf('one'), bookOf('two'), bookOf('three')];
    door.kernel.emit(one);
    await first.until(/one/);
    first.request.destroy();
    door.kernel.emit(two);
    door.kernel.emit(three);
    const second = await listen(door.port, 'type=lending/book', {
      host: 'node.test',
      'last-event-id': one.id,
    });
    const text = await second.until(/three/);
    expect(dataOf(text).map(({ value }) => value.title)).toEqual(['two', 'three']);
    expect(text).not.toContain('event: reset');
    const third = await listen(door.port, 'type=lending/book', {
      host: 'node.test',
      'last-event-id': '9.9.9',
    });
    expect(await third.until(/reset/)).toContain('event: reset');
    second.request.destroy();
    third.request.destroy();
    expect(door.kernel.subscribers()).toBe(1);
  });

  test('only of the subject that is named', async () => {
    const door = await listening();
    const stream = await listen(
      door.port,
      `type=lending/loan&subject=${encodeURIComponent(`person:${bert}`)}`,
      as('clerk'),
    );
    door.kernel.emit(loanOf(anna, 'Analects'));
    door.kernel.emit(loanOf(bert, 'Mencius'));
    expect(dataOf(await stream.until(/Mencius/))).toHaveLength(1);
    stream.request.destroy();
  });

  test('beat while nothing happens, and threat 54: end when the token does', async () => {
    const door = await listening();
    const stream = await listen(door.port, 'type=lending/loan', as('clerk'));
    await stream.until(/retry/);
    door.tick();
    await stream.until(/\n: \n/);
    door.nowMs = Date.parse('2027-01-01T00:00:00Z');
    door.tick();
    expect(await stream.until('end')).toContain('event: signed-out');
  });

  test('are cut when a client does not read for 256 KiB', async () => {
    const door = await listening();
    const stream = await listen(door.port, 'type=lending/book', { host: 'node.test' });
    stream.message.pause();
    const long = 'x'.repeat(60_000);
    for (let i = 0; i < 400; i++) {
      door.kernel.emit(bookOf(`${i}${long}`));
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    stream.message.resume();
    await stream.until('end');
    expect(stream.text().length).toBeLessThan(400 * 60_000);
  });

  test('of what is not for the asker are not there', async () => {
    const door = await listening();
    const status = async (query: string, headers: Record<string, string>) => {
      const stream = await listen(door.port, query, headers);
      stream.request.destroy();
      return stream.status;
    };
    expect(await status('type=lending/note', as('clerk'))).toBe(404);
    expect(await status('type=lending/loan', { host: 'node.test' })).toBe(404);
    expect(await status('type=lending/nothing', as('clerk'))).toBe(404);
    expect(await status('', as('clerk'))).toBe(400);
  });

  test('end when the node closes', async () => {
    const door = await listening();
    const stream = await listen(door.port, 'type=lending/book', { host: 'node.test' });
    await door.app.close();
    await stream.until('end');
    expect(door.kernel.subscribers()).toBe(0);
  });
});
