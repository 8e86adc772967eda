import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningIssuer, startIssuer } from '../issuer/issuer.ts';
import { openTerms } from '../supervisor/terms.ts';
import { type RunningRegion, up } from '../supervisor/up.ts';
import { looping } from '../testing/looping.ts';
import { tokenFrom } from '../testing/token.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'yitong-watchdog-'));
const members = [{ code: '310000', name: { zh: '上海市', en: 'Shanghai' } }];
let region: RunningRegion;
let issuer: RunningIssuer;

beforeAll(async () => {
  region = await up({
    dataDir,
    region: 'csj',
    members,
    terms: openTerms([looping]),
    fresh: false,
    demonstration: true,
    entry: fileURLToPath(new URL('../testing/looping-node.ts', import.meta.url)),
    async startIssuer(place) {
      const more = { members, systems: [looping], audience: 'yitong:csj', demonstration: true };
      issuer = await startIssuer({ ...place, ...more });
      return issuer;
    },
    report: { step: () => undefined, notice: () => undefined },
  });
});
afterAll(async () => {
  await region?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('a handler that never ends ends its process; started again, the node holds its message unrun and does the others', async () => {
  const [node] = region.members;
  if (!node) throw new Error('one member');
  const [clerk, operator] = [
    await tokenFrom(issuer, '310000-looping-clerk'),
    await tokenFrom(issuer, '310000-operator'),
  ];
  const turn = (n: number, forever: boolean) =>
    fetch(`${node.url}/looping/turn`, {
      method: 'POST',
      headers: {
        authorization: clerk,
        'content-type': 'application/json',
        'idempotency-key': uuid7(n),
        prefer: 'wait=2',
      },
      body: JSON.stringify({ id: `w${n}`, forever }),
    });
  expect((await turn(1, false)).status).toBe(200);
  await expect(turn(2, true)).rejects.toThrow();
  const answer = await again(() => turn(2, true));
  expect(await answer.json()).toMatchObject({ state: 'held' });
  expect(node.restarts()).toBe(1);
  expect((await turn(3, false)).status).toBe(200);
  const held = await fetch(`${node.url}/held`, { headers: { authorization: operator } });
  expect(await held.json()).toMatchObject({
    data: [{ subject: 'wheel:w2', reason: 'its handler did not end, and the process with it' }],
  });
});

/** Asks until the node that is started again answers. */
async function again(ask: () => Promise<Response>): Promise<Response> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await ask().catch(() => undefined);
    if (answer && answer.status < 500) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the node did not come back');
}

function uuid7(n: number): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return n === 2 ? hangs : `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`;
}

const hangs = (() => {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000002`;
})();
