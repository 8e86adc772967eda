import { instantOf } from '@yitong/kit';
import { type MessageRefusal, type SignedAnswer, sealReceipt } from '../exchange/receipt.ts';
import type { ReceivedRow } from '../store/rows.ts';
import type { Signing } from './assemble.ts';
import type { CheckedFrame, Input, Slot } from './input.ts';
import type { Plan } from './plan.ts';

/** A frame with the receipt that leaves once its batch is durable. */
export interface Answered {
  readonly frame: CheckedFrame;
  readonly answer: SignedAnswer;
}

/** Receipts of the batch's frames, each naming the messages that were refused (K36). */
export function receiptsOf(plan: Plan, inputs: readonly Input[], signing: Signing): Answered[] {
  return inputs.flatMap((input) => (input.kind === 'frame' ? [receiptOf(plan, input.frame, signing)] : []));
}

function receiptOf(plan: Plan, frame: CheckedFrame, signing: Signing): Answered {
  const refusals = slotsOf(plan, frame).flatMap((slot, index): MessageRefusal[] => {
    if (slot.skip !== 'bad') return [];
    const message = frame.messages[index];
    const id = message?.ok === false ? message.id || null : (slot.item?.message.id ?? null);
    return [{ at: message?.ok === false ? message.at : '/id', code: slot.code ?? 'refused', id, index }];
  });
  const { suite, key, directory, wallMs } = signing;
  const by = { suite, key, time: instantOf(wallMs), directory };
  return { frame, answer: sealReceipt({ head: frame.batch, link: frame.link, refusals }, by) };
}

/** The row that proves a frame was taken, with the receipt that was given for it. */
export function receivedRow(plan: Plan, { frame, answer }: Answered): ReceivedRow {
  const { peer, stream, epoch, seq, head, signature, link, first, messages } = frame;
  const [slot] = slotsOf(plan, frame);
  return {
    peer,
    stream,
    epoch,
    seq,
    head,
    signature,
    link,
    next: first + messages.length,
    at: plan.positionOf(slot ?? { index: 0 }),
    receipt: answer.text,
    receiptSignature: answer.signature,
    refusals: Buffer.from(answer.refusals).toString('utf8'),
  };
}

function slotsOf(plan: Plan, frame: CheckedFrame): Slot[] {
  return plan.slots.filter((slot) => slot.input?.kind === 'frame' && slot.input.frame === frame);
}
