import type { CommandType, MessageType, Period, RecordType, SystemType } from '../../kit/index.ts';
import { made, table } from './table.ts';

/** One page for each system: what it takes, keeps, refuses and by which dated numbers, from its declaration. */
export function systemPage(system: SystemType): string {
  const { zh, en } = wordsOf(system);
  return `# ${en(system.name)} ${zh(system.name)}

${made} The declaration is \`${system.name}\`; why it is so stands in the system's own README.

## Commands

${table(
  ['command', 'who', 'about', '中文', 'refusals, in order of precedence'],
  [...system.commands.values()].map((command) => commandRow(system, command)),
)}

## Messages

${table(['message', 'about', 'leaves the member for', 'answers', 'refusals, in order of precedence'], [...system.messages.values()].map(messageRow))}

## Records

${table(
  [
    'record',
    '中文',
    'about',
    'who may read',
    'kept after its last change',
    'by which rule',
    'copies',
    'filters',
    'words are looked for in',
  ],
  [...system.records.values()].map((record) => recordRow(system, record)),
)}

## Codes

Lists of codes with their names: \`GET /systems/${system.name}/codes/<list>?q=\`; forms offer them.

${table(
  ['list', 'codes', 'such as'],
  [...system.codeLists.values()].map(({ name, codes: [first], codes: { length } }) => [
    `\`${name}\``,
    `${length}`,
    first === undefined ? '' : `\`${first.code}\` ${first.nameEn ?? first.name}`,
  ]),
)}

## Rules

Offline by \`yitong decide ${system.name}/<rule>\`.

${table(
  ['rule', 'what it decides'],
  [...system.rules].map(([name, { about }]) => [`\`${name}\``, about]),
)}

## Parameters

What is *demonstration* is made up and nobody's law; *to check* was not yet compared with its source. Each single value of a
large table: \`yitong parameters ${system.name}\`.

${table(['parameter', 'from', 'value', 'source', ''], parameterRows(system))}

${overlayNote(system)}

## Refusals

${table(
  ['code', 'what is told', '中文'],
  refusalCodes(system).map((code) => [`\`${code}\``, en(`!${code}`), zh(`!${code}`)]),
)}
`;
}

function wordsOf({ texts }: SystemType) {
  return { zh: (key: string) => texts['zh-CN'][key] ?? key, en: (key: string) => texts.en[key] ?? key };
}

const codes = (list: readonly string[]) => list.map((code) => `\`${code}\``).join(' ');

function commandRow(system: SystemType, { name, by, about, refusals, stepUp }: CommandType): string[] {
  const who = stepUp ? `${by.join(', ')}; a fresh and strong sign-in` : by.join(', ');
  return [`\`${name}\``, who, about.kind, wordsOf(system).zh(name), codes(refusals)];
}

function messageRow({ name, about, purpose, reply, refusals }: MessageType): string[] {
  return [`\`${name}\``, about.kind, purpose ?? 'never', reply === undefined ? 'no' : 'yes', codes(refusals)];
}

function recordRow(system: SystemType, record: RecordType): string[] {
  const { name, about, each, readers, breakGlass, keep, keptBy, copies, find, search } = record;
  const subject = each === undefined ? about.kind : `${about.kind}, each \`${each}\``;
  const words = [
    subject,
    breakGlass === undefined
      ? readers.join(', ')
      : `${readers.join(', ')}; in an emergency ${breakGlass.join(', ')}`,
    periodText(keep),
    keptBy ?? '',
    copies === 'all' ? 'all members' : '',
    codes(find),
    codes(search),
  ];
  return [`\`${name}\``, wordsOf(system).zh(name), ...words];
}

function periodText({ n, unit }: Period): string {
  return `${n} ${unit === 'workingDays' ? 'working days' : unit}`;
}

function parameterRows({ parameters }: SystemType): string[][] {
  return Object.entries(parameters).flatMap(([name, history]) =>
    history.map(({ from, value, source, mark }) => [
      `\`${name}\``,
      from,
      valueText(value),
      source,
      { demonstration: '*demonstration*', 'to-check': '*to check*', none: '' }[mark ?? 'none'],
    ]),
  );
}

/** A value as a person compares it with the source; large tables are told by their size. */
function valueText(value: unknown): string {
  const text =
    JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? `${inner} fen` : inner)) ?? '';
  if (text.length <= 120) return `\`${text}\``;
  return Array.isArray(value) ? `${value.length} entries` : `${Object.keys(Object(value)).length} entries`;
}

function overlayNote({ overlays }: SystemType): string {
  const rows = Object.entries(overlays).flatMap(([member, own]) =>
    Object.entries(own).flatMap(([name, history]) =>
      (history ?? []).map(({ from, value, source, mark }) => [
        member,
        `\`${name}\``,
        from,
        valueText(value),
        source,
        mark ?? '',
      ]),
    ),
  );
  if (rows.length === 0) return 'No member has values of its own.';
  return `Values of members' own, instead of the region's:\n\n${table(['member', 'parameter', 'from', 'value', 'source', ''], rows)}`;
}

function refusalCodes({ commands, messages, questions }: SystemType): string[] {
  const all = [...commands.values(), ...messages.values(), ...questions.values()].flatMap(
    ({ refusals }) => refusals,
  );
  return [...new Set(all)].sort();
}
