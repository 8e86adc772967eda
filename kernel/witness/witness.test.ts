import { afterEach, expect, test, vi } from 'vitest';
import { fromUtf8, toBase64 } from '../exchange/bytes.ts';
import { directoryHash } from '../exchange/directory-step.ts';
import type { SigningKey } from '../exchange/suite.ts';
import { verifyEvidence } from '../exchange/verify-evidence.ts';
import { checkpointOrigin, signCheckpoint } from '../journal/checkpoint.ts';
import { verifyJournal } from '../journal/verify.ts';
import { Federation, type FederationOptions } from '../testing/federation.ts';
import { bill, cashier } from '../testing/region.ts';
import { readCosignAsk, writeCosignAsk } from './ask.ts';
import { twoPasts, verifyTwoPasts } from './two-pasts.ts';

const four = ['310000', '320000', '330000', '340000'];
let region: Federation;

afterEach(() => region.stop());

async function started(more: Partial<FederationOptions> = {}): Promise<void> {
  region = new Federation({ members: four, ...more });
  await region.startAll();
}

let ids = 0;

/** A bill presented at a member and priced at 310000, to its end; the id of its command. */
async function settle(at: string): Promise<string> {
  ids += 1;
  const id = `b${ids}`;
  const answer = await region
    .node(at)
    .command({ type: 'clinic/present', input: bill(id), actor: cashier }, 8_000);
  if (answer.state !== 'done') throw new Error(answer.state);
  return answer.id;
}

const storeOf = (code: string) => region.checked(code).store;

function alarmsAt(code: string, about: string): readonly string[] {
  const { peers } = region.node(code).status();
  return peers
    .filter(({ member }) => member === about)
    .flatMap(({ alarms }) => alarms.map((one) => one.code));
}

/** A state of a member's log that it signs with its own key, whether it has it or not. */
function invented(member: string, size: number, root = new Uint8Array(32).fill(7)): string {
  const key: SigningKey | undefined = region.seats.get(member)?.ring[0];
  if (!key) throw new Error('no key');
  return signCheckpoint(key, { origin: checkpointOrigin('csj', member), size, root });
}

/** What a member answers when another asks it to cosign. */
async function asked(witness: string, by: string, note: string, old = 0, proof: readonly Uint8Array[] = []) {
  const answer = await region.node(witness).ask(by, 'checkpoints', writeCosignAsk({ old, proof, note }));
  return { status: answer.status, said: fromUtf8(answer.body) ?? '' };
}

test('two members cosign each checkpoint, and evidence then shows the message under it', async () => {
  await started();
  const id = await settle('340000');
  await vi.waitFor(async () => expect(await region.node('340000').evidence(id)).toBeDefined(), 20_000);
  const before = JSON.stringify(await region.node('340000').evidence(id));
  expect(verifyEvidence(before, directoryHash(region.first.directory))).toMatchObject({ ok: true });
  expect(before).not.toContain('checkpoint');

  await region.node('340000').checkpoint();
  const { checkpoint, cosignatures = [] } = (await storeOf('340000').cosigned(2)) ?? {};
  expect(cosignatures.map(({ witness }) => witness)).toEqual(['310000', '320000']);
  expect(checkpoint?.text).toContain('yitong.csj.340000/journal');
  const evidence = JSON.stringify(await region.node('340000').evidence(id));
  const result = verifyEvidence(evidence, directoryHash(region.first.directory));
  expect(result).toMatchObject({ ok: true });
  expect(JSON.stringify(result)).toContain('cosigned by 2');

  await settle('340000');
  await region.node('340000').checkpoint();
  expect((await storeOf('340000').cosigned(2))?.checkpoint.number).toBeGreaterThan(checkpoint?.number ?? 0);
  expect((await verifyJournal(region.checked('340000'))).findings).toEqual([]);
});

test('a member that cannot be reached is passed over, and another cosigns', async () => {
  const away = (_: string, to: string, what: string) =>
    to === '310000' && what === 'checkpoints' ? Promise.reject(new Error('away')) : undefined;
  await started({ onAsk: away });
  await settle('340000');
  await region.node('340000').checkpoint();
  const { cosignatures = [] } = (await storeOf('340000').cosigned(2)) ?? {};
  expect(cosignatures.map(({ witness }) => witness)).toEqual(['320000', '330000']);
});

test('a member that shows two states of one size to two members is named by both when they compare', async () => {
  await started();
  await settle('330000');
  const [mine, other] = [invented('330000', 9), invented('330000', 9, new Uint8Array(32).fill(8))];
  expect(await asked('310000', '330000', mine)).toMatchObject({ status: 200 });
  expect(await asked('320000', '330000', other)).toMatchObject({ status: 200 });
  await region.node('310000').checkpoint();
  expect(alarmsAt('310000', '330000')).toEqual(['two-pasts']);
  await region.node('320000').checkpoint();
  expect(alarmsAt('320000', '330000')).toEqual(['two-pasts']);
  expect(alarmsAt('320000', '310000')).toEqual([]);

  const proof = JSON.stringify(twoPasts([mine, other], [region.first]));
  const trusted = directoryHash(region.first.directory);
  expect(verifyTwoPasts(proof, trusted)).toEqual({ ok: true, says: { member: '330000', size: 9 } });
});

test('a later state must continue what was cosigned before: else it is refused, and an alarm names the member', async () => {
  await started();
  expect(await asked('310000', '330000', invented('330000', 5))).toMatchObject({ status: 200 });
  const proof = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  expect(await asked('310000', '330000', invented('330000', 6), 5, proof)).toMatchObject({ status: 422 });
  expect(alarmsAt('310000', '330000')).toEqual(['inconsistent-log']);
  expect(await asked('310000', '330000', invented('330000', 5, new Uint8Array(32)))).toMatchObject({
    status: 422,
    said: expect.stringContaining('two-pasts'),
  });
});

test('two members that saw two sizes of a log have its member prove that one continues the other', async () => {
  await started();
  await settle('330000');
  await region.node('330000').checkpoint();
  expect(await storeOf('320000').witnessed()).toEqual([]);
  const { checkpoint } = await storeOf('330000').segments();
  await settle('330000');
  expect(await asked('320000', '330000', checkpoint?.text ?? '')).toMatchObject({ status: 200 });
  await region.node('330000').checkpoint();
  await settle('320000');
  await region.node('320000').checkpoint();
  expect(alarmsAt('320000', '330000')).toEqual([]);

  await region.node('310000').checkpoint();
  expect(await asked('340000', '310000', invented('310000', 99))).toMatchObject({ status: 200 });
  await settle('340000');
  await region.node('320000').checkpoint();
  expect(alarmsAt('320000', '310000')).toContain('inconsistent-log');
});

test('a member whose newest rows were deleted learns of it from those who cosigned them', async () => {
  await started();
  await settle('340000');
  await region.node('340000').checkpoint();
  const tables = region.seats.get('340000')?.database.tables;
  tables?.segments.splice(0);
  tables?.checkpoints.splice(0);
  tables?.segments.push({ number: 0, partition: 3, first: 1, last: 1, root: new Uint8Array(32) });
  tables?.checkpoints.push({ number: 1, text: invented('340000', 1), at: 0 });
  await settle('340000');
  await region.node('340000').checkpoint();
  expect(alarmsAt('340000', '310000')).toEqual(['own-log-lost']);
});

test('a member that was put back shows nothing of its log before all have said what they cosigned of it', async () => {
  const away = new Set<string>();
  await started({ onAsk: (_, to) => (away.has(to) ? Promise.reject(new Error('away')) : undefined) });
  await settle('340000');
  await region.node('340000').checkpoint();
  await settle('340000');
  await region.stop('340000');
  const tables = region.seats.get('340000')?.database.tables;
  tables?.segments.splice(0);
  tables?.checkpoints.splice(0);
  await region.start('340000');
  away.add('310000').add('320000');
  await region.node('340000').checkpoint();
  expect(await storeOf('330000').witnessed()).toEqual([]);
  away.clear();
  await region.node('340000').checkpoint();
  expect(alarmsAt('340000', '310000')).toEqual(['own-log-lost']);
  expect(alarmsAt('310000', '340000')).toEqual([]);
  expect(await storeOf('330000').witnessed()).toEqual([]);
});

test('who is away is waited for, but not for longer than a node waits', async () => {
  const away = (_: string, to: string, what: string) =>
    to === '310000' && what.startsWith('checkpoints') ? Promise.reject(new Error('away')) : undefined;
  const cosigners = async (hearingMs: number) => {
    await started({ onAsk: away, limits: { hearingMs } });
    await settle('340000');
    await region.node('340000').checkpoint();
    const { cosignatures = [] } = (await storeOf('340000').cosigned(2)) ?? {};
    await region.stop();
    return cosignatures.map(({ witness }) => witness);
  };
  expect(await cosigners(86_400_000)).toEqual([]);
  expect(await cosigners(0)).toEqual(['320000', '330000']);
});

test('a log whose rows were lost begins anew under a key that the region agreed to', async () => {
  await started();
  expect(await asked('310000', '340000', invented('340000', 500))).toMatchObject({ status: 200 });
  await settle('340000');
  await region.node('340000').checkpoint();
  expect(alarmsAt('340000', '310000')).toEqual(['own-log-lost']);
  const instead = region.newKey('340000', 'b');
  const at = new Date(Date.now() - 1_000).toISOString();
  const revoke = { is: 'revoke', member: '340000', key: '340000-a', at, reason: 'lost', instead } as const;
  await region.agree('320000', revoke, ['310000', '320000', '330000']);
  await vi.waitFor(() => {
    for (const code of four) expect(region.node(code).status().directory.version).toBe(2);
  }, 20_000);
  await settle('340000');
  await region.node('340000').checkpoint();
  const { cosignatures = [] } = (await storeOf('340000').cosigned(2)) ?? {};
  expect(cosignatures.map(({ witness }) => witness)).toEqual(['310000', '320000']);
});

test('a witness says which size it cosigned last to whoever starts from another', async () => {
  await started();
  await settle('340000');
  await region.node('340000').checkpoint();
  const { checkpoint } = await storeOf('340000').segments();
  const note = checkpoint?.text ?? '';
  expect(await asked('310000', '340000', note)).toEqual({ status: 409, said: `${checkpoint?.number}\n` });
  expect(await asked('310000', '340000', note, checkpoint?.number)).toMatchObject({ status: 200 });
});

test.each([
  ['another member’s log', (note: string) => note, 403],
  ['a changed size', (note: string) => note.replace(/\n\d+\n/, '\n77\n'), 403],
  ['no note', () => 'hello', 403],
])('does not cosign %s', async (what, change, status) => {
  await started();
  await settle('340000');
  await region.node('340000').checkpoint();
  const note = change((await storeOf('340000').segments()).checkpoint?.text ?? '');
  const by = what.startsWith('another') ? '320000' : '340000';
  expect(await asked('330000', by, note)).toMatchObject({ status });
  expect(await storeOf('330000').witnessed()).toEqual([]);
});

test('what is no ask is refused, and what is one reads back as it was written', async () => {
  await started();
  for (const body of [
    '',
    'old 1',
    'old -1\n\nnote',
    'old 1\nAAAA\n\nnote',
    `old 1\n${'a'.repeat(70_000)}\n\nn`,
  ])
    expect((await region.node('310000').ask('340000', 'checkpoints', Buffer.from(body))).status).toBe(400);
  const ask = { old: 12, proof: [new Uint8Array(32).fill(3)], note: 'a\n1\nb\n\n— k s\n' };
  const read = readCosignAsk(writeCosignAsk(ask));
  expect({ ...read, proof: read?.proof.map(toBase64) }).toEqual({ ...ask, proof: ask.proof.map(toBase64) });
});
