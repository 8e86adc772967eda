import { days, f, object, put, remove, reply, send, subject, system } from '@yitong/kit';

const Letter = subject('letter');
const Person = subject('holder', { person: true });
const texts = { 'zh-CN': {}, en: {} };
/** A small system whose messages carry files: a letter written here is filed there. */
export const letters = system('desk', { roles: ['clerk'], purposes: ['settle'], parameters: {}, texts });
const Filed = object({ person: f.citizenId, scan: f.blob });
const filed = letters.record('filed', { about: Person, schema: Filed, keep: days(40), readers: ['self'] });
const written = letters.record('written', {
  about: Letter,
  schema: object({ id: f.line(20), scan: f.blob }),
  keep: days(40),
  readers: ['clerk'],
});
const file = letters.message('file', {
  purpose: 'settle',
  from: Letter,
  about: Person,
  key: 'person',
  data: Filed,
  reply: object({ ok: f.yesNo }),
  handle: (data) => [put(filed, data), reply({ ok: true })],
});
letters.command('write', {
  by: ['clerk'],
  about: Letter,
  key: 'id',
  input: object({ id: f.line(20), person: f.citizenId, to: f.member, scan: f.blob }),
  handle: ({ id, person, to, scan }) => [put(written, { id, scan }), send(file, { person, scan }, { to })],
});
letters.command('burn', {
  by: ['clerk'],
  about: Letter,
  key: 'id',
  input: object({ id: f.line(20) }),
  handle: () => remove(written),
});
