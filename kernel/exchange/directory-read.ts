import { parseCanonical } from './canonical.ts';
import type { Directory, DirectoryKey, KeyUse, Member, Permission } from './directory.ts';
import { instantMs } from './instant.ts';
import { isCode, isMemberCode, isMessageType } from './message.ts';
import { isHash, isKeyId, isRegion } from './signed-text.ts';
import { attempt, count, distinct, fields, list, Malformed, text } from './strict.ts';
import { isPublicKey, isSuiteName } from './suite.ts';

/** A directory is at most this large. */
const directoryMaxBytes = 4_194_304;

/** A directory of its canonical bytes, every part validated; `detail` names the first part at fault. */
export function readDirectory(
  bytes: Uint8Array,
): { readonly ok: true; readonly directory: Directory } | { readonly ok: false; readonly detail: string } {
  const parsed = parseCanonical(bytes, { bytes: directoryMaxBytes, depth: 16, keys: 2000 });
  if (!parsed.ok) return { ok: false, detail: `${parsed.code}: ${parsed.detail}` };
  const read = attempt(() => directoryOf(parsed.value));
  return read.ok ? { ok: true, directory: read.value } : read;
}

const uses: ReadonlyMap<string, KeyUse> = new Map(
  (['batch', 'receipt', 'question', 'answer', 'directory', 'journal'] as const).map((use) => [use, use]),
);

function directoryOf(value: unknown): Directory {
  const needed = [
    'format',
    'region',
    'version',
    'prev',
    'issued',
    'expires',
    'threshold',
    'signers',
    'members',
  ];
  const of = fields(value, '', { needed, optional: ['purposes', 'permissions', 'streams'] });
  if (of['format'] !== 'yitong-directory/1') throw new Malformed('/format', 'is not yitong-directory/1');
  const issued = time(of['issued'], '/issued');
  const expires = timeAfter(issued, of['expires'], '/expires');
  const members = list(of['members'], '/members', memberIn);
  checkMembers(members);
  const signers = list(of['signers'], '/signers', (one, at) =>
    text(one, at, 'a member', (code) => members.some((member) => member.code === code)),
  );
  distinct(signers, '/signers', 'a signer');
  const { purposes, permissions, streams } = rights(of, members);
  return {
    format: 'yitong-directory/1',
    region: text(of['region'], '/region', 'a region', isRegion),
    version: count(of['version'], '/version', 1),
    prev: text(of['prev'], '/prev', '64 hex digits', isHash),
    issued,
    expires,
    // more than half, or two quorums need not share a signer
    threshold: count(of['threshold'], '/threshold', Math.floor(signers.length / 2) + 1, signers.length),
    signers,
    members,
    ...(purposes === undefined ? {} : { purposes }),
    ...(permissions === undefined ? {} : { permissions }),
    ...(streams === undefined ? {} : { streams }),
  };
}

function rights(of: Readonly<Record<string, unknown>>, members: readonly Member[]) {
  const code = (one: unknown, at: string) => text(one, at, 'a code', isCode);
  const purposes = of['purposes'] === undefined ? undefined : list(of['purposes'], '/purposes', code);
  distinct(purposes ?? [], '/purposes', 'a purpose');
  const context = { members: new Set(members.map((member) => member.code)), purposes: new Set(purposes) };
  const permissions =
    of['permissions'] === undefined
      ? undefined
      : list(of['permissions'], '/permissions', (one, at) => permissionIn(one, at, context));
  const streams = of['streams'] === undefined ? undefined : count(of['streams'], '/streams', 1, 65_536);
  if (streams !== undefined && 2 ** Math.round(Math.log2(streams)) !== streams)
    throw new Malformed('/streams', 'is not a power of two');
  return { purposes, permissions, streams };
}

function checkMembers(members: readonly Member[]): void {
  const keys = members.flatMap((member) => member.keys);
  distinct(
    members.map((member) => member.code),
    '/members',
    'a code',
  );
  distinct(
    keys.map((key) => key.id),
    '/members',
    'a key id',
  );
  distinct(
    keys.map((key) => key.public),
    '/members',
    'a public key',
  );
  distinct(
    members.flatMap((member) => member.tls),
    '/members',
    'a TLS key',
  );
}

function memberIn(value: unknown, at: string): Member {
  const of = fields(value, at, { needed: ['code', 'url', 'tls', 'keys'], optional: ['name', 'epoch'] });
  const code = text(of['code'], `${at}/code`, 'a member code of six digits', isMemberCode);
  return {
    code,
    url: text(of['url'], `${at}/url`, 'an origin https://host[:port]', isOrigin),
    tls: list(of['tls'], `${at}/tls`, (one, where) => text(one, where, '64 hex digits', isHash)),
    keys: list(of['keys'], `${at}/keys`, keyIn),
    ...(of['name'] === undefined
      ? {}
      : { name: text(of['name'], `${at}/name`, '1 to 80 characters', isName) }),
    ...(of['epoch'] === undefined ? {} : { epoch: count(of['epoch'], `${at}/epoch`, 1) }),
  };
}

function keyIn(value: unknown, at: string): DirectoryKey {
  const of = fields(value, at, {
    needed: ['id', 'suite', 'public', 'use', 'from', 'until'],
    optional: ['revoked'],
  });
  const suite = of['suite'];
  if (typeof suite !== 'string' || !isSuiteName(suite)) throw new Malformed(`${at}/suite`, 'is not a suite');
  const from = time(of['from'], `${at}/from`);
  const until = timeAfter(from, of['until'], `${at}/until`);
  return {
    id: text(of['id'], `${at}/id`, 'a key id', isKeyId),
    suite,
    public: text(of['public'], `${at}/public`, 'a public key of its suite', (hex) => isPublicKey(suite, hex)),
    use: list(of['use'], `${at}/use`, useIn),
    from,
    until,
    ...(of['revoked'] === undefined ? {} : { revoked: revokedIn(of['revoked'], `${at}/revoked`) }),
  };
}

function useIn(value: unknown, at: string): KeyUse {
  const use = typeof value === 'string' ? uses.get(value) : undefined;
  if (use === undefined) throw new Malformed(at, `is not one of ${[...uses.keys()].join(', ')}`);
  return use;
}

function revokedIn(value: unknown, at: string): { readonly at: string; readonly reason: string } {
  const of = fields(value, at, { needed: ['at', 'reason'] });
  return { at: time(of['at'], `${at}/at`), reason: text(of['reason'], `${at}/reason`, 'a code', isCode) };
}

interface Known {
  readonly members: ReadonlySet<string>;
  readonly purposes: ReadonlySet<string>;
}

function permissionIn(value: unknown, at: string, known: Known): Permission {
  const of = fields(value, at, { needed: ['type', 'from', 'to', 'purposes'] });
  return {
    type: text(of['type'], `${at}/type`, 'a type, or a prefix with /*', (type) =>
      isMessageType(type.endsWith('/*') ? type.slice(0, -2) : type),
    ),
    from: membersIn(of['from'], `${at}/from`, known),
    to: membersIn(of['to'], `${at}/to`, known),
    purposes: list(of['purposes'], `${at}/purposes`, (one, where) =>
      text(one, where, "one of the directory's purposes", (code) => known.purposes.has(code)),
    ),
  };
}

function membersIn(value: unknown, at: string, known: Known): '*' | readonly string[] {
  if (value === '*') return '*';
  return list(value, at, (one, where) => text(one, where, 'a member', (code) => known.members.has(code)));
}

function time(value: unknown, at: string): string {
  return text(value, at, 'a time YYYY-MM-DDTHH:MM:SS.sssZ', (one) => instantMs(one) !== undefined);
}

function timeAfter(before: string, value: unknown, at: string): string {
  const after = time(value, at);
  if (after <= before) throw new Malformed(at, `is not after ${before}`); // one spelling per time: texts sort as times do
  return after;
}

function isName(name: string): boolean {
  return name.length > 0 && name.length <= 80 && name.normalize('NFC') === name;
}

function isOrigin(url: string): boolean {
  return url.length <= 255 && url.startsWith('https://') && URL.canParse(url) && new URL(url).origin === url;
}
