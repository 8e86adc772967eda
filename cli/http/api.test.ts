import { expect, test } from 'vitest';
import { StandIn } from '../testing/stand-in.ts';
import { Api, refusal } from './api.ts';

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

test('a person’s token that is too old for money is told with what to ask the issuer for', () => {
  const json = {
    type: 'https://yitong.example/problems/step-up-needed',
    title: 'A fresh and strong sign-in is needed',
    status: 401,
    facts: { why: 'age', minutes: 15, acr: ['two-factor', 'card'] },
  };
  const told = refusal({ status: 401, headers: {}, json, text: '' });
  expect(told).toMatchObject({ exit: 'forbidden' });
  expect(told.remedy).toContain(
    'max_age=900 and acr_values="two-factor card", put the new token into YITONG_TOKEN',
  );
});
