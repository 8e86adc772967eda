import type { CommandSpec } from './command.ts';

/** Commands that need no node: rules, their numbers, measurement, simulation. */
export const rules: readonly CommandSpec[] = [
  {
    name: 'decide',
    args: '<system/rule> [file]',
    summary: 'Run a pure rule offline: JSON in (one object, or one a line), one JSON line out for each',
    options: [],
    examples: [
      'yitong decide medical-settlement/adjudicate bills.ndjson',
      "echo '{…}' | yitong decide medical-settlement/adjudicate",
    ],
    load: () => import('./commands/decide.ts'),
  },
  {
    name: 'vectors',
    args: '<system> <file>',
    summary: "Run a file of test vectors against a system's rules",
    options: [['--most <number>', 'differences shown for each vector (default: 20)']],
    examples: ['yitong vectors medical-settlement medical-vectors.json'],
    load: () => import('./commands/vectors.ts'),
  },
  {
    name: 'rules',
    args: '[system]',
    summary: 'List the rules that decide can run',
    options: [],
    examples: ['yitong rules'],
    load: () => import('./commands/rules.ts'),
  },
  {
    name: 'parameters',
    args: '<system> [within]',
    summary: "A system's numbers and dates as CSV, each with its first day, source and mark",
    options: [['--member <code>', 'values of this member and the region only']],
    examples: [
      'yitong parameters medical-settlement filingMonths',
      'yitong parameters medical-settlement policies/320100~1310 --member 320000',
    ],
    load: () => import('./commands/parameters.ts'),
  },
  {
    name: 'bench',
    args: '[arguments...]',
    summary: 'Measure throughput and latency against baselines (all arguments go to it)',
    options: [],
    examples: ['yitong bench --json'],
    passes: true,
    load: () => import('./commands/bench.ts'),
  },
  {
    name: 'sim',
    args: '[arguments...]',
    summary: 'Simulate a whole region under faults, one run a seed',
    options: [
      ['--seeds <number>', 'how many seeds (default: 20; of a defect at most 200)'],
      ['--from <seed>', 'the first seed (default: 1)'],
      ['--members <number>', 'members of the region, 2 to 41 (default: 4)'],
      ['--bills <number>', 'bills in each run (default: 50)'],
      ['--without <faults>', 'kinds of fault to leave out, with commas between'],
      ['--with <faults>', 'only seeds that bring these kinds of fault'],
      [
        '--sabotage <defects>',
        'plant defects, one at a time, until each is caught: names with commas between, or all',
      ],
      ['--shrink', 'reduce the first failing seed: fewer faults, members and bills'],
      ['--jobs <number>', 'processes at once (default: one a core)'],
      ['--trace <lines>', "of a failing seed: its subject's story and so many last lines (default: 0)"],
    ],
    examples: ['yitong sim --seeds 200 --bills 100', 'yitong sim --sabotage all --members 2 --bills 6'],
    passes: true,
    load: () => import('./commands/entry.ts').then(({ entry }) => ({ run: entry('simulation') })),
  },
];
