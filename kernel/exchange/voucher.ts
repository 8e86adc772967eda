import { fromUtf8, toUtf8 } from './bytes.ts';
import { canonical, parseCanonical } from './canonical.ts';
import { type Directory, type DirectoryKey, keyAt } from './directory.ts';
import { instantMs } from './instant.ts';
import { isMemberCode } from './message.ts';
import { isHash, isKeyId, isRegion } from './signed-text.ts';
import type { SigningKey, Suites } from './suite.ts';

/** What a member says of one of its records to whoever holds the paper, `yitong-voucher/1`. 凭证 */
export interface Voucher {
  readonly region: string;
  readonly member: string;
  /** `<system>/<record>` */
  readonly record: string;
  /** Whom it is about, masked; empty for what concerns nobody. */
  readonly about: string;
  /** Key of the record among those of its subject. */
  readonly id: string;
  /** Position of the version that is meant, `partition.position`. */
  readonly at: string;
  /** Fields as they were. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** SHA-256, hex, of the file that the voucher ends; empty when it stands alone, as in a QR code. */
  readonly file: string;
  readonly time: string;
  /** Version of the directory in which the key stands. */
  readonly directory: number;
  readonly key: string;
}

/** A voucher with its signature, 64 bytes. */
export interface SignedVoucher {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** Why a voucher proves nothing. `form`: it is none. `region`, `directory`, `key`: nobody here could have signed it. `revoked`: nobody can tell when it was signed. */
export type VoucherFault = 'form' | 'region' | 'directory' | 'key' | 'revoked' | 'signature';

/** A voucher that stands, or why it does not. */
export type VoucherResult =
  | { readonly ok: true; readonly voucher: Voucher }
  | { readonly ok: false; readonly why: VoucherFault };

const type = 'yitong-voucher/1';
const names = [
  'region',
  'member',
  'record',
  'about',
  'id',
  'at',
  'facts',
  'file',
  'time',
  'directory',
  'key',
] as const;
const limits = { bytes: 4_096, depth: 8, keys: 200 };

/** Signs a voucher; anything else is signed by the same key under another first line, so neither can stand for the other. */
export function signVoucher(suites: Suites, key: SigningKey, voucher: Voucher): SignedVoucher {
  const bytes = toUtf8(`${type}\n${canonical(voucher)}`);
  return { bytes, signature: suites[key.suite].sign(key, bytes) };
}

/**
 * Whether a voucher stands: signed with a key that the directory which it names lets the member answer with at its time, and that the newest
 * directory has not revoked: unlike a batch nobody receipted it, so a stolen key could have signed it for any day.
 */
export function verifyVoucher(
  { bytes, signature }: SignedVoucher,
  by: {
    readonly suites: Suites;
    readonly newest: Directory;
    directoryAt(version: number): Directory | undefined;
  },
): VoucherResult {
  const voucher = voucherOf(bytes);
  if (voucher === undefined) return { ok: false, why: 'form' };
  const { region, member, key: id, time } = voucher;
  if (region !== by.newest.region) return { ok: false, why: 'region' };
  const directory = by.directoryAt(voucher.directory);
  if (directory === undefined) return { ok: false, why: 'directory' };
  const key = keyAt(directory, { member, key: id, use: 'answer', timeMs: instantMs(time) ?? Number.NaN });
  if (key === undefined) return { ok: false, why: 'key' };
  if (isRevoked(by.newest, key)) return { ok: false, why: 'revoked' };
  if (!by.suites[key.suite].verify(key, bytes, signature)) return { ok: false, why: 'signature' };
  return { ok: true, voucher };
}

function isRevoked({ members }: Directory, key: DirectoryKey): boolean {
  return members.some(({ keys }) => keys.some(({ id, revoked }) => id === key.id && revoked !== undefined));
}

function voucherOf(bytes: Uint8Array): Voucher | undefined {
  const text = bytes.length > limits.bytes ? undefined : fromUtf8(bytes);
  if (text?.startsWith(`${type}\n`) !== true) return undefined;
  const parsed = parseCanonical(toUtf8(text.slice(type.length + 1)), limits);
  return parsed.ok && isVoucher(parsed.value) ? parsed.value : undefined;
}

function isVoucher(value: unknown): value is Voucher {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== names.length) return false;
  const of = (name: (typeof names)[number]): unknown => Reflect.get(value, name);
  const isText = (name: (typeof names)[number], fits: (text: string) => boolean): boolean => {
    const text = of(name);
    return typeof text === 'string' && fits(text);
  };
  const facts = of('facts');
  return (
    isText('region', isRegion) &&
    isText('member', isMemberCode) &&
    isText('record', (text) => /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(text)) &&
    isText('about', (text) => text.length <= 40) &&
    isText('id', (text) => text.length <= 120) &&
    isText('at', (text) => /^\d{1,4}\.\d{1,16}$/.test(text)) &&
    isText('file', (text) => text === '' || isHash(text)) &&
    isText('time', (text) => instantMs(text) !== undefined) &&
    isText('key', isKeyId) &&
    Number.isSafeInteger(of('directory')) &&
    typeof facts === 'object' &&
    facts !== null &&
    !Array.isArray(facts)
  );
}
