import { decode, encode, instantOf, type SystemType, type View } from '@yitong/kit';
import { z } from 'zod';
import type { Draft } from '../runtime/draft.ts';
import type { Item, Scene } from '../runtime/handle.ts';
import { decoded } from '../runtime/view.ts';
import { consent, noteFor } from './access.ts';

/** What `kernel/question` carries to the subject asked about. */
const AskedQuestion = z.strictObject({
  question: z.string(),
  from: z.string(),
  asker: z.string(),
  purpose: z.string(),
  consent: z.string(),
  input: z.unknown(),
});

/** A question's outcome is its access row, whatever the answer (K47): it is durable before the answer leaves. */
export function answerOutcome(
  item: Item,
  scene: Scene,
  draft: Draft,
  viewOf: (system: SystemType) => View,
): void {
  const asked = AskedQuestion.parse(item.value);
  const declared = scene.registry.question(asked.question);
  if (!declared) throw new Error(`${asked.question} is no longer declared`);
  const { system, question } = declared;
  const input = decode(question.input, asked.input);
  if (!input.success) throw new Error(`the input of ${question.type} no longer fits its schema`);
  const { subject } = item.message;
  if (question.about.person) {
    const what = { type: question.type, purpose: asked.purpose, list: false, member: asked.from };
    noteFor(subject.slice(subject.indexOf(':') + 1), what, item, scene, draft);
  }
  if (question.consent === 'needed' && !hasConsent(subject, asked, scene)) {
    draft.given = { status: 'refused', body: { code: 'kernel/no-consent', facts: {} } };
    return;
  }
  const outcome = question.handle(input.data, viewOf(system));
  if (outcome.effect === 'reply') {
    draft.given = { status: 'answered', body: encode(question.answer, outcome.data) };
    return;
  }
  const { code, at, facts } = outcome;
  const told = Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'bigint' ? String(fact) : fact]),
  );
  draft.given = { status: 'refused', body: { code, facts: told, ...(at === undefined ? {} : { at }) } };
}

/** The holder's own record counts, never the asker's word. */
function hasConsent(subject: string, asked: z.output<typeof AskedQuestion>, scene: Scene): boolean {
  const state = scene.overlay.record(consent.type, subject, asked.consent);
  if (state === null) return false;
  const { member, question, until } = decoded(consent, state);
  return member === asked.from && question === asked.question && until > instantOf(scene.nowMs);
}
