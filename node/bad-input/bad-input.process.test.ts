import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systems } from '@yitong/systems';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIssuer } from '../issuer/issuer.ts';
import { ensureCertificate } from '../supervisor/certificate.ts';
import { tokenFrom } from '../testing/token.ts';
import { doorRows } from './door.rows.ts';
import { frameRows } from './frame.rows.ts';
import { HostilePeer } from './hostile-peer.ts';
import { messageRows } from './message.rows.ts';
import { BadInputRegion, care, insured, type Stored, third } from './region.ts';
import { bill, people, wrongCheckDigit } from './samples.ts';

const cashier = `${care}-medical-settlement-cashier`;
let region: BadInputRegion;
beforeAll(async () => {
  region = await BadInputRegion.start();
});
afterAll(async () => {
  await region?.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends exactly this and hears the answer, also one that comes before the body is out. */
function send(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: string | Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const out = request(url, { method, headers, agent: false });
    hear(out, resolve, reject);
    out.end(body);
  });
}

const nothing: Stored = { messages: 0, records: 0, money: 0 };
const places = [care, insured, third];
/** Sends 100 MB in pieces for as long as nobody answers. */
function flood(out: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    const more = (): void => {
      while (!out.destroyed && sent < 100_000_000) {
        sent += 65_536;
        if (!out.write(Buffer.alloc(65_536, ' '))) return void out.once('drain', more);
      }
    };
    hear(out, resolve, reject);
    more();
  });
}

function hear(out: ClientRequest, resolve: (answer: Answer) => void, reject: (error: Error) => void): void {
  out.on('error', reject); // no effect once there was an answer
  out.on('response', (answer) => {
    let text = '';
    answer.on('data', (chunk) => {
      text += String(chunk);
    });
    answer.on('end', () => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      out.destroy();
    });
  });
}

const difference = (before = nothing, after = nothing): Stored => ({
  messages: after.messages - before.messages,
  records: after.records - before.records,
  money: after.money - before.money,
});
/** What a stack or a path of the program would look like. */
const innards = /node:internal|node_modules|\.m?[jt]s:\d+|\bat .{1,60}\([^)]*:\d+:\d+\)/;

describe('the clients’ door', () => {
  test.for(doorRows)('$name: $status $code', async (row) => {
    const before = await Promise.all(places.map((place) => region.stored(place)));
    const token = row.as === '' || row.as.startsWith('Bearer ') ? row.as : await region.bearer(row.as);
    const headers = {
      ...(token === '' ? {} : { authorization: token }),
      ...(row.body === undefined ? {} : { 'content-type': 'application/json' }),
      'idempotency-key': region.newId(),
      prefer: 'wait=10',
      ...row.headers,
    };
    const ask = (language: string): Promise<Answer> =>
      send(
        `${region.url(row.at)}${row.path}`,
        row.method,
        { ...headers, 'accept-language': language },
        row.body,
      );
    const english = await ask('en');
    const chinese = await ask('zh-CN');
    for (const [answer, language] of [
      [english, 'en'],
      [chinese, 'zh-CN'],
    ] as const) {
      expect(answer.status, answer.text).toBe(row.status);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.headers['content-language']).toBe(language);
      const told = JSON.parse(answer.text);
      expect(told.type.split('/').at(-1)).toBe(row.code);
      expect(told.status).toBe(row.status);
      const [first] = told.errors ?? [];
      expect(row.field && [first?.pointer, first?.code]).toEqual(row.field);
      const words = [told.title, told.detail, told.remedy, ...(told.errors ?? []).flatMap(wordsOf)];
      for (const word of words)
        expect(word, answer.text).toMatch(language === 'en' ? /^[^\u3400-\u9fff]+$/ : /[\u3400-\u9fff]/);
      expect(answer.text).not.toMatch(innards);
      for (const { person, name } of Object.values(people)) {
        expect(answer.text).not.toContain(person);
        expect(answer.text).not.toContain(name);
      }
    }
    const after = await Promise.all(places.map((place) => region.stored(place)));
    const grown = places.map((place, i) => [place, difference(before[i], after[i])]);
    const may: Readonly<Record<string, Partial<Stored> | undefined>> = {
      [care]: row.care,
      [insured]: row.insured,
      [third]: row.third,
    };
    expect(grown).toEqual(places.map((place) => [place, { ...nothing, ...may[place] }]));
  });
});

const wordsOf = (error: { readonly detail?: string; readonly remedy?: string }): (string | undefined)[] => [
  error.detail,
  error.remedy,
];

const present = (body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  post(`${region.url(care)}/medical-settlement/present-bill`, body, headers);
async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const authorization = await region.bearer(cashier);
  return send(url, 'POST', { authorization, 'content-type': 'application/json', ...headers }, body);
}
const codeOf = ({ text }: Answer): string => String(JSON.parse(text).type).split('/').at(-1) ?? '';

describe('an id that is used again', () => {
  const good = JSON.stringify(bill('again'));
  let id = '';
  let first: Answer;
  beforeAll(async () => {
    id = region.newId();
    first = await present(good, { 'idempotency-key': id, prefer: 'wait=10, return=minimal' });
    expect(first.status, first.text).toBe(200);
  });

  test('for the same content gets the same answer and does nothing', async () => {
    const before = await Promise.all(places.map((place) => region.stored(place)));
    const second = await present(good, { 'idempotency-key': id, prefer: 'wait=10, return=minimal' });
    expect([second.status, JSON.parse(second.text).at]).toEqual([200, JSON.parse(first.text).at]);
    expect(await Promise.all(places.map((place) => region.stored(place)))).toEqual(before);
  });

  test.each([
    ['other content', JSON.stringify(bill('again', { total: '1' })), 'id-reused'],
    ['another person', JSON.stringify(bill('again', { person: people.unfiled.person })), 'id-reused'],
    ['another bill', JSON.stringify(bill('another')), 'id-reused'],
  ])('for %s is refused, and nothing is stored', async (_what, body, code) => {
    const before = await Promise.all(places.map((place) => region.stored(place)));
    const other = await present(body, { 'idempotency-key': id, prefer: 'wait=10' });
    expect([other.status, codeOf(other)]).toEqual([409, code]);
    expect(await Promise.all(places.map((place) => region.stored(place)))).toEqual(before);
  });

  test('a bill’s number for another person is refused, under whatever id', async () => {
    const body = JSON.stringify(bill('again', { person: people.unfiled.person }));
    const other = await present(body, { prefer: 'wait=10' });
    expect([other.status, codeOf(other)]).toEqual([409, 'bill-exists']);
  });
});

describe('keys that are not the issuer’s', () => {
  const claims = () => ({ sub: cashier, client_id: cashier, roles: [`${care}:medical-settlement/cashier`] });
  async function forged(change: (token: SignJWT) => SignJWT, kid?: string): Promise<string> {
    const { privateKey } = await generateKeyPair('ES256');
    const answer = await fetch(`${region.issuer}/jwks`);
    const { keys } = JSON.parse(await answer.text());
    const token = new SignJWT(claims())
      .setIssuer(region.issuer)
      .setAudience('yitong:test')
      .setExpirationTime('1h')
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: kid ?? keys[0].kid });
    return `Bearer ${await change(token).sign(privateKey)}`;
  }

  test.each([
    ['under the issuer’s own key id', undefined],
    ['under a key id that the issuer has not', 'nobody'],
  ])('sign a token %s: 401', async (_what, kid) => {
    const authorization = await forged((token) => token, kid);
    const answer = await present(JSON.stringify(bill('forged')), { authorization });
    expect([answer.status, codeOf(answer)]).toEqual([401, 'token-refused']);
  });

  test('a second issuer with other keys is nobody here, whatever its tokens say', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yitong-other-issuer-'));
    const members = [{ code: care, name: { zh: '安徽省', en: 'Anhui' } }];
    const other = await startIssuer({
      port: 0,
      dataDir: folder,
      members,
      systems,
      audience: 'yitong:test',
      demonstration: true,
    });
    try {
      const authorization = await tokenFrom(other, cashier);
      const answer = await present(JSON.stringify(bill('other')), { authorization });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'token-refused']);
    } finally {
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('many lines at once', () => {
  test('each bad line is told by its number, reason and remedy, and the good one goes through', async () => {
    const good = (id: string) => JSON.stringify({ id: region.newId(), input: bill(id) });
    const lines = [
      good('bulk-1'),
      '{"input":{',
      JSON.stringify({ id: 'one', input: {} }),
      JSON.stringify({ input: bill('bulk-2', { total: '-5' }) }),
      '{"input":{"bill":"a","bill":"b"}}',
      '{"input":{"total":9007199254740993}}',
      good('bulk-3'),
    ];
    const answer = await present(`${lines.join('\n')}\n`, {
      'content-type': 'application/x-ndjson',
      prefer: 'wait=10',
    });
    const told = answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const byLine = told
      .sort((a, b) => a.line - b.line)
      .map((one) => [one.state, one.problem?.errors?.[0]?.code]);
    expect(byLine).toEqual([
      ['done', undefined],
      ['invalid', 'not-json'],
      ['invalid', 'id'],
      ['invalid', 'negative-money'],
      ['invalid', 'duplicate-key'],
      ['invalid', 'number-too-large'],
      ['done', undefined],
    ]);
    for (const { problem } of told)
      if (problem)
        expect(problem.errors[0]).toMatchObject({ detail: expect.any(String), remedy: expect.any(String) });
  });

  test('a line in GBK is told so', async () => {
    const authorization = await region.bearer(cashier);
    const headers = { authorization, 'content-type': 'application/x-ndjson' };
    const body = Buffer.concat([
      Buffer.from('{"input":{"bill":"'),
      Buffer.from([0xba, 0xba]),
      Buffer.from('"}}\n'),
    ]);
    const answer = await send(`${region.url(care)}/medical-settlement/present-bill`, 'POST', headers, body);
    expect(JSON.parse(answer.text).problem.errors[0].code).toBe('not-utf8');
  });
});

describe('too much', () => {
  test.each([
    ['that says so', { 'content-length': '100000000' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('a body of 100 MB %s is 413, and memory stays', async (_what, headers) => {
    const before = region.memoryMb(care);
    const stored = await region.stored(care);
    const authorization = await region.bearer(cashier);
    const all = { authorization, 'content-type': 'application/json', ...headers };
    for (let i = 0; i < 4; i++) {
      const out = request(`${region.url(care)}/medical-settlement/present-bill`, {
        method: 'POST',
        headers: all,
        agent: false,
      });
      const answer = await flood(out);
      expect([answer.status, codeOf(answer)]).toEqual([413, 'body-too-large']);
    }
    expect(region.memoryMb(care) - before).toBeLessThan(60);
    expect(await region.stored(care)).toEqual(stored);
  });
});

describe('the peers’ door', () => {
  let peer: HostilePeer;
  let hung: { goOn(): void };
  beforeAll(() => {
    hung = region.hang(third);
    peer = new HostilePeer(region.dataDir, region.directory);
  });
  afterAll(() => {
    peer.close();
    hung.goOn();
  });

  test.for(messageRows)('$name in a message: refused as $refused', async ({ make, refused, messages }) => {
    const before = await region.stored(insured);
    const reply = await peer.send(peer.frame([make(peer)]));
    expect([reply.status, reply.refused]).toEqual([200, refused === undefined ? [] : [refused]]);
    expect(difference(before, await region.stored(insured))).toEqual({ ...nothing, messages });
  });

  test('one bad message holds no other of its frame back', async () => {
    const before = await region.stored(insured);
    const reply = await peer.send(peer.frame([peer.message(), Buffer.from('{}'), peer.message()]));
    expect([reply.status, reply.refused]).toEqual([200, ['missing-attribute']]);
    expect(difference(before, await region.stored(insured))).toEqual({ ...nothing, messages: 2 });
  });

  test('the same id with other content is refused, with the same content taken without effect', async () => {
    const message = peer.message();
    await peer.send(peer.frame([message]));
    const before = await region.stored(insured);
    expect((await peer.send(peer.frame([message]))).refused).toEqual([]);
    const { id } = JSON.parse(Buffer.from(message).toString('utf8'));
    expect((await peer.send(peer.frame([peer.message({ id }, { emergency: true })]))).refused).toEqual([
      'id-reused',
    ]);
    expect(await region.stored(insured)).toEqual(before);
  });

  test.for(frameRows)('$name: $status $code', async ({ forge, status, code }) => {
    const [before, memory] = [await region.stored(insured), region.memoryMb(insured)];
    const reply = await peer.send(peer.frame([peer.message()], forge(peer)));
    expect([reply.status, reply.code], reply.text).toEqual([status, code]);
    expect(reply.text).not.toMatch(innards);
    expect(await region.stored(insured)).toEqual(before);
    expect(region.memoryMb(insured) - memory).toBeLessThan(60);
  });

  test('a frame of 100 MB is 413, and memory stays', async () => {
    const [before, memory] = [await region.stored(insured), region.memoryMb(insured)];
    const out = secureRequest(`${region.exchangeUrl(insured)}/exchange/v1/batches`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.yitong.batch' },
      agent: false,
      rejectUnauthorized: false, // the key is what counts, and it is not what this test is about
      ...peer.tls,
    });
    expect(JSON.parse((await flood(out)).text)).toMatchObject({ type: 'bad-frame', status: 413 });
    expect(region.memoryMb(insured) - memory).toBeLessThan(60);
    expect(await region.stored(insured)).toEqual(before);
  });

  test('the same frame again gets the same receipt, another head in its place is a fork', async () => {
    const [message, other] = [peer.message(), peer.message()];
    const [sent, fork] = [peer.frame([message]), peer.frame([other])];
    const first = await peer.send(sent);
    const before = await region.stored(insured);
    expect(await peer.send(sent)).toEqual(first);
    expect(await peer.send(fork)).toMatchObject({ status: 409, code: 'fork' });
    expect(await region.stored(insured)).toEqual(before);
  });

  test('a clock 10 minutes ahead is taken, and shown to the operator', async () => {
    const head = { time: new Date(Date.now() + 600_000).toISOString() };
    const reply = await peer.send(peer.frame([peer.message()], { head }));
    expect([reply.status, reply.refused]).toEqual([200, []]);
    const authorization = await region.bearer(`${insured}-operator`);
    const status = await send(`${region.url(insured)}/status`, 'GET', { authorization });
    const [seen] = JSON.parse(status.text).peers.filter((one: { member: string }) => one.member === third);
    expect(seen.skewMs).toBeGreaterThan(590_000);
    expect(region.written()).toContain('the clock of a peer is off');
  });

  test('a TLS key that is not in the directory is refused before anything is read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yitong-stranger-'));
    const files = { tlsKey: join(folder, 'key.pem'), tlsCertificate: join(folder, 'cert.pem') };
    await ensureCertificate(files, third, '127.0.0.1');
    const stranger = new HostilePeer(region.dataDir, region.directory, files);
    const before = await region.stored(insured);
    expect(await stranger.send(stranger.frame([peer.message()]))).toMatchObject({
      status: 403,
      code: 'unknown-key',
    });
    expect(await region.stored(insured)).toEqual(before);
    stranger.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a peer that is down: the bill is kept and answered 202, and ends when the peer is back', async () => {
    const answer = await present(JSON.stringify(bill('down', { insuredPlace: '330100' })), {
      prefer: 'wait=1',
    });
    const told = JSON.parse(answer.text);
    expect([answer.status, told.state]).toEqual([202, 'open']);
    hung.goOn();
    const authorization = await region.bearer(cashier);
    const later = await send(`${region.url(care)}${told.conversation}`, 'GET', {
      authorization,
      prefer: 'wait=30',
    });
    expect(JSON.parse(later.text)).toMatchObject({
      state: 'refused',
      problem: { errors: [{ pointer: '/person' }] },
    });
  });
});

test('no log of any node holds a citizen number, a name, a token or a secret', () => {
  const written = region.written();
  expect(written.length).toBeGreaterThan(1_000);
  const numbers = Object.values(people).flatMap(({ person, name }) => [person, name]);
  for (const found of [...numbers, wrongCheckDigit, ...region.secrets()])
    expect(written).not.toContain(found);
});
