import { afterEach, expect, test, vi } from 'vitest';
import type { Peers } from '../seams.ts';
import { bill, cashier, TestRegion } from '../testing/region.ts';

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
    directory: async () => ({ status: 404, body: new Uint8Array() }),
  };
  region = new TestRegion({ more: { peers, limits: { parkMs: 0 } } });
  await region.start();
  const here = region.node('340000');
  const first = here.command({ type: 'clinic/present', input: bill('b1'), actor: cashier }, 10_000);
  await vi.waitFor(() => expect(frames).toBe(1));
  const second = here.command({ type: 'clinic/present', input: bill('b2'), actor: cashier }, 10_000);
  expect([await first, await second]).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  expect(here.status().peers).toMatchObject([{ member: '310000', alarms: [] }]);
});
