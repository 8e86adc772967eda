import { afterEach, expect, test } from 'vitest';
import { bill, cashier, systemClock, TestRegion } from '../testing/region.ts';

let aheadMs = 0;
/** Whether a frame of the place of care gets the receipt that its receiver has signed for it. */
let isTold: () => Promise<void> = async () => undefined;

const region = new TestRegion({
  more: {
    clock: { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs },
    limits: { streamMs: 1_000, backOffMs: 1, backOffMaxMs: 2 },
  },
  moreOf: (member) => ({
    peers: {
      async batch(to, frame) {
        const answer = await region.node(to === '310000' ? '310000' : '340000').receive(member, frame);
        if (member === '340000') await isTold();
        return answer;
      },
      ask: async (to, what, body) =>
        region.node(to === '310000' ? '310000' : '340000').ask(member, what, body),
    },
  }),
});
afterEach(() => region.stop());

const present = (id: string, waitMs = 0) =>
  region.node('340000').command({ type: 'clinic/present', input: bill(id), actor: cashier }, waitMs);

test('while a peer takes too slowly what is sent to it, commands that would send it more are asked to come later; while it takes nothing they are kept', async () => {
  await region.start();
  // It is there, and has been.
  expect(await present('b1', 10_000)).toMatchObject({ state: 'done' });
  await region.until(() => region.isReceipted());
  let tell: () => void = () => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let held = 0;
  isTold = () => (++held === 1 ? told : Promise.resolve());
  expect(await present('b2', 10_000)).toMatchObject({ state: 'done' });
  aheadMs += 1_100;
  // No receipt since: it may be away, and what concerns it is kept.
  expect(await present('b3', 10_000)).toMatchObject({ state: 'done' });
  // A later frame had its receipt while the first still waits: slow, and not away.
  expect(await present('b4')).toMatchObject({
    state: 'busy',
    problem: { status: 503, detail: 'what is on its way to or from 310000 waits too long' },
  });
  // Nothing came for as long as only who is away lets one wait.
  aheadMs += 5_100;
  expect(await present('b4')).toMatchObject({ state: 'open' });
  tell();
  await region.until(() => region.isReceipted());
  expect(await present('b5', 10_000)).toMatchObject({ state: 'done' });
});
