import { afterEach, expect, test, vi } from 'vitest';
import type { Directory } from '../exchange/directory.ts';
import { signDirectory } from '../exchange/directory-step.ts';
import { decodeFrame } from '../exchange/frame.ts';
import { type BatchHead, readBatchHead } from '../exchange/head.ts';
import { type SignedDirectory, signedText } from '../exchange/signed-directory.ts';
import { signingKey } from '../exchange/suite.ts';
import { rebuildState } from '../journal/rebuild.ts';
import { replayJournal } from '../journal/replay.ts';
import { verifyJournal } from '../journal/verify.ts';
import { clinic } from '../testing/clinic.ts';
import { Federation } from '../testing/federation.ts';
import { bill, cashier } from '../testing/region.ts';

const four = ['310000', '320000', '330000', '340000'];
const dayMs = 86_400_000;
let region: Federation;

afterEach(() => region.stop());

/** A bill presented at one member and priced at 310000, to its end. */
async function settle(at: string, id: string) {
  const answer = await region
    .node(at)
    .command({ type: 'clinic/present', input: bill(id), actor: cashier }, 8_000);
  expect(answer).toMatchObject({ state: 'done' });
}

async function inForce(codes: readonly string[], version: number): Promise<void> {
  await vi.waitFor(() => {
    for (const code of codes) expect(region.node(code).status().directory.version).toBe(version);
  }, 20_000);
}

/** Nothing is wrong in the journals of these members, and running all of it again does what it did. */
async function sound(codes: readonly string[]): Promise<void> {
  await vi.waitFor(() => {
    for (const code of codes)
      for (const { unreceipted } of region.node(code).status().peers) expect(unreceipted).toBe(0);
  }, 20_000);
  await region.stop();
  for (const code of codes) await region.start(code);
  for (const code of codes) {
    const checked = region.checked(code);
    expect((await verifyJournal(checked)).findings).toEqual([]);
    expect((await rebuildState(checked)).findings).toEqual([]);
    expect((await replayJournal(checked, [clinic])).findings).toEqual([]);
  }
}

/** What a node warns of, about any peer. */
function alarmsAt(code: string): readonly unknown[] {
  const { peers } = region.node(code).status();
  return peers.flatMap(({ alarms }) => alarms);
}

/** A version that these members sign, made past the proposing node. */
function signed(directory: Directory, signers: readonly string[]): SignedDirectory {
  return { directory, signatures: signers.map((code) => region.signature(code, directory)) };
}

test('a fifth member joins a running region: its bills are settled, and so are bills sent to it', async () => {
  region = new Federation({ members: four });
  await region.startAll();
  await settle('340000', 'b1');
  const join = { is: 'join', member: region.member('330200'), votes: true } as const;
  await region.agree('310000', join, ['310000', '320000', '330000', '340000']);
  await inForce(four, 2);
  const { directory } = region.newest('320000');
  expect([directory.signers.length, directory.threshold]).toEqual([5, 4]);
  await region.start('330200', [region.first, region.newest('310000')]);
  await settle('330200', 'b2');
  await settle('340000', 'b3');
  expect(
    region
      .node('330200')
      .status()
      .peers.map(({ member }) => member),
  ).toEqual(four);
  await sound([...four, '330200']);
});

test('a version takes effect with the threshold of signatures, not before, and at its time', async () => {
  region = new Federation({ members: four });
  await region.startAll();
  const directory = region.draft('310000', { is: 'reissue' }, 1_500);
  await region.propose('310000', directory);
  await region.sign('310000', directory);
  await region.sign('320000', directory);
  await vi.waitFor(async () => {
    const [draft] = (await region.node('310000').membership.state()).drafts;
    expect([draft?.needs, draft?.by]).toEqual([1, '310000']);
  }, 20_000);
  expect(region.newest('310000').directory.version).toBe(1);
  await region.sign('340000', directory);
  await vi.waitFor(() => expect(region.newest('330000').directory.version).toBe(2), 20_000);
  expect(region.node('330000').status().directory.version).toBe(1);
  await inForce(four, 2);
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(directory.issued));
});

test('a member that leaves is no member any more: nothing is taken from it or sent to it', async () => {
  region = new Federation({ members: four });
  await region.startAll();
  await region.agree('310000', { is: 'leave', member: '320000' }, ['310000', '330000', '340000']);
  await inForce(['310000', '330000', '340000'], 2);
  await settle('340000', 'b1');
  const answer = await region
    .node('320000')
    .command({ type: 'clinic/present', input: bill('b2'), actor: cashier }, 300);
  expect(answer.state).not.toBe('done');
  expect(
    region
      .node('310000')
      .status()
      .peers.map(({ member }) => member),
  ).toEqual(['330000', '340000']);
  await sound(['310000', '340000']);
});

test('a planned rotation overlaps: the new key signs from the next frame on, the old one still verifies', async () => {
  const keys = new Set<string>();
  region = new Federation({
    members: four,
    onWay: (from, _to, frame) => {
      const head = readBatchHead(decodeFrame(frame)?.head ?? frame);
      if (from === '340000' && head.ok) keys.add(head.value.key);
      return undefined;
    },
  });
  await region.startAll();
  await settle('340000', 'b1');
  const rotate = {
    is: 'rotate',
    member: '340000',
    key: region.newKey('340000', 'b'),
    overlapMs: 14 * dayMs,
  } as const;
  await region.agree('340000', rotate, four);
  await inForce(four, 2);
  expect([...keys]).toEqual(['340000-a']);
  await settle('340000', 'b2');
  expect([...keys].at(-1)).toBe('340000-b');
  expect(alarmsAt('340000')).toEqual([]);
  await sound(['310000', '340000']);
});

test.for([
  ['the sender’s, whose frames do not arrive', '340000', 'frames'],
  ['the sender’s, whose receipts do not come back', '340000', 'receipts'],
  ['the receiver’s, whose receipts do not come back', '310000', 'receipts'],
] as const)(
  'a key is revoked in mid-stream, %s: receipted batches stand, nothing is lost or twice',
  async ([_what, whose, lost]) => {
    const heads: BatchHead[] = [];
    let isCut = false;
    region = new Federation({
      members: four,
      onWay: (from, to, frame) => {
        const head = readBatchHead(decodeFrame(frame)?.head ?? frame);
        if (from !== '340000' || to !== '310000' || !head.ok) return undefined;
        heads.push(head.value);
        if (!isCut) return undefined;
        const gone = () => Promise.reject(new Error('the connection broke'));
        return lost === 'frames' ? gone() : region.node(to).receive(from, frame).then(gone);
      },
    });
    await region.startAll();
    for (const id of ['b1', 'b2', 'b3']) await settle('340000', id);
    isCut = true;
    const waiting = ['b4', 'b5', 'b6', 'b7', 'b8', 'b9'].map((id) => settle('340000', id));
    await vi.waitFor(
      () => expect(region.node('340000').status().peers[0]?.unreceipted).toBeGreaterThan(0),
      20_000,
    );
    const instead = region.newKey(whose, 'c');
    const at = new Date(Date.now() - 1_000).toISOString();
    const revoke = { is: 'revoke', member: whose, key: `${whose}-a`, at, reason: 'lost', instead } as const;
    await region.agree('320000', revoke, ['310000', '320000', '330000']);
    await inForce(['310000', '320000', '330000'], 2);
    isCut = false;
    await Promise.all(waiting);
    await settle('340000', 'b10');
    const last = heads.at(-1);
    expect([last?.key, last?.epoch]).toEqual(whose === '340000' ? ['340000-c', 2] : ['340000-a', 1]);
    expect(alarmsAt('340000')).toEqual([]);
    await sound(['310000', '340000']);
  },
);

test('what was sent while the next epoch could not begin waits through a restart, in streams that never had a frame too', async () => {
  let isCut = false;
  const cut = (from: string) =>
    isCut && from === '340000' ? Promise.reject(new Error('the connection broke')) : undefined;
  region = new Federation({ members: four, onWay: cut, onAsk: cut });
  await region.startAll();
  const at = new Date(Date.now() - 1_000).toISOString();
  const instead = region.newKey('340000', 'c');
  const revoke = { is: 'revoke', member: '340000', key: '340000-a', at, reason: 'lost', instead } as const;
  await region.agree('320000', revoke, ['310000', '320000', '330000']);
  await inForce(four, 2);
  isCut = true;
  const wish = { type: 'clinic/present', input: bill('b1'), actor: cashier } as const;
  const first = await region.node('340000').command(wish, 0);
  expect(first).toMatchObject({ state: 'open' });
  await region.stop('340000');
  await region.start('340000', [region.first]);
  isCut = false;
  const id = 'id' in first ? (first.id ?? '') : '';
  await vi.waitFor(
    async () =>
      expect(await region.node('340000').outcome('clinic/present', 'visit:b1', id, 0)).toMatchObject({
        state: 'done',
      }),
    20_000,
  );
  await sound(['310000', '340000']);
});

test('the threshold changes by the old threshold', async () => {
  region = new Federation({ members: four });
  await region.startAll();
  await region.agree('310000', { is: 'threshold', threshold: 4 }, ['310000', '320000', '330000']);
  await vi.waitFor(async () => {
    const [draft] = (await region.node('310000').membership.state()).drafts;
    expect(draft?.signatures).toHaveLength(3);
  }, 20_000);
  expect(region.newest('310000').directory.version).toBe(1); // four of the new ones must sign too
  const directory = (await region.node('310000').membership.state()).drafts[0];
  await region.sign('340000', JSON.parse(directory?.canonical ?? ''));
  await inForce(four, 2);
  expect(region.newest('340000').directory.threshold).toBe(4);
});

test('a version once seen is never lowered: not by a file, not by a restart', async () => {
  region = new Federation({ members: four });
  await region.startAll();
  await region.agree('310000', { is: 'reissue' }, ['310000', '320000', '330000']);
  await inForce(four, 2);
  await region.stop('340000');
  await region.start('340000', [region.first]);
  expect(region.node('340000').status().directory.version).toBe(2);
  expect(await region.node('340000').membership.bring(signedText(region.first))).toEqual({ ok: true });
  const older = signed({ ...region.first.directory, expires: '2099-01-01T00:00:00.000Z' }, four);
  expect(await region.node('340000').membership.bring(signedText(older))).toMatchObject({
    ok: false,
    problem: { detail: expect.stringContaining('wrong-version') },
  });
});

test('two versions of one number, both signed: the first stays, the second is kept as proof, people are told', async () => {
  region = new Federation({ members: four });
  await region.startAll();
  const other = signed(region.draft('310000', { is: 'threshold', threshold: 4 }), four);
  await region.agree('310000', { is: 'reissue' }, ['310000', '320000', '330000']);
  await inForce(four, 2);
  expect(await region.node('330000').membership.bring(signedText(other))).toMatchObject({ ok: false });
  const { conflicts } = await region.node('330000').membership.state();
  expect(conflicts.map(({ canonical }) => JSON.parse(canonical).threshold)).toEqual([4]);
  expect(region.newest('330000').directory.threshold).toBe(3);
  await region.stop('330000');
  await region.start('330000');
  expect(region.node('330000').status()).toMatchObject({
    ready: true,
    warnings: [expect.stringContaining('directory 2 exists twice')],
  });
});

test('a head that names a newer directory has it fetched from that very peer', async () => {
  region = new Federation({ members: four });
  await region.startAll();
  await region.stop('310000');
  await region.agree('340000', { is: 'reissue' }, ['320000', '330000', '340000']);
  await inForce(['320000', '330000', '340000'], 2);
  await region.start('310000');
  await settle('340000', 'b1');
  expect(region.node('310000').status().directory.version).toBe(2);
});

test('a peer that names a version and shows a wrong one is not believed', async () => {
  region = new Federation({ members: four });
  await region.startAll();
  const forged = region.draft('310000', { is: 'join', member: region.member('330200'), votes: true });
  const few = signed(forged, ['330000', '340000']);
  expect(await region.node('310000').membership.bring(signedText(few))).toMatchObject({
    ok: false,
    problem: {
      detail: expect.stringContaining('too-few-signatures'),
      remedy: expect.stringContaining('member sign'),
    },
  });
  const key = signingKey({ id: '310000-d', suite: 'ed25519-sha256', random: new Uint8Array(32).fill(9) });
  const stolen = { directory: forged, signatures: [...few.signatures, signDirectory(key, forged)] };
  expect(await region.node('310000').membership.bring(signedText(stolen))).toMatchObject({ ok: false });
  expect(region.node('310000').status().directory.version).toBe(1);
});

test('a member signs one draft of a number, another only when told so', async () => {
  region = new Federation({ members: four });
  await region.startAll();
  const [one, two] = [
    region.draft('310000', { is: 'reissue' }),
    region.draft('310000', { is: 'threshold', threshold: 4 }),
  ];
  for (const directory of [one, two]) await region.propose('310000', directory);
  expect(await region.sign('310000', one)).toMatchObject({ state: 'done' });
  expect(await region.sign('310000', two)).toMatchObject({ state: 'refused' });
  expect(await region.sign('310000', two, true)).toMatchObject({ state: 'done' });
});

test('a directory that nobody issues again is told of after eight days; past its end traffic goes on', async () => {
  region = new Federation({ members: four });
  region.shiftMs = 6 * dayMs;
  await region.startAll();
  expect(region.node('310000').status().warnings).toEqual([]);
  await region.stop();
  region.shiftMs = 9 * dayMs;
  await region.startAll();
  expect(region.node('310000').status().warnings).toEqual([expect.stringContaining('is 10 days old')]);
  await region.stop();
  region.shiftMs = 95 * dayMs;
  await region.startAll();
  expect(region.node('310000').status().warnings).toEqual([expect.stringContaining('expired')]);
  await settle('340000', 'b1');
});
