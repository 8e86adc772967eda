import { f, object, put, reply, type SystemType, send, subject, system, years } from '@yitong/kit';

const Order = subject('order');
const First = object({ id: f.code(/^o[0-9]+$/), from: f.member });
const Second = object({ id: f.code(/^o[0-9]+$/), from: f.member, copies: f.count });
const before = {
  data: First,
  lift: (old: unknown) => ({ ...Object(old), copies: 1 }),
  lower: (data: unknown) => ({ id: Object(data).id, from: Object(data).from }),
};

const common = {
  purpose: 'ordering',
  from: Order,
  about: Order,
  key: 'id',
  reply: object({ shelf: f.count }),
} as const;
const input = { by: ['clerk'], about: Order, key: 'id', input: Second } as const;

/**
 * A small system for tests in two editions: a book is ordered from another member. The second says how many copies; where nobody said it,
 * the record has one.
 */
export function ordering(edition: 1 | 2): SystemType {
  return edition === 1 ? first() : second();
}

function first(): SystemType {
  const { own, ordered, given } = records();
  const ask = own.message('ask', {
    ...common,
    data: First,
    handle: (data) => [put(given, { ...data, copies: 1 }), reply({ shelf: 7 })],
    replied: (_shelf, _view, data) => put(ordered, { ...data, copies: 1 }),
  });
  own.command('order', { ...input, handle: ({ copies: _, ...data }) => send(ask, data, { to: data.from }) });
  return own;
}

function second(): SystemType {
  const { own, ordered, given } = records();
  const ask = own.message('ask', {
    ...common,
    data: Second,
    version: 2,
    before,
    handle: (data) => [put(given, data), reply({ shelf: 7 })],
    replied: (_shelf, _view, data) => put(ordered, data),
  });
  own.command('order', { ...input, handle: (data) => send(ask, data, { to: data.from }) });
  return own;
}

function records() {
  const own = system('ordering', { roles: ['clerk'], purposes: ['ordering'], parameters: {}, texts });
  const kept = {
    about: Order,
    schema: Second,
    keep: years(1),
    readers: ['clerk'],
    list: ['id', 'copies'],
  } as const;
  return { own, ordered: own.record('ordered', kept), given: own.record('given', kept) };
}

const texts = {
  'zh-CN': {
    ordering: '图书订购',
    order: '订购',
    ask: '询订',
    ordered: '已订',
    given: '已供',
    '@clerk': '馆员',
  },
  en: {
    ordering: 'Orders of books',
    order: 'Order a book',
    ask: 'Ask for a book',
    ordered: 'Ordered',
    given: 'Given',
    '@clerk': 'clerk',
  },
};
