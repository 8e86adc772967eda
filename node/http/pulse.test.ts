import type { StreamState } from '@yitong/kernel';
import { expect, test } from 'vitest';
import { testDoor } from './testing/app.ts';

const headers = { host: 'node.test' };

/** Asks as anybody may, after `sent` batches went to Zhejiang. */
async function asked(door: ReturnType<typeof testDoor>, sent: number) {
  const stream = { peer: '330000', stream: 0, sentSeq: sent, receivedSeq: sent } as unknown as StreamState;
  Object.assign(door.kernel.reader, { streams: async () => [stream] });
  const answer = await door.app.inject({ url: '/pulse', headers });
  return answer.json().peers[0];
}

function doorWithPeer() {
  const door = testDoor();
  const [peer] = door.kernel.status.peers;
  if (peer === undefined) throw new Error('the stand-in has no peer');
  const lastReceipt = Date.parse('2026-11-24T03:12:44Z');
  door.kernel.status = {
    ...door.kernel.status,
    peers: [{ ...peer, member: '330000', reachable: true, lastReceipt }],
  };
  return door;
}

test('anybody sees how much passes, and no single batch: counts in tens, receipts by the quarter of an hour', async () => {
  const door = doorWithPeer();
  expect(await asked(door, 9)).toMatchObject({
    reachable: true,
    sent: 0,
    received: 0,
    lastReceipt: '2026-11-24T03:00:00.000Z',
  });
  door.nowMs += 6_000;
  expect(await asked(door, 19)).toMatchObject({ sent: 10, received: 10, sentPerMinute: null });
});

test('a pace is told of tens too, once there is a span to take it from', async () => {
  const door = doorWithPeer();
  await asked(door, 100);
  door.nowMs += 30_000;
  expect(await asked(door, 104)).toMatchObject({ sent: 100, sentPerMinute: 0 });
  door.nowMs += 30_000;
  expect(await asked(door, 1_137)).toMatchObject({ sent: 1_130, sentPerMinute: 1_030 });
});
