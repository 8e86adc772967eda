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
  const needsConsent = question.consent === 'needed';
  const consented = needsConsent ? consentFor(subject, asked, scene) : undefined;
  const ground = !needsConsent ? 'by-law' : consented === undefined ? 'none' : 'consent';
  if (question.about.person) {
    const { purpose, from } = asked;
    const by = { ground, consent: consented } as const;
    const what = { type: question.type, purpose, list: false, member: from, ...by };
    noteFor(subject.slice(subject.indexOf(':') + 1), what, item, scene, draft);
  }
  if (ground === 'none') {
    draft.given = { status: 'refused', body: noConsent(asked, scene) };
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

/** What the asker is told where the person has not agreed: on what ground, and where the person can. */
function noConsent({ from, question, purpose }: z.output<typeof AskedQuestion>, scene: Scene) {
  const facts = {
    member: from,
    question,
    purpose,
    ground: consentLaw,
    agree: agreeType,
    at: scene.place.here,
  };
  return { code: 'kernel/no-consent', facts };
}

/** Sensitive personal information needs the person's separate consent, which they may take back at any time. */
const consentLaw = '个人信息保护法 art. 13(1)(1), 15, 29';
const agreeType = 'access/agree';

/** The consent that a question may be answered by: the one that is named, else any. The holder's own record counts, never the asker's word. */
function consentFor(
  subject: string,
  asked: z.output<typeof AskedQuestion>,
  scene: Scene,
): string | undefined {
  const now = instantOf(scene.nowMs);
  const given = scene.overlay.group(consent.type, subject).map((state) => decoded(consent, state));
  return given.find(
    ({ id, member, question, purpose = asked.purpose, until, withdrawn }) =>
      (asked.consent === '-' || asked.consent === id) &&
      member === asked.from &&
      question === asked.question &&
      purpose === asked.purpose &&
      until > now &&
      withdrawn === undefined,
  )?.id;
}
