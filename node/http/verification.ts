import type { EvidenceResult, Voucher, VoucherFault } from '@yitong/kernel';
import { z } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { attachmentIn, openFile } from '../paper/sealed-file.ts';
import { voucherIn } from '../paper/token.ts';
import { bodyOf } from './bodies.ts';
import { addRoute, type Door } from './context.ts';

const Shown = z.strictObject({
  text: z.string().min(1).max(1_000_000).optional().describe('Text of a QR code, or of an evidence file'),
  pdf: z.base64().max(1_000_000).optional().describe('A receipt, PDF in base64'),
});

/** What a verification answers: what was shown, whether it stands, what it says; a paper says nothing when it does not stand. */
interface Verdict {
  readonly shown: 'code' | 'paper' | 'evidence' | 'unknown';
  readonly ok: boolean;
  readonly why?: VoucherFault | 'changed' | 'not-proven';
  readonly voucher?: Voucher;
  readonly evidence?: ReturnType<typeof toldOf>;
}

/**
 * Anybody hands in a receipt, its QR code or an evidence file and learns what it proves; nothing of it is kept. A stranger wants an answer in a
 * sentence and is told nothing of a message's content; what each step of the proof found stands behind `POST /evidence`, for those who watch. 验证凭证
 */
export function addVerification(door: Door): void {
  addRoute(door, {
    method: 'GET',
    url: '/verify',
    permission: { who: 'public' },
    // The word behind `#` stays in the browser, which keeps it across this step.
    handle: (request, reply) => reply.redirect(request.locale === 'en' ? '/en/verify' : '/zh/verify', 302),
  });
  addRoute(door, {
    method: 'POST',
    url: '/verify',
    permission: { who: 'public' },
    handle: (request, reply) => verify(door, request, reply),
  });
}

function verify(door: Door, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { text = '', pdf } = bodyOf(Shown, request);
  if (pdf !== undefined) return reply.send(ofPaper(door, Buffer.from(pdf, 'base64')));
  return reply.send(text.trimStart().startsWith('{') ? ofEvidence(door, text) : ofCode(door, text));
}

function ofCode({ node }: Door, text: string): Verdict {
  const signed = voucherIn(text);
  if (signed === undefined) return { shown: 'unknown', ok: false, why: 'form' };
  const result = node.vouching.judge(signed);
  if (!result.ok) return { shown: 'code', ok: false, why: result.why };
  // The voucher of a file is no code: without the file it says nothing.
  if (result.voucher.file !== '') return { shown: 'code', ok: false, why: 'form' };
  return { shown: 'code', ok: true, voucher: result.voucher };
}

function ofPaper({ node }: Door, pdf: Buffer): Verdict {
  const opened = openFile(pdf);
  if (opened === undefined) return { shown: 'paper', ok: false, why: 'form' };
  const result = node.vouching.judge(opened.voucher);
  if (!result.ok) return { shown: 'paper', ok: false, why: result.why };
  if (result.voucher.file !== opened.digest) return { shown: 'paper', ok: false, why: 'changed' };
  const attached = attachmentIn(opened.body);
  const evidence = attached === undefined ? {} : { evidence: toldOf(node.vouching.judgeEvidence(attached)) };
  return { shown: 'paper', ok: true, voucher: result.voucher, ...evidence };
}

function ofEvidence({ node }: Door, json: string): Verdict {
  const result = node.vouching.judgeEvidence(json);
  const evidence = toldOf(result);
  return { shown: 'evidence', ok: result.ok, ...(result.ok ? {} : { why: 'not-proven' as const }), evidence };
}

/** What evidence shows of who sent what to whom and when; the content stays in the file. */
function toldOf({ ok, steps, says }: EvidenceResult) {
  const checked = steps.map(({ step, ok: stands }) => ({ step, ok: stands }));
  if (says === undefined) return { ok, steps: checked };
  const { message, from, to, sentAt, receivedAt, keys, place, cosigned } = says;
  const { id, type } = message;
  const witnesses = (cosigned ?? []).map(({ name, seconds }) => ({
    name,
    at: new Date(seconds * 1_000).toISOString(),
  }));
  return {
    ok,
    steps: checked,
    id,
    type,
    from,
    to,
    sentAt,
    receivedAt,
    keys,
    number: place.number,
    witnesses,
  };
}
