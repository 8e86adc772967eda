import type { RecordType, SubjectKind } from '@yitong/kit';
import type { Door } from './context.ts';
import { refusedWith } from './faults.ts';

/** A subject in an address: plain, or sealed (`~…`) when it is a person, so that no citizen's number stands in addresses and their logs. */
function subjectText(door: Door, kind: SubjectKind, subject: string): string {
  return kind.person ? `~${door.sealer.seal('subject', subject)}` : encodeURIComponent(subject);
}

/** The subject that an address names, plain or sealed; a plain key without its kind gets it. Errors: 404 for anything else. */
export function subjectOf(door: Door, kind: SubjectKind, text: string): string {
  const plain = text.startsWith('~') ? door.sealer.open('subject', text.slice(1)) : text;
  if (plain === undefined || !/^[\x21-\x7e]{1,120}$/.test(plain)) throw refusedWith('not-found');
  const subject = plain.startsWith(`${kind.kind}:`) ? plain : `${kind.kind}:${plain}`;
  if (subject.length > 120) throw refusedWith('not-found');
  return subject;
}

/** Address of a record. */
export function recordHref(
  door: Door,
  record: RecordType,
  subject: string,
  id: string,
  owner: string,
): string {
  const key = id === '' ? '' : `/${encodeURIComponent(id)}`;
  const query = owner === '' ? '' : `?owner=${owner}`;
  return `/${record.type}/${subjectText(door, record.about, subject)}${key}${query}`;
}

/** Address of a command's conversation. */
export function conversationHref(
  door: Door,
  type: string,
  kind: SubjectKind,
  subject: string,
  id: string,
): string {
  return `/conversations/${type}/${subjectText(door, kind, subject)}/${id}`;
}
