import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systems } from '@yitong/systems';
import { describe, expect, it } from 'vitest';
import { failure } from './report.ts';
import { runSeed } from './run.ts';
import { smallWish } from './small.ts';

const ordinary = { members: 4, bills: 50, without: [] } as const;

describe('a simulated region', () => {
  it('does the same for the same seed, in another process too', async () => {
    const wish = { ...ordinary, bills: 10, seed: 2 };
    const first = await runSeed(wish, systems);
    const second = await runSeed(wish, systems);
    expect(second.traceHash).toBe(first.traceHash);
    const main = fileURLToPath(new URL('./main.ts', import.meta.url));
    const args = ['--import', 'tsx', main, '--from', '2', '--seeds', '1', '--bills', '10', '--json'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({ seed: 2, traceHash: first.traceHash });
  }, 300_000);

  it.each(Array.from({ length: 1 }, (_, k) => ({ from: 1 + k })))(
    'comes to rest with nothing lost, nothing twice: seed $from',
    async ({ from }) => {
      const outcome = await runSeed({ ...ordinary, seed: from }, systems);
      expect(outcome.findings.length === 0 ? '' : failure(outcome, 40)).toBe('');
    },
    300_000,
  );
});

it.each([
  [335, 'a member on an older backup, whose directory is versions behind, comes to stand still'],
  [
    606,
    'a member on an older backup, whose own key was revoked while it still signed with it, comes to stand still',
  ],
  [447, 'an epoch that begins while a batch is under way loses no message of a frame that is void'],
  [
    30_594,
    'a member on an older backup stands still, although whoever can prove it was away when it started and another stream may go on',
  ],
  [
    1_800,
    'a member on an older backup, which must fetch directories to see that a peer’s proof is one, sends nothing before it has seen it',
  ],
  [
    6_976,
    'a member on an older backup, which has signed for a place itself as a peer shows what it signed there before, sends nothing',
  ],
  [
    3_604,
    'a process that stood still while another of its node went on does not take what that one signed for a lost log',
  ],
  [5_607, 'a member that joins gets its copies, although the database broke as they were about to be sent'],
  [
    20_002,
    'a member that joins gets what changes behind its copies, at a member whose clock is behind that of its peers too',
  ],
])(
  'seed %i: %s',
  async (seed) => {
    const { findings } = await runSeed(smallWish(seed), systems);
    expect(findings).toEqual([]);
  },
  120_000,
);

it.each([
  [
    86_940,
    2,
    'a partition that is taken again stores what it lacks of the directory, although the database broke meanwhile',
  ],
  [
    80_755,
    4,
    'a member on an older backup shows no state of its log before it has heard what its peers cosigned of it',
  ],
])(
  'seed %i of %i members: %s',
  async (seed, members) => {
    const { findings } = await runSeed({ seed, members, bills: 6, without: [] }, systems);
    expect(findings).toEqual([]);
  },
  120_000,
);
