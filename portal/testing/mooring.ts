import { f, put, reply, send, subject, system, years, z } from '@yitong/kit';

/** A system that exists in the tests alone: harbours let berths. What its pages show can come from nowhere but this declaration. */
export const mooring = system('mooring', {
  roles: ['harbour-master'],
  purposes: ['mooring'],
  parameters: {},
  texts: {
    'zh-CN': {
      mooring: '游船泊位',
      'open-berth': '启用泊位',
      moor: '安排停泊',
      'send-papers': '移交文件',
      papers: '泊位文件',
      berth: '泊位',
      stay: '停泊',
      'berth.name': '泊位名称',
      'berth.water': '水域',
      'berth.opened': '启用日期',
      'open-berth.berth': '泊位编号',
      'open-berth.name': '泊位名称',
      'open-berth.water': '水域',
      'open-berth.opened': '启用日期',
      'moor.berth': '泊位编号',
      'moor.boat': '船名',
      'moor.fee': '停泊费',
      'send-papers.berth': '泊位编号',
      'send-papers.title': '文件名称',
      'send-papers.to': '移交给',
      'send-papers.scan': '扫描件',
      'papers.title': '文件名称',
      'papers.scan': '扫描件',
      'stay.boat': '船名',
      'stay.fee': '停泊费',
      '=river': '内河',
      '=lake': '湖泊',
      '@harbour-master': '港口管理员',
      $mooring: '停泊管理',
    },
    en: {
      mooring: 'Berths for boats',
      'open-berth': 'Open a berth',
      moor: 'Moor a boat',
      'send-papers': 'Hand papers over',
      papers: 'Papers of a berth',
      berth: 'Berth',
      stay: 'Stay',
      'berth.name': 'Name of the berth',
      'berth.water': 'Water',
      'berth.opened': 'Open since',
      'open-berth.berth': 'Number of the berth',
      'open-berth.name': 'Name of the berth',
      'open-berth.water': 'Water',
      'open-berth.opened': 'Open since',
      'moor.berth': 'Number of the berth',
      'moor.boat': 'Name of the boat',
      'moor.fee': 'Fee',
      'send-papers.berth': 'Number of the berth',
      'send-papers.title': 'Name of the papers',
      'send-papers.to': 'To',
      'send-papers.scan': 'Scan',
      'papers.title': 'Name of the papers',
      'papers.scan': 'Scan',
      'stay.boat': 'Name of the boat',
      'stay.fee': 'Fee',
      '=river': 'river',
      '=lake': 'lake',
      '@harbour-master': 'harbour master',
      $mooring: 'mooring',
    },
  },
});

const Berth = subject('berth');
const BerthNumber = f.code(/^[A-Z]{2}[0-9]{2}$/);
const BerthFacts = z.strictObject({
  name: f.line(120),
  water: z.enum(['river', 'lake']).meta({ kind: 'choice' }),
  opened: f.day,
});

const berth = mooring.record('berth', {
  about: Berth,
  schema: BerthFacts,
  keep: years(1),
  readers: ['public'],
  list: ['name', 'water', 'opened'],
  find: ['name', 'water', 'opened'],
});

const Stay = z.strictObject({ boat: f.line(120), fee: f.money });

const stay = mooring.record('stay', {
  about: Berth,
  schema: Stay,
  each: 'boat',
  keep: years(1),
  readers: ['harbour-master'],
  list: ['boat', 'fee'],
  find: ['boat', 'fee'],
});

mooring.command('open-berth', {
  by: ['harbour-master'],
  input: BerthFacts.extend({ berth: BerthNumber }),
  about: Berth,
  key: 'berth',
  handle: ({ name, water, opened }) => put(berth, { name, water, opened }),
});

mooring.command('moor', {
  by: ['harbour-master'],
  input: Stay.extend({ berth: BerthNumber }),
  about: Berth,
  key: 'berth',
  handle: ({ boat, fee }, view) => {
    // A fault of the program, on purpose: such a message is held until a person decides.
    if (view.get(berth) === undefined) throw new Error('a stay at a berth that was never opened');
    return put(stay, { boat, fee });
  },
});

const Papers = z.strictObject({ title: f.line(120), scan: f.blob });

const papers = mooring.record('papers', {
  about: Berth,
  schema: Papers,
  each: 'title',
  keep: years(1),
  readers: ['harbour-master'],
  list: ['title'],
  find: ['title'],
});

const handOver = mooring.message('hand-over', {
  purpose: 'mooring',
  from: Berth,
  about: Berth,
  key: 'berth',
  data: Papers.extend({ berth: BerthNumber }),
  reply: z.strictObject({ taken: f.yesNo }),
  handle: ({ title, scan }) => [put(papers, { title, scan }), reply({ taken: true })],
});

mooring.command('send-papers', {
  by: ['harbour-master'],
  input: Papers.extend({ berth: BerthNumber, to: f.member }),
  about: Berth,
  key: 'berth',
  handle: ({ title, scan, berth: number, to }) => [
    put(papers, { title, scan }),
    send(handOver, { berth: number, title, scan }, { to }),
  ],
});
