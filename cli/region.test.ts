import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agreeOnDirectory, prepareMember } from '../node/supervisor/members.ts';
import { openTerms } from '../node/supervisor/terms.ts';
import { accountFor } from './connect.ts';
import { rowId, storedJob, uuidFrom } from './import/job.ts';
import { membersToRun, wishedMembers } from './members.ts';
import { localMembers, memberAt } from './region.ts';
import { rolesFor } from './roles.ts';

let data = '';
const names = [
  ['310000', '上海市', 'Shanghai'],
  ['340000', '安徽省', 'Anhui'],
] as const;

beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'yitong-region-'));
  for (const [member, zh, en] of names) {
    mkdirSync(join(data, 'nodes', member), { recursive: true });
    const config = { member, name: { zh, en }, http: { host: '127.0.0.1', port: 7310 } };
    writeFileSync(join(data, 'nodes', member, 'config.json'), JSON.stringify(config));
  }
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

test('a member is found by code and by name, and without a name it is the last that runs', () => {
  const members = localMembers(data);
  for (const at of ['340000', '安徽省', '安徽', 'Anhui', 'anhui', undefined])
    expect(memberAt(members, at).code, String(at)).toBe('340000');
  expect(() => memberAt(members, '440000')).toThrow('no such member');
  writeFileSync(join(data, 'nodes', '310000', 'process.json'), '{}');
  expect(memberAt(localMembers(data), undefined).code).toBe('310000');
});

test('a node of several processes on this machine has a door for each, the one that is kept running first', () => {
  const second = join(data, 'nodes', '310000', 'second');
  mkdirSync(second);
  writeFileSync(join(second, 'config.json'), JSON.stringify({ http: { host: '127.0.0.1', port: 7319 } }));
  const urls = localMembers(data).map((member) => member.urls);
  expect(urls).toEqual([['http://127.0.0.1:7310', 'http://127.0.0.1:7319'], ['http://127.0.0.1:7310']]);
});

test('members to start are named by code or name; cities may run nodes too', () => {
  expect(wishedMembers(undefined).map(({ code }) => code)).toEqual(['310000', '320000', '330000', '340000']);
  expect(wishedMembers('340000,Shanghai').map(({ code }) => code)).toEqual(['310000', '340000']);
  expect(wishedMembers('340100,310000').map(({ code }) => code)).toEqual(['310000', '340100']);
  expect(() => wishedMembers('110000')).toThrow("'110000'");
});

test('a founded region starts with its own members, and with no others', async () => {
  const founded = join(data, 'founded');
  const codesOf = (text?: string, fresh = false) =>
    membersToRun(founded, text, fresh).map(({ code }) => code);
  expect(codesOf()).toHaveLength(4);
  const nobody = async () => ({ url: '', close: async () => undefined });
  const report = { step: () => undefined, notice: () => undefined };
  const wishes = { dataDir: founded, region: 'csj', members: [], terms: openTerms([]), report };
  const options = { ...wishes, fresh: false, demonstration: false, startIssuer: nobody };
  const common = { options, dataDir: founded, host: '127.0.0.1', ports: new Map() };
  const prepared = [];
  for (const wish of wishedMembers('310000,340000')) prepared.push(await prepareMember(common, wish));
  agreeOnDirectory(common, prepared);
  expect(codesOf()).toEqual(['310000', '340000']);
  expect(codesOf('Anhui,Shanghai')).toEqual(['310000', '340000']);
  for (const other of ['310000,330000', '310000', '310000,320000,340000'])
    expect(() => codesOf(other)).toThrow('has 310000 (Shanghai), 340000 (Anhui)');
  expect(codesOf('330000', true)).toEqual(['330000']);
});

const account = (id: string, roles: readonly string[], person?: string) => ({
  ...{ id: `340000-${id}`, secret: 's', member: '340000', name: id },
  ...{ roles: roles.map((role) => `340000:${role}`), person },
});
const accounts = {
  ...{ issuer: 'http://x', audience: 'y' },
  accounts: [
    account('operator', ['node/operator']),
    account('clerk', ['shop/clerk']),
    account('resident', [], 'P'),
  ],
};

test('an account is chosen by the role that a command asks for, or by --as', () => {
  const idFor = (roles: readonly string[], as?: string) => accountFor(accounts, '340000', roles, as)?.id;
  expect(idFor(rolesFor('shop', ['self', 'clerk']))).toBe('340000-clerk');
  expect(idFor(rolesFor('shop', ['self']))).toBe('340000-resident');
  expect(idFor(rolesFor('shop', ['public']))).toBe(undefined);
  expect(idFor([], 'operator')).toBe('340000-operator');
  expect(idFor([], '340000-clerk')).toBe('340000-clerk');
  expect(() => idFor([], 'king')).toThrow('no such account');
});

test('an id is a UUIDv7 of the stored start and the row, the same at every import', () => {
  const key = { sha256: 'a'.repeat(64), system: 'shop', intake: 'sales', member: '340000' };
  const first = storedJob(join(data, 'imports'), key, 1_767_225_600_000, undefined);
  const second = storedJob(join(data, 'imports'), key, 1_800_000_000_000, undefined);
  expect(second.started).toBe(first.started);
  const id = rowId(first, Buffer.from('{"a":1}'), 0);
  expect(id).toMatch(/^019b76da-a800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(rowId(second, Buffer.from('{"a":1}'), 0)).toBe(id);
  for (const other of [
    rowId(first, Buffer.from('{"a":1}'), 1),
    rowId({ ...first, member: '310000' }, Buffer.from('{"a":1}'), 0),
  ])
    expect(other).not.toBe(id);
});

test('a UUIDv7 has its time in the first 48 bits', () => {
  expect(uuidFrom(0x017f22e279b0, Buffer.alloc(10, 0xff))).toBe('017f22e2-79b0-7fff-bfff-ffffffffffff');
});
