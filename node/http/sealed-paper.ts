import type { FastifyReply } from 'fastify';
import type { Paper } from '../paper/pdf.ts';
import { printed } from '../paper/press.ts';
import { sealedFile } from '../paper/sealed-file.ts';
import type { Door } from './context.ts';

/** What a voucher says of a paper, without the hash of its file. */
export type Vouched = Omit<Parameters<Door['node']['vouching']['vouch']>[0], 'file'>;

/** Prints a paper and sends it as a PDF of that name, which ends in this member's voucher for it. */
export async function sendSealedPaper(
  { node }: Pick<Door, 'node'>,
  { paper, of, name }: { readonly paper: Paper; readonly of: Vouched; readonly name: string },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const sealed = sealedFile(await printed(paper), (digest) => node.vouching.vouch({ ...of, file: digest }));
  return reply
    .header('content-type', 'application/pdf')
    .header('content-disposition', `attachment; filename="${name}.pdf"`)
    .send(sealed);
}
