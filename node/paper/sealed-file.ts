import { inflateSync } from 'node:zlib';
import type { SignedVoucher } from '@yitong/kernel';
import { digestOf, tokenOf, voucherIn } from './token.ts';

const mark = '\n%yitong-voucher/1 ';

/** A file that ends in its own voucher, as a comment that readers of PDF pass over. */
export function sealedFile(file: Uint8Array, vouch: (digest: string) => SignedVoucher): Buffer {
  const voucher = tokenOf(vouch(digestOf(file)));
  return Buffer.concat([file, Buffer.from(`${mark}${voucher}\n`)]);
}

/** A file's voucher, and whether all before it has the hash that the voucher names; undefined for a file without one. */
export function openFile(
  file: Buffer,
): { readonly voucher: SignedVoucher; readonly body: Buffer; readonly digest: string } | undefined {
  const at = file.lastIndexOf(mark);
  if (at < 0) return undefined;
  const voucher = voucherIn(file.subarray(at + mark.length).toString('latin1'));
  const body = file.subarray(0, at);
  return voucher === undefined ? undefined : { voucher, body, digest: digestOf(body) };
}

/** The first file that a PDF of ours carries, as text; undefined when there is none. Only for files whose seal stands. */
export function attachmentIn(pdf: Buffer): string | undefined {
  const head = pdf.indexOf('/Type /EmbeddedFile');
  const begin = head < 0 ? -1 : pdf.indexOf('stream\n', head) + 'stream\n'.length;
  const end = pdf.indexOf('\nendstream', begin);
  if (head < 0 || end < begin) return undefined;
  return inflateSync(pdf.subarray(begin, end), { maxOutputLength: attachmentMax }).toString('utf8');
}

const attachmentMax = 16 * 1024 * 1024;
