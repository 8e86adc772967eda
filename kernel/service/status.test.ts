import { expect, test } from 'vitest';
import { Courier } from '../exchange/courier.ts';
import type { Environment } from '../runtime/environment.ts';
import { Siblings } from './siblings.ts';
import { statusOf } from './status.ts';

const minute = 60_000;
const dates = { issued: '2026-01-01T00:00:00.000Z', expires: '2036-01-01T00:00:00.000Z' };

/** The status of a node whose peers' clocks are so far ahead of its own (ms); `undefined` is a peer that was never heard. */
function statusWith(skews: readonly (number | undefined)[], jumpedMs?: number) {
  const peers = skews.map((_, k) => `${310_000 + (k + 1) * 10_000}`);
  const env = {
    scene: { here: '310000', region: 'csj', members: ['310000', ...peers] },
    directory: { ...dates, version: 1, members: ['310000', ...peers].map((code) => ({ code })) },
    canSign: true,
    clock: { jumped: () => jumpedMs, now: () => 0 },
  } as unknown as Environment;
  const courier = new Courier(env, [], async () => false, { hear: async () => 'known' });
  for (const [k, peer] of peers.entries()) courier.note(peer).skewMs = skews[k];
  return statusOf(env, [], courier, { conflicts: [] }, new Siblings(env, undefined), false);
}

test.each([
  ['no peer was heard', [undefined, undefined], true],
  ['all are at one', [0, 5, -5], true],
  ['two are just within two minutes', [2 * minute, 2 * minute], true],
  ['two are just over two minutes ahead', [2 * minute + 1, 2 * minute + 1], false],
  ['two are just over two minutes behind', [-2 * minute - 1, -2 * minute - 1], false],
  ['one alone is far off: it may be its own clock', [60 * minute, undefined], true],
  ['one of two is ahead, the other is right', [3 * minute, 0], true],
  ['one of two is behind, the other is right', [-3 * minute, 0], true],
  ['one of three is right', [3 * minute, 0, 4 * minute], false],
  ['two of three are right', [30 * minute, 0, 1], true],
  ['two of four are ahead', [3 * minute, 3 * minute, 0, 0], true],
  ['three of four are behind', [-3 * minute, -3 * minute, -3 * minute, 0], false],
])('where %s, a node with peers’ clocks off by %j ms is ready: %s', (_what, skews, ready) => {
  const status = statusWith(skews);
  expect([status.ready, status.reasons.length]).toEqual([ready, ready ? 0 : 1]);
});

test('the reason says how far the node’s own clock is off, and to which side', () => {
  expect(statusWith([3 * minute, 3 * minute]).reasons).toEqual([
    "this node's clock is 180 s behind most members'",
  ]);
  expect(statusWith([-3 * minute, -4 * minute, -5 * minute]).reasons).toEqual([
    "this node's clock is 240 s ahead of most members'",
  ]);
  expect(statusWith([0, 0], -90_000)).toMatchObject({
    ready: false,
    reasons: [expect.stringContaining('the clock jumped back by 90 s')],
  });
});
