import type { FrameCode } from '../../kernel/exchange/open-frame.ts';
import { isFieldReason, reasonText } from '../../kit/reasons.ts';
import { type FaultCode, fault, jsonError } from '../../node/http/faults.ts';
import { JsonFault, type JsonFaultCode } from '../../node/http/strict-json.ts';
import { text } from '../tree.ts';
import { made, table } from './table.ts';

/** The page of all problem types: what is refused, why, and what the person or the operator does about it. */
export function problemsPage(): string {
  return `# Problems

${made}

What a node refuses it answers as a problem of [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), \`application/problem+json\`: \`type\` ends in the code below, \`title\` is fixed for the type,
\`detail\` says what happened this time, \`errors\` names each field by JSON Pointer with its own reason and remedy. No problem repeats what was sent: it could be about a person.

A system's own refusals stand in its declaration in order of precedence: when several apply, the first one is told.

## At the door

${table(['code', 'status', 'title', 'what to do', '中文'], doorRows())}

## In the JSON

Codes of \`errors\` under \`invalid-json\`, with line and column.

${table(['code', 'what is wrong', 'what to do', '中文'], jsonRows())}

## In a field

Codes of \`errors\` under \`invalid-input\`.

${table(['code', 'what is wrong', 'what to do', '中文'], fieldRows())}

## Between nodes

Codes with which a node refuses another member's frame. Operators meet them in \`yitong status\`, as the reason why a stream stands still.

${table(['code', 'what it means', 'what the operator does'], frameRows())}
`;
}

/** The keys of a table in the source, in its order; a cast-free way to those that are not exported. */
function keys(path: string, row: RegExp): string[] {
  return [...text(path).matchAll(row)].map(([, name = '']) => name);
}

const tableRow = /^ {2}'?([a-z]+(?:-[a-z]+)*)'?: \[/gm;

function doorRows(): string[][] {
  return keys('node/http/faults.ts', /^ {2}'?([a-z]+(?:-[a-z]+)*)'?: \[\s*\d{3},/gm).map((code) => {
    const [en, zh] = [fault(code as FaultCode, 'en'), fault(code as FaultCode, 'zh-CN')];
    return [`\`${code}\``, `${en.status}`, en.title, en.remedy ?? '', `${zh.title}：${zh.remedy ?? ''}`];
  });
}

function jsonRows(): string[][] {
  const codes = keys('node/http/strict-json.ts', /^ {2}\| '([a-z0-9-]+)'/gm);
  return codes.map((name) => {
    const place = new JsonFault(name as JsonFaultCode, '', 0, 0);
    const words = (locale: 'en' | 'zh-CN') => {
      const { detail, remedy } = jsonError(place, locale);
      return [detail.replace(/ \(line 0, column 0\)$|[(（]第 0 行第 0 列[)）]$/, ''), remedy] as const;
    };
    return [`\`${name}\``, ...words('en'), words('zh-CN').join('：')];
  });
}

function fieldRows(): string[][] {
  const codes = [...new Set(keys('kit/reasons.ts', tableRow))].filter(isFieldReason);
  return codes.map((code) => {
    const [en, zh] = [reasonText(code, 'en'), reasonText(code, 'zh-CN')];
    return [`\`${code}\``, en.detail, en.remedy, `${zh.detail}：${zh.remedy}`];
  });
}

const frameWords: Readonly<Record<FrameCode | 'gap' | 'fork', readonly [means: string, remedy: string]>> = {
  'bad-frame': [
    'The bytes are no frame',
    'a fault of the sender’s software: the same bytes are never accepted; ask its operator',
  ],
  'wrong-party': ['From, to or region are not those of this connection', 'compare both directories'],
  'bad-head': ['The head is not written as the protocol has it', 'a fault of the sender’s software'],
  'unknown-key': [
    'The key is not in the directory, not for this use, or no longer valid',
    'nothing, if a newer directory is on its way; else let the key be added',
  ],
  'bad-signature': [
    'The signature does not fit',
    'someone speaks in the member’s name, or its key file is another’s',
  ],
  gap: [
    'A number is missing before this one',
    'nothing: the sender goes back to it. If it says it sent and had a receipt, this node lost data: restore',
  ],
  fork: [
    'Two different heads for one number',
    'stop, and speak with the other member: its past has two versions, and both are kept as evidence',
  ],
  clock: ['The time is more than an hour ahead', 'set the clock of the sender'],
  'bad-body': [
    'The body does not inflate to the length that was signed',
    'a fault on the way or of the sender’s software',
  ],
  'bad-root': ['The messages are not those that were signed', 'as for bad-signature'],
};

function frameRows(): string[][] {
  return Object.entries(frameWords).map(([code, [means, remedy]]) => [`\`${code}\``, means, remedy]);
}
