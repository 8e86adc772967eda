import { f, Person, put, refuse, subject, system, years, z } from '@yitong/kit';

/** A small system for tests: a library lends books to persons. */
export const lending = system('lending', {
  roles: ['clerk', 'inspector'],
  purposes: ['lending', 'audit'],
  parameters: {},
  texts: {
    'zh-CN': {
      lending: '图书借阅',
      lend: '借书',
      'register-book': '登记图书',
      'set-fine': '开出罚款',
      loan: '借阅',
      book: '图书',
      fine: '罚款',
      note: '内部备注',
      '!banned': '该读者已停借',
      '!lent-already': '此书已借出',
      '@clerk': '馆员',
      '@inspector': '检查员',
    },
    en: {
      lending: 'Library lending',
      lend: 'Lend a book',
      'register-book': 'Register a book',
      'set-fine': 'Set a fine',
      loan: 'Loan',
      book: 'Book',
      fine: 'Fine',
      note: 'Internal note',
      '!banned': 'The reader may not borrow',
      '!lent-already': 'The book is lent already',
      '@clerk': 'clerk',
      '@inspector': 'inspector',
    },
  },
});

lending.codes('shelf', [
  { code: 'A-1', name: '哲学', nameEn: 'Philosophy' },
  { code: 'A-2', name: '历史', nameEn: 'History' },
  ...Array.from({ length: 30 }, (_, n) => ({ code: `B-${n}`, name: `文学 ${n}` })),
]);

const Book = subject('book');
const Loan = z.strictObject({
  person: f.citizenId,
  title: f.line(80),
  price: f.money,
  secret: f.line(80).optional(),
});

/** A person's loan; its secret is never listed. */
const loan = lending.record('loan', {
  about: Person,
  schema: Loan,
  each: 'title',
  keep: years(1),
  readers: ['clerk', 'self'],
  breakGlass: ['inspector'],
  list: ['person', 'title', 'price'],
  find: ['title', 'price'],
});

/** A public fact that every member has a copy of. */
const book = lending.record('book', {
  about: Book,
  schema: z.strictObject({ title: f.line(80), copies: f.count }),
  keep: years(1),
  readers: ['public'],
  list: ['title', 'copies'],
  find: ['title', 'copies'],
  search: ['title'],
  groups: ['title', 'copies'],
  map: ({ title, copies }) =>
    copies > 2
      ? { is: 'point', at: [{ lon: 121.47, lat: 31.23, name: title, accuracy: 'city' }] }
      : undefined,
  copies: 'all',
});

/** About a book, yet it concerns a person. */
const fine = lending.record('fine', {
  about: Book,
  schema: z.strictObject({ reader: f.citizenId, amount: f.money }),
  person: 'reader',
  keep: years(1),
  readers: ['inspector', 'self'],
  list: ['reader', 'amount'],
  find: ['reader', 'amount'],
  groups: ['amount'],
});

/** For one role only. */
lending.record('note', {
  about: Book,
  schema: z.strictObject({ text: f.text(500) }),
  keep: years(1),
  readers: ['inspector'],
});

lending.command('lend', {
  by: ['clerk', 'self'],
  input: Loan,
  about: Person,
  key: 'person',
  refusals: ['banned', 'lent-already'],
  handle: (input, view) => (view.get(loan, input.title) ? refuse('lent-already') : put(loan, input)),
});

lending.command('register-book', {
  by: ['inspector'],
  input: z.strictObject({ isbn: f.code(/^[0-9]{13}$/), title: f.line(80), copies: f.count }),
  about: Book,
  key: 'isbn',
  handle: ({ title, copies }) => put(book, { title, copies }),
});

/** It is about money. */
lending.command('set-fine', {
  by: ['clerk'],
  stepUp: true,
  input: z.strictObject({ isbn: f.code(/^[0-9]{13}$/), reader: f.citizenId, amount: f.money }),
  about: Book,
  key: 'isbn',
  handle: ({ reader, amount }) => put(fine, { reader, amount }),
});
