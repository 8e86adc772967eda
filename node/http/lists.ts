import { access, type ListQuery, type RecordGroup, type RecordView } from '@yitong/kernel';
import type { Locale, RecordType } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorIn, type Permission, reach } from '../access/signed-in.ts';
import { aboutOne } from './about-one.ts';
import { addRoute, type Door } from './context.ts';
import { formAsked, type ShownRow, sendExport } from './export.ts';
import { refusedWith } from './faults.ts';
import { type AskedList, askedList, sealedCursor } from './list-query.ts';
import { masked } from './mask.ts';
import { concernsPerson, purposeOf } from './purpose.ts';
import { recordHref } from './refs.ts';
import { personIn, viewOf } from './rows.ts';

/** For each record: GET of its list, with citizens' numbers masked; and for each person, who read their data. */
export function addLists(door: Door): void {
  for (const system of door.systems) {
    for (const record of system.records.values()) {
      const permission: Permission = { who: 'roles', system: system.name, roles: record.readers };
      addRoute(door, {
        method: 'GET',
        url: `/${record.type}`,
        permission,
        handle: (request, reply) => list(door, record, permission, request, reply),
      });
    }
  }
  addRoute(door, {
    method: 'GET',
    url: '/me',
    permission: { who: 'signed-in' },
    handle({ who }) {
      const { proof: _proof, program: _program, ...rest } = who ?? {};
      return masked({ ...rest, until: new Date(who?.until ?? 0).toISOString() });
    },
  });
  addAccesses(door);
}

/** 谁查看了我的信息: the newest first; 我的授权: by the day until which each is given. */
function addAccesses(door: Door): void {
  for (const [url, name, field] of [
    ['/me/accesses', 'read', 'at'],
    ['/me/consents', 'consent', 'until'],
  ] as const) {
    const record = access.records.get(name);
    if (!record) throw new Error(`the kernel keeps no records ${name}`);
    addRoute(door, {
      method: 'GET',
      url,
      permission: { who: 'signed-in' },
      async handle(request, reply) {
        const person = request.who?.person;
        if (person === undefined) throw refusedWith('not-a-person');
        const asked = askedList(door, record, query(request));
        const sort = asked.sort ?? { field, descending: true };
        const found = await door.reader.list({
          ...queryOf(record, asked),
          sort,
          subject: `${record.about.kind}:${person}`,
        });
        const data = found.rows.map((row) => viewOf(record, row).value);
        return envelope(door, request, reply, data, sealedCursor(door, record, found.next), false);
      },
    });
  }
}

async function list(
  door: Door,
  record: RecordType,
  permission: Permission,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const asked = askedList(door, record, query(request));
  const far = reach(permission, request.who);
  const purpose = purposeOf(door, request, record, far);
  const whole = { ...queryOf(record, asked), ...aboutOne(record, request, asked, far) };
  if (asked.by.length > 0) {
    const { groups, next } = await door.reader.groups({ ...whole, by: asked.by });
    const data = groups.map((group) => shownGroup(group, asked.by));
    const cursor = sealedCursor(door, record, next);
    return envelope(door, request, reply, data, cursor, record.copies === 'all');
  }
  const form = formAsked(record, request);
  const isNoted = far !== 'self' && concernsPerson(record);
  const note = async (views: readonly RecordView[]) => {
    if (isNoted && views.length > 0)
      await door.node.noteList(actorIn(record.system, request.who), purpose, record.type, views);
  };
  if (form !== undefined)
    return sendExport(
      door,
      { record, query: whole, note, shown: (view) => shownValue(record, view, request) },
      form,
      reply,
      languageOf(request),
    );
  const found = await door.reader.list(whole);
  const views = found.rows.map((row) => viewOf(record, row));
  await note(views);
  const count = asked.count ? { count: await door.reader.count(whole) } : {};
  const data = views.map((view) => shown(door, record, view, request));
  return envelope(
    door,
    request,
    reply,
    data,
    sealedCursor(door, record, found.next),
    record.copies === 'all',
    count,
  );
}

/** The language that a file's heads are asked in: a link cannot say it in a header. */
function languageOf(request: FastifyRequest): Locale {
  const { language } = query(request);
  return language === 'en' || language === 'zh-CN' ? language : request.locale;
}

function query(request: FastifyRequest): Readonly<Record<string, unknown>> {
  return request.query as Readonly<Record<string, unknown>>;
}

function queryOf({ type }: RecordType, asked: AskedList): ListQuery {
  const { where, words, subject, sort, limit, owner, after } = asked;
  return { type, where, words, sort, limit, owner, after, ...(subject === undefined ? {} : { subject }) };
}

/** A count by the values of fields: of a list of values each counts. No row is shown, so nobody's reading is noted. */
function shownGroup({ values, rows, subjects }: RecordGroup, by: readonly string[]): unknown {
  return { value: Object.fromEntries(by.map((name, i) => [name, values[i] ?? null])), rows, subjects };
}

/** A row of a list, with the address of the whole record. */
function shown(door: Door, record: RecordType, view: RecordView, request: FastifyRequest): unknown {
  const href = recordHref(door, record, view.subject, view.id, view.owner);
  return { href, ...shownValue(record, view, request) };
}

/** A row of a list: the declared fields, masked; the asker's own data are not masked. */
function shownValue(record: RecordType, view: RecordView, request: FastifyRequest): ShownRow {
  const fields = record.list.map((name) => [name, Reflect.get(Object(view.value), name)] as const);
  const value = Object.fromEntries(fields.filter(([, inner]) => inner !== undefined));
  const { subject, id, owner, version, at } = view;
  const mine = request.who?.person !== undefined && personIn(record, view) === request.who.person;
  const told = { subject, id, owner, version, at, value };
  return mine ? told : Object(masked(told));
}

/** What every list is wrapped in: the rows, when they were so, and how fresh each member's part is. */
function envelope(
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  data: readonly unknown[],
  next: string | undefined,
  copies: boolean,
  more: object = {},
): unknown {
  const asOf = new Date(door.clock.now()).toISOString();
  const self = { member: door.config.member, state: 'fresh', asOf };
  const peers = copies ? door.node.status().peers : [];
  const others = peers.map(({ member, reachable, lastReceipt }) => ({
    member,
    state: reachable ? 'fresh' : 'unreachable',
    asOf: lastReceipt === undefined ? null : new Date(lastReceipt).toISOString(),
  }));
  if (next !== undefined) {
    const url = new URL(request.url, 'http://node');
    url.searchParams.set('cursor', next);
    reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
  }
  return { data, asOf, sources: [self, ...others], next: next ?? null, ...more };
}
