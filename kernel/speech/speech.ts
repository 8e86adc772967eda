import {
  encode,
  f,
  type MessageType,
  object,
  put,
  type SystemType,
  subject,
  system,
  years,
} from '@yitong/kit';
import { canonical } from '../exchange/canonical.ts';
import type { Overlay } from '../records/overlay.ts';
import { decoded } from '../runtime/view.ts';
import en from './messages/en.json' with { type: 'json' };
import zh from './messages/zh-CN.json' with { type: 'json' };

/** The kernel's own system by which members tell each other which majors of messages they handle (K40). 消息版本 */
export const speech = system('kernel', {
  roles: [],
  purposes: [],
  parameters: {},
  texts: { 'zh-CN': zh, en },
});

const Member = subject('member');

const Speaks = object({ member: f.member, handles: f.texts(100, 10_000) });

/** Newest majors above the first that a member handles, each `<type>/<major>`; kept by itself, copied to all. */
const speaks = speech.record('speaks', {
  about: Member,
  schema: Speaks,
  keep: years(15),
  readers: [],
  copies: 'all',
});

/** Given by the node itself when its programs changed. */
const speak = speech.command('speak', {
  by: [],
  about: Member,
  key: 'member',
  input: Speaks,
  handle: (input) => put(speaks, input),
});

/** What a node with these systems would tell: the command's type, its subject and data, and their canonical text. */
export function speakWish(here: string, systems: readonly SystemType[]) {
  const all = systems.flatMap(({ messages }) => [...messages.values()]);
  const handles = all.filter(({ version }) => version > 1).map(({ type, version }) => `${type}/${version}`);
  const value = Speaks.parse({ member: here, handles: handles.sort() });
  const data = encode(Speaks, value);
  return {
    type: speak.type,
    record: speaks.type,
    subject: `member:${here}`,
    value,
    data,
    text: canonical(data),
  };
}

/**
 * The newest major of a type that this member and a peer both handle: what is sent to it. Of a peer that has said nothing yet the
 * oldest that can be made is supposed. Notes a miss and throws when what the peer said is not in memory.
 */
export function majorFor(message: MessageType, peer: string, here: string, overlay: Overlay): number {
  const { type, version, before } = message;
  if (version === 1 || !before || peer === here) return version;
  // A copy of somebody else's making says nothing about this peer.
  const said = overlay.group(speaks.type, `member:${peer}`).find(({ row }) => row.owner === peer);
  const handles = said === undefined ? [] : decoded(speaks, said).handles;
  return handles.some((one) => one.startsWith(`${type}/`) && Number(one.slice(type.length + 1)) >= version)
    ? version
    : version - 1;
}
