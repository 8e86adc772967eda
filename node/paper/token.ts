import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SignedVoucher } from '@yitong/kernel';

/** A signed voucher as one word for a QR code or an address: deflated text and signature, base64url, a dot between them. */
export function tokenOf({ bytes, signature }: SignedVoucher): string {
  const packed = deflateRawSync(bytes, { level: 9 }).toString('base64url');
  return `${packed}.${Buffer.from(signature).toString('base64url')}`;
}

const tokenPattern = /^([A-Za-z0-9_-]{20,8192})\.([A-Za-z0-9_-]{86})$/;
const textMax = 4_096;

/** The voucher of a word, or of an address that ends in `#` and the word; undefined for anything else. Whether it stands is for the kernel to say. */
export function voucherIn(text: string): SignedVoucher | undefined {
  const [, packed, signature] = tokenPattern.exec(text.trim().split('#').at(-1) ?? '') ?? [];
  if (packed === undefined || signature === undefined) return undefined;
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64url'), { maxOutputLength: textMax });
    const signed = { bytes: new Uint8Array(bytes), signature: Buffer.from(signature, 'base64url') };
    // The same voucher has one word only, so that a changed letter is a changed voucher.
    return tokenOf(signed) === text.trim().split('#').at(-1) ? signed : undefined;
  } catch {
    return undefined;
  }
}

/** SHA-256 in hex. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
