import { afterEach, expect, test, vi } from 'vitest';
import type { Peers } from '../seams.ts';
import { bill, cashier, systemClock, TestRegion } from '../testing/region.ts';
import { toUtf8 } from './bytes.ts';

let region: TestRegion;
afterEach(() => region.stop());

test('a frame that overtook the one before it goes again, though the receipt of that one came before the answer', async () => {
  let frames = 0;
  let overtaken = (): void => undefined;
  let receipted = (): void => undefined;
  const isOvertaken = new Promise<void>((resolve) => (overtaken = resolve));
  const isReceipted = new Promise<void>((resolve) => (receipted = resolve));
  const peers: Peers = {
    async batch(to, frame) {
      if (to === '340000') return region.node('340000').receive('310000', frame);
      frames++;
      const [isFirst, isSecond] = [frames === 1, frames === 2];
      if (isFirst) await isOvertaken;
      const answer = await region.node('310000').receive('340000', frame);
      if (isFirst) setImmediate(receipted);
      if (!isSecond) return answer;
      expect(answer.status).toBe(409);
      overtaken();
      await isReceipted;
      return answer;
    },
    ask: async () => ({ status: 404, body: new Uint8Array() }),
  };
  region = new TestRegion({ more: { peers, limits: { parkMs: 0 } } });
  await region.start();
  const here = region.node('340000');
  const first = here.command({ type: 'clinic/present', input: bill('b1'), actor: cashier }, 10_000);
  await vi.waitFor(() => expect(frames).toBe(1), 20_000);
  const second = here.command({ type: 'clinic/present', input: bill('b2'), actor: cashier }, 10_000);
  expect([await first, await second]).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  expect(here.status().peers).toMatchObject([{ member: '310000', alarms: [] }]);
});

test.for([413, 422])(
  'a frame that the peer refuses with %i is an alarm, and goes again as it is until the peer takes it',
  async (status) => {
    const brought: Uint8Array[] = [];
    const alarms: unknown[] = [];
    const peers: Peers = {
      async batch(to, frame) {
        if (to === '340000') return region.node('340000').receive('310000', frame);
        brought.push(frame);
        if (brought.length > 1) alarms.push(region.node('340000').status().peers[0]?.alarms[0]);
        if (brought.length > 3) return await region.node('310000').receive('340000', frame);
        return { status, body: toUtf8('{"code":"bad-root"}') };
      },
      ask: async () => ({ status: 404, body: new Uint8Array() }),
    };
    region = new TestRegion({ more: { peers, limits: { backOffMs: 1, backOffMaxMs: 2 } } });
    await region.start();
    const here = region.node('340000');
    const wish = { type: 'clinic/present', input: bill('b1'), actor: cashier };
    expect(await here.command(wish, 10_000)).toMatchObject({ state: 'done' });
    for (const frame of brought.slice(1, 4)) expect(frame).toEqual(brought[0]);
    expect(alarms.slice(0, 3)).toEqual(
      Array(3).fill({
        stream: expect.stringMatching(/^main\.\d$/),
        code: 'bad-root',
        detail: `the peer refused the frame with ${status}`,
      }),
    );
    expect(here.status().peers).toMatchObject([{ member: '310000', alarms: [] }]);
  },
);

test('a peer that stays busy is asked after its own pause, then more and more rarely, at last every ten seconds', async () => {
  const due = [700, 1_400, 2_800, 5_600, 10_000, 10_000];
  const paused: number[] = [];
  let busy = due.length;
  const peers: Peers = {
    async batch(to, frame) {
      if (to === '340000') return region.node('340000').receive('310000', frame);
      if (busy-- > 0) return { status: 503, body: new Uint8Array(), retryAfterMs: 700 };
      return region.node('310000').receive('340000', frame);
    },
    ask: async () => ({ status: 404, body: new Uint8Array() }),
  };
  const clock = {
    ...systemClock,
    after(ms: number, run: () => void) {
      if (!due.includes(ms)) return systemClock.after(ms, run);
      paused.push(ms);
      return systemClock.after(0, run);
    },
  };
  region = new TestRegion({
    more: { peers },
    moreOf: (member) => (member === '340000' ? { clock } : {}),
  });
  await region.start();
  const wish = { type: 'clinic/present', input: bill('b1'), actor: cashier };
  expect(await region.node('340000').command(wish, 20_000)).toMatchObject({ state: 'done' });
  expect(paused).toEqual(due);
});
