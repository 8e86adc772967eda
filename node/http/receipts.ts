import type { RecordView } from '@yitong/kernel';
import { type Locale, maskCitizenId, type RecordType, type SystemType } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '../access/signed-in.ts';
import { linesOf, momentText, type PaperFacts } from '../paper/lines.ts';
import type { Paper } from '../paper/pdf.ts';
import { tokenOf } from '../paper/token.ts';
import { paperWords, placeWord, systemWords } from '../paper/words.ts';
import { namesIn } from './code-names.ts';
import { addRoute, type Door } from './context.ts';
import { masked } from './mask.ts';
import { recordRead } from './reads.ts';
import { personIn } from './rows.ts';
import { sendSealedPaper, type Vouched } from './sealed-paper.ts';

/** For each record: GET of a paper of it, which its reader takes along and anybody verifies. */
export function addReceipts(door: Door): void {
  for (const system of door.systems)
    for (const record of system.records.values()) {
      const permission: Permission = { who: 'roles', system: system.name, roles: record.readers };
      const key = record.each === undefined ? '' : '/:key';
      addRoute(door, {
        method: 'GET',
        url: `/receipt/${record.type}/:subject${key}`,
        permission,
        handle: (request, reply) => receipt(door, { system, record, permission }, request, reply),
      });
    }
}

interface Asked {
  readonly system: SystemType;
  readonly record: RecordType;
  readonly permission: Permission;
}

async function receipt(
  door: Door,
  { system, record, permission }: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const view = await recordRead(door, record, permission, request);
  const { vouching } = door.node;
  const facts = factsOf(record, view);
  const person = personIn(record, view);
  const about = person === undefined ? '' : maskCitizenId(person);
  const of = { record: record.type, about, id: String(masked(view.id)), at: view.at, facts };
  const evidence = record.copies === 'all' ? undefined : await vouching.evidenceOf(view.at);
  const locale = localeAsked(request);
  const named = await namesIn(door.reader, { system, record, locale }, [facts]);
  const shown = { system, record: record.name, facts, locale, nameOf: named };
  const paper = paperOf(door, request, { ...of, shown, evidence });
  const day = new Date(door.clock.now()).toISOString().slice(0, 10);
  return sendSealedPaper(door, { paper, of, name: `yitong-${record.name}-${day}` }, reply);
}

interface Told extends Vouched {
  readonly shown: PaperFacts;
  readonly evidence: unknown;
}

function paperOf(door: Door, request: FastifyRequest, { shown, evidence, ...of }: Told): Paper {
  const { locale, system, record } = shown;
  const { config, clock, node } = door;
  const words = paperWords(locale);
  const origin = originOf(door, request);
  const voucher = node.vouching.vouch({ ...of, file: '' });
  const signed = JSON.parse(Buffer.from(voucher.bytes).toString('utf8').split('\n').slice(1).join('\n'));
  const line = (label: string, text: string) => ({ label, text, isAmount: false });
  const heading = [
    ...(of.about === '' ? [] : [line(words('about'), of.about)]),
    ...(of.id === '' ? [] : [line(words('id'), of.id)]),
  ];
  const values = { key: String(signed.key), directory: String(signed.directory), origin };
  return {
    language: locale,
    product: words('product'),
    whose: words('whose'),
    title: words('receipt', { title: systemWords(system, locale).title(record) }),
    under: words('signed', {
      member: placeWord(config.member, locale),
      time: momentText(String(signed.time), locale),
    }),
    lines: [...heading, ...linesOf(shown)],
    code: `${origin}/verify#${tokenOf(voucher)}`,
    scan: words('scan'),
    notes: [
      words('how', values),
      words('key', values),
      ...(evidence === undefined ? [] : [words('evidence')]),
      words('shows'),
      ...(config.demonstration ? [words('demonstration')] : []),
    ],
    attached: evidence === undefined ? undefined : JSON.stringify(evidence),
    at: new Date(clock.now()),
  };
}

/** What a paper of a record says: the fields that its declaration names, citizens' numbers masked, amounts of nothing left out of what is made of parts. */
function factsOf(record: RecordType, { value }: RecordView): Readonly<Record<string, unknown>> {
  const fields = record.paper ?? record.list;
  const entries = fields.map((name) => [name, withoutNothing(Reflect.get(Object(value), name))] as const);
  return Object(
    masked(Object.fromEntries(entries.filter(([, inner]) => inner !== undefined && inner !== null))),
  );
}

function withoutNothing(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== '0' && inner !== null));
}

function localeAsked(request: FastifyRequest): Locale {
  const { language } = request.query as { readonly language?: unknown };
  return language === 'en' || language === 'zh-CN' ? language : request.locale;
}

/** The address at which people know this node. */
export function originOf({ signIn }: Pick<Door, 'signIn'>, request: FastifyRequest): string {
  return signIn?.origin ?? `${request.protocol}://${request.headers.host ?? ''}`;
}
