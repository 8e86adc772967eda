import type { CommandSpec, OptionSpec } from './command.ts';
import { memberCommands } from './program-member.ts';
import { rules } from './program-rules.ts';

/** Options that each command takes. */
export const commonOptions: readonly OptionSpec[] = [
  ['--json', 'machine-readable: JSON on standard output, nothing else there'],
  ['--quiet', 'no progress, no remarks'],
  ['--debug', 'on an error of the program itself, where it happened'],
];

const dataOption: OptionSpec = [
  '--data <dir>',
  "the region's data folder (default: .yitong in this checkout)",
];

/** Options of commands that speak to a node. */
export const remoteOptions: readonly OptionSpec[] = [
  dataOption,
  ['--at <member>', 'the member whose node is asked: its code, or its name (default: the last member)'],
  ['--as <account>', 'the account that asks (default: one that may)'],
  ['--url <address>', 'a node elsewhere, with YITONG_TOKEN in the environment'],
];

const region: readonly CommandSpec[] = [
  {
    name: 'up',
    args: '',
    summary: 'Start the region on this machine: database, nodes, demonstration data',
    options: [
      dataOption,
      ['--fresh', 'throw the data folder away and begin anew'],
      ['--members <codes>', 'members of a new region, as codes with commas (default: all four)'],
      ['--postgres <url>', 'a PostgreSQL of your own instead of the embedded one'],
      ['--residents <number>', 'made-up residents a member (default: 2,000; at most 200,000)'],
      ['--seed <number>', 'seed of the made-up data (default: 1)'],
      ['--empty', 'load no demonstration data'],
    ],
    examples: ['yitong up', 'yitong up --fresh --members 310000,340000 --residents 5000'],
    load: () => import('./commands/up.ts'),
  },
  {
    name: 'node',
    args: '<config>',
    summary: 'Run one node from its configuration file',
    options: [],
    examples: ['yitong node .yitong/nodes/340000/config.json'],
    load: () => import('./commands/node.ts'),
  },
  {
    name: 'status',
    args: '',
    summary: 'How each node of the region is',
    options: remoteOptions,
    examples: ['yitong status', 'yitong status --json'],
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'doctor',
    args: '',
    summary: 'What is wrong on this machine or in the region, and the remedy',
    options: [dataOption],
    examples: ['yitong doctor'],
    load: () => import('./commands/doctor.ts'),
  },
];

const work: readonly CommandSpec[] = [
  {
    name: 'send',
    args: '<system/command> [file]',
    summary: 'Give a command; its JSON input comes from a file or standard input',
    options: [
      ['--id <uuid>', 'the idempotency key, a UUIDv7 (default: a new one)'],
      ['--wait <seconds>', 'how long to wait for the end (default: 20; 0: not at all)'],
    ],
    examples: [
      'yitong send medical-settlement/file --at 310000 filing.json',
      "echo '{…}' | yitong send plan/report -",
    ],
    remote: true,
    load: () => import('./commands/send.ts'),
  },
  {
    name: 'ask',
    args: '<system/question> [file]',
    summary: 'Ask members about one subject, at once; its JSON input comes from a file or standard input',
    options: [
      ['--of <members>', 'whom to ask: codes with commas'],
      ['--purpose <code>', 'why, where there is more than one purpose'],
      ['--consent <id>', "the person's agreement at the member asked; left out, that member looks for one"],
    ],
    examples: ["echo '{…}' | yitong ask medical-settlement/entitlement --of 310000 --at 340000"],
    remote: true,
    load: () => import('./commands/ask.ts'),
  },
  {
    name: 'list',
    args: '<system/record>',
    summary: 'List records that the account may see',
    options: [
      ['--where <condition...>', 'field=value, or with >= <= > < ^= (begins with)'],
      ['--sort <field>', 'order; -field for the reverse'],
      ['--limit <number>', 'at most so many (default: 50)'],
      ['--all', 'all of them, page after page'],
      ['--owner <whose>', 'own, others (copies of other members), or all (default: all)'],
      ['--by <fields>', 'count instead: rows and subjects by up to three fields, with commas'],
      ['--format <form>', 'all rows as a file: csv, or geojson for what lies on a map'],
      ['--purpose <code>', 'why, for the access log'],
    ],
    examples: [
      'yitong list plan/milestone --where standing=late --sort planned',
      'yitong list plan/item --by chapter,status',
      'yitong list plan/item --where kind=railway --format geojson > railways.geojson',
      'yitong list medical-settlement/bill --all --json',
    ],
    remote: true,
    load: () => import('./commands/list.ts'),
  },
  {
    name: 'get',
    args: '<system/record> <subject> [key]',
    summary: 'Show one record; the person it is about can see that you did',
    options: [['--purpose <code>', 'why, for the access log']],
    examples: [
      'yitong get plan/item item:5g-networks',
      'yitong get medical-settlement/bill visit:V1 --purpose medical-settlement',
    ],
    remote: true,
    load: () => import('./commands/get.ts'),
  },
  {
    name: 'sample',
    args: '<system> [file]',
    summary: 'Make up a file to import, about the people of the demonstration',
    options: [
      dataOption,
      ['--at <member>', 'the member that will import it (default: the last member)'],
      ['--lines <number>', 'how many lines (default: 1,000)'],
      ['--intake <name>', 'which form of line (default: the first that can be made up)'],
      ['--residents <number>', 'of so many residents a member (default: all of the region, else 2,000)'],
      ['--seed <number>', "seed of the lines alone (default: the region's, else 1)"],
    ],
    examples: ['yitong sample medical-settlement --lines 5000 > bills.ndjson'],
    load: () => import('./commands/sample.ts'),
  },
  {
    name: 'import',
    args: '<system> <file>',
    summary: 'Send each line of a file (NDJSON, also .gz) as commands; may be stopped and resumed',
    options: [
      ['--results <file>', 'the results file (default: <file>.results.ndjson)'],
      ['--intake <name>', "the system's intake (default: the first that knows such lines)"],
      ['--parallel <number>', 'bulk requests under way at once (default: 4)'],
      ['--wait <seconds>', 'how long to wait for the end of a line (default: 20)'],
      ['--again', 'send all lines again; the ids are the same, so nothing happens twice'],
    ],
    examples: ['yitong import medical-settlement bills.ndjson --at 340000'],
    remote: true,
    load: () => import('./commands/import.ts'),
  },
];

const nodeCheck: readonly OptionSpec[] = [dataOption, ['--at <member>', 'this member only (default: all)']];

const proof: readonly CommandSpec[] = [
  {
    name: 'statement',
    args: '',
    summary: 'What this member owes and is owed, by account, peer and month',
    options: [
      ['--peer <member>', 'with this member only'],
      ['--period <month>', 'of this month only, YYYY-MM'],
      ['--entries', 'entry by entry'],
    ],
    examples: ['yitong statement --at 340000 --peer 310000 --period 2026-11'],
    remote: true,
    load: () => import('./commands/statement.ts'),
  },
  {
    name: 'blob put',
    args: '<file>',
    summary: 'Keep a file at a node; what is printed is what a command then names',
    options: [
      ['--type <media-type>', 'its media type (default: by its ending)'],
      ['--name <name>', 'its name there (default: its own)'],
      ['--person <number>', 'citizen number of whom it concerns'],
    ],
    examples: ['yitong blob put scan.pdf --person 310101199003070019'],
    remote: true,
    load: () => import('./commands/blob-put.ts'),
  },
  {
    name: 'blob get',
    args: '<sha256>',
    summary: 'Fetch a file; what is there already is gone on from',
    options: [
      ['-o, --output <file>', 'where it goes (default: its hash)'],
      ['--in <address>', 'the record that names it, as lists give it in href (default: brought by yourself)'],
      ['--purpose <code>', 'why, where that record concerns a person'],
    ],
    examples: ['yitong blob get 6d3f… -o scan.pdf'],
    remote: true,
    load: () => import('./commands/blob-get.ts'),
  },
  {
    name: 'evidence',
    args: '<message-id>',
    summary: 'The signed proof that a message was sent and received',
    options: [['-o, --output <file>', 'write it to a file (default: standard output)']],
    examples: ['yitong evidence 019aa0c0-0000-7000-8000-000000000001 -o proof.json'],
    remote: true,
    load: () => import('./commands/evidence.ts'),
  },
  {
    name: 'verify',
    args: '[evidence-file]',
    summary: 'Check an evidence file offline; without one, every byte of the journals',
    options: [
      dataOption,
      ['--at <member>', 'the journal of this member only (default: all)'],
      ['--directory <file>', "the region's signed directories (default: those of the data folder)"],
      ['--directory-hash <hex>', 'the directory to trust, by the SHA-256 of its genesis'],
    ],
    examples: ['yitong verify', 'yitong verify proof.json --directory-hash 5f2c…'],
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'rebuild',
    args: '',
    summary: "Fold each node's journal anew and compare with its tables",
    options: nodeCheck,
    examples: ['yitong rebuild', 'yitong rebuild --at 340000'],
    load: () => import('./commands/maintain.ts').then(({ runs }) => ({ run: runs.rebuild })),
  },
  {
    name: 'replay',
    args: '',
    summary:
      'Run the handlers of each journal again and compare with what they did: an audit, never a repair',
    options: nodeCheck,
    examples: ['yitong replay', 'yitong replay --at 340000'],
    load: () => import('./commands/maintain.ts').then(({ runs }) => ({ run: runs.replay })),
  },
  {
    name: 'backup',
    args: '<member> <file>',
    summary: "Write a member's whole database to a new file, while its node works",
    options: [
      dataOption,
      ['--with-keys', 'its keys and configuration too: keep the file as you keep a seal'],
    ],
    examples: ['yitong backup 340000 anhui-2026-11-26.tar.gz'],
    load: () => import('./commands/backup.ts'),
  },
  {
    name: 'restore',
    args: '<member> <file>',
    summary: "Put a member's database back from a backup, while the region stands still",
    options: [
      dataOption,
      ['--replace', 'throw away what its database holds now'],
      ['--postgres <url>', 'the PostgreSQL of your own that the region is on'],
    ],
    examples: ['yitong restore 340000 anhui-2026-11-26.tar.gz --replace'],
    load: () => import('./commands/restore.ts'),
  },
  {
    name: 'reconcile',
    args: '',
    summary: 'Compare what the members owe each other in both books, entry by entry',
    options: [
      dataOption,
      ['--wait <seconds>', 'how long entries may still be on their way, and nodes start (default: 15)'],
    ],
    examples: ['yitong reconcile'],
    load: () => import('./commands/reconcile.ts'),
  },
];

/** All commands, in the groups that help shows. */
export const groups: readonly { readonly title: string; readonly commands: readonly CommandSpec[] }[] = [
  { title: 'The region', commands: region },
  { title: 'Work', commands: work },
  { title: 'Members', commands: memberCommands },
  { title: 'Proof', commands: proof },
  { title: 'Rules and measurement', commands: rules },
];

/** Commands that `up` starts for itself; not shown in help. */
export const inner: readonly CommandSpec[] = [
  {
    name: 'load-demonstration',
    args: '',
    summary: 'Load the demonstration data into a running region',
    options: [dataOption, ['--residents <number>', ''], ['--seed <number>', ''], ['--members <codes>', '']],
    examples: [],
    load: () => import('./commands/load-demonstration.ts'),
  },
];
