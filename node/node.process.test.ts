import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from '@yitong/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lending } from './http/testing/lending.ts';
import type { RunningIssuer } from './issuer/issuer.ts';
import { startIssuer } from './issuer/issuer.ts';
import { openTerms } from './supervisor/terms.ts';
import { type RunningRegion, up } from './supervisor/up.ts';
import { ordering } from './testing/ordering.ts';
import { tokenFrom } from './testing/token.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'yitong-node-'));
const members = [
  { code: '310000', name: { zh: '上海市', en: 'Shanghai' } },
  { code: '330000', name: { zh: '浙江省', en: 'Zhejiang' } },
];
const anna = '330102198805125670';
let region: RunningRegion;
let issuer: RunningIssuer;
const tokens = new Map<string, string>();

beforeAll(async () => {
  region = await up({
    dataDir,
    region: 'csj',
    members,
    terms: openTerms([lending, ordering(1)]),
    fresh: false,
    demonstration: true,
    entry: fileURLToPath(new URL('./testing/lending-node.ts', import.meta.url)),
    async startIssuer({ host, port, dataDir: folder }) {
      const options = {
        host,
        port,
        dataDir: folder,
        members,
        systems: [lending, ordering(1)],
        audience: 'yitong:csj',
        demonstration: true,
      };
      issuer = await startIssuer(options);
      return issuer;
    },
    report: { step: () => undefined, notice: () => undefined },
  });
});
afterAll(async () => {
  await region?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function bearer(id: string): Promise<string> {
  const token = tokens.get(id) ?? (await tokenFrom(issuer, id));
  tokens.set(id, token);
  return token;
}

const nodeOf = (code: string) => {
  const found = region.members.find((member) => member.code === code);
  if (!found) throw new Error(code);
  return found;
};

async function ask(account: string, path: string, init: RequestInit & { readonly at?: string } = {}) {
  const { at = account.slice(0, 6), headers = {}, ...rest } = init;
  const answer = await fetch(`${nodeOf(at).url}${path}`, {
    ...rest,
    headers: { authorization: await bearer(account), ...headers },
  });
  const text = await answer.text();
  const json: Readonly<Record<string, unknown>> = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: answer.status, headers: answer.headers, json, text };
}

const post = (account: string, path: string, input: unknown, headers: Record<string, string> = {}) =>
  ask(account, path, {
    method: 'POST',
    body: JSON.stringify(input),
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('a node as a process of its own', () => {
  test('is ready, and says who and where it is', async () => {
    for (const { code, url } of region.members) {
      const ready = await fetch(`${url}/ready`);
      expect([ready.status, await ready.json()]).toEqual([
        200,
        { ready: true, member: code, region: 'csj', reasons: [] },
      ]);
    }
  });

  test('takes a command, makes it durable and shows what it made', async () => {
    const loan = { person: anna, title: 'Analects', price: '1250' };
    const answer = await post('310000-lending-clerk', '/lending/lend', loan, { prefer: 'wait=5' });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({ state: 'done', records: [{ type: 'lending/loan', value: loan }] });
    const again = await post('310000-lending-clerk', '/lending/lend', loan, {
      prefer: 'wait=5',
      'accept-language': 'zh-CN',
    });
    expect([again.status, again.json['title']]).toEqual([409, '此书已借出']);
    const list = await ask('310000-lending-clerk', '/lending/loan?purpose=lending');
    expect(list.json['data']).toEqual([
      expect.objectContaining({ value: expect.objectContaining({ title: 'Analects' }) }),
    ]);
    expect(list.text).not.toContain(anna);
  });

  test('does nothing twice for the same id, and refuses it for other content', async () => {
    const id = uuid7();
    const wish = { person: anna, title: 'Zhuangzi', price: '900' };
    const headers = { 'idempotency-key': id, prefer: 'wait=5' };
    const first = await post('310000-lending-clerk', '/lending/lend', wish, headers);
    const second = await post('310000-lending-clerk', '/lending/lend', wish, headers);
    expect([first.json['state'], second.json['state'], second.json['at']]).toEqual([
      'done',
      'done',
      first.json['at'],
    ]);
    const other = await post('310000-lending-clerk', '/lending/lend', { ...wish, price: '1' }, headers);
    expect([other.status, String(other.json['type']).replace(/.*\//, '')]).toEqual([409, 'id-reused']);
  });

  test('a token of one member’s clerk opens nothing at another member', async () => {
    const answer = await ask('310000-lending-clerk', '/lending/loan?purpose=lending', { at: '330000' });
    expect(answer.status).toBe(403);
    const forged = await fetch(`${nodeOf('310000').url}/me`, { headers: { authorization: 'Bearer a.b.c' } });
    expect(forged.status).toBe(401);
  });

  test('a public fact of one member is seen at the other, live and in lists', async () => {
    const url = new URL(`${nodeOf('330000').url}/events?type=lending/book`);
    const seen = new Promise<string>((resolve, reject) => {
      const request = get(url, { agent: false }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += String(chunk);
          if (!text.includes('Dream of the Red Chamber')) return;
          request.destroy();
          resolve(text);
        });
        answer.once('data', () => {
          const book = { isbn: '9787020002207', title: 'Dream of the Red Chamber', copies: 3 };
          post('310000-lending-inspector', '/lending/register-book', book).then(
            ({ status }) => expect(status).toBe(202),
            reject,
          );
        });
      });
      request.on('error', () => undefined);
    });
    expect(await seen).toContain('"owner":"310000"');
    const list = await fetch(`${nodeOf('330000').url}/lending/book`);
    expect(JSON.stringify(await list.json())).toContain('Dream of the Red Chamber');
  });

  test('each reading of a person’s data stands on that person’s page', async () => {
    const resident = issuer.accounts.find(({ id }) => id === '310000-resident')?.person ?? '';
    const loan = { person: resident, title: 'Mencius', price: '1' };
    await post('310000-lending-clerk', '/lending/lend', loan, { prefer: 'wait=5' });
    await ask('310000-lending-clerk', `/lending/loan/person:${resident}/Mencius`, {
      headers: { 'yitong-purpose': 'lending' },
    });
    const mine = await ask('310000-resident', '/me/accesses');
    expect(mine.json['data']).toContainEqual(
      expect.objectContaining({
        reader: '310000-lending-clerk',
        purpose: 'lending',
        what: 'lending/loan Mencius',
        member: '310000',
      }),
    );
    const other = await ask('310000-resident', `/lending/loan/person:${anna}/Analects`);
    expect(other.status).toBe(404);
  });

  test('is upgraded while orders flow: it ends in good order, its next edition goes on, and no promise is lost', async () => {
    let isOver = false;
    const ended: string[] = [];
    const lane = async (name: number): Promise<void> => {
      for (let k = 0; !isOver; k += 1) {
        await order(`o${name}0${k}`);
        ended.push(`o${name}0${k}`);
      }
    };
    const lanes = [1, 2, 3].map(lane);
    for (const code of ['330000', '310000']) {
      const before = ended.length;
      await expect.poll(() => ended.length, patiently).toBeGreaterThan(before + 2);
      await upgrade(code);
    }
    isOver = true;
    await Promise.all(lanes);
    // Once both have told each other, they speak the newest.
    let last = 0;
    const copies = async (): Promise<number | undefined> => {
      last += 1;
      await order(`o9${last}`);
      return (await orders('330000', 'given')).get(`o9${last}`);
    };
    await expect.poll(copies, patiently).toBe(3);
    const [asked, given] = [await orders('310000', 'ordered'), await orders('330000', 'given')];
    expect(ended.filter((id) => !asked.has(id) || asked.get(id) !== given.get(id))).toEqual([]);
    expect(asked.size).toBe(ended.length + last);
    expect(ended.map((id) => given.get(id))).toContain(1);
  });

  test('its log is its own, for nobody else to read, and holds no citizen’s number', () => {
    for (const { log } of region.members) {
      expect(statSync(log).mode & 0o077).toBe(0);
      expect(readFileSync(log, 'utf8')).not.toMatch(/[1-9][0-9]{16}[0-9X]/);
    }
  });

  test('rests in about 100 MB', () => {
    const pids = region.members.map((member) => member.pid());
    const sizes = pids.map(
      (pid) => /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '',
    );
    for (const size of sizes) expect(Number(size) / 1024).toBeLessThan(130);
  });

  test('ends in good order within five seconds, also while somebody waits and listens', async () => {
    const stream = get(new URL(`${nodeOf('310000').url}/events?type=lending/book`), { agent: false });
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.on('response', resolve));
    const started = performance.now();
    await region.stop();
    expect(performance.now() - started).toBeLessThan(12_000);
    for (const { log } of region.members) expect(readFileSync(log, 'utf8')).toContain('the node has stopped');
  });
});

/** A machine that others use too needs its time. */
const patiently = { interval: 100, timeout: 60_000 };

/** Orders three copies of a book at the other member, under one id, until it is known that this was done. */
async function order(id: string): Promise<void> {
  const headers = { 'idempotency-key': uuid7(), prefer: 'wait=5' };
  const wish = { id, from: '330000', copies: 3 };
  const give = () => post('310000-ordering-clerk', '/ordering/order', wish, headers);
  await expect
    .poll(
      () =>
        give().then(
          ({ json }) => json['state'],
          () => undefined,
        ),
      patiently,
    )
    .toBe('done');
}

/** How many copies of each order a member has noted. */
async function orders(code: string, type: 'ordered' | 'given'): Promise<ReadonlyMap<string, number>> {
  const noted = new Map<string, number>();
  const shape = z.object({
    data: z.array(z.object({ value: z.object({ id: z.string(), copies: z.number() }) })),
    next: z.string().nullish(),
  });
  for (let cursor = ''; ; ) {
    const path = `/ordering/${type}?purpose=ordering&limit=200${cursor}`;
    const page = shape.parse((await ask(`${code}-ordering-clerk`, path)).json);
    for (const { value } of page.data) noted.set(value.id, value.copies);
    if (!page.next) return noted;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

/** Puts the next edition in the place of a node's program, ends the node, and waits until it works again. */
async function upgrade(code: string): Promise<void> {
  const { config, url, pid, log } = nodeOf(code);
  writeFileSync(join(dirname(config), 'next-edition'), '');
  const before = pid();
  process.kill(before ?? 0, 'SIGTERM');
  const isReady = () =>
    fetch(`${url}/ready`).then(
      ({ ok }) => ok && pid() !== before,
      () => false,
    );
  await expect.poll(isReady, patiently).toBe(true);
  expect(readFileSync(log, 'utf8')).toContain('the node has stopped');
}

let count = 0;
function uuid7(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const tail = String(++count).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
}
