import { expect, test } from 'vitest';
import { StandIn } from '../testing/stand-in.ts';
import { Api } from './api.ts';

test('while the first process of a node gives no answer or has no leave to work, another of the same node is asked', async () => {
  const [first, second] = [new StandIn(() => ({})), new StandIn(() => ({}))];
  const urls = [await first.start(), await second.start()] as const;
  const api = new Api(urls, async () => undefined, { ms: 0 });
  const ask = async () => (await api.call({ method: 'GET', path: '/status' })).status;
  try {
    first.refusals.push({ status: 503, headers: { 'retry-after': '1' } });
    expect([await ask(), api.base.origin]).toEqual([200, urls[1]]);
    await second.stop();
    expect([await ask(), api.base.origin]).toEqual([200, urls[0]]);
    await first.stop();
    await expect(ask()).rejects.toMatchObject({ exit: 'unreachable' });
  } finally {
    await Promise.allSettled([first.stop(), second.stop()]);
  }
});
