import type { CommandSpec, OptionSpec } from './command.ts';

const effective: OptionSpec = [
  '--effective <time>',
  'when it takes effect, as 2027-01-01T00:00:00.000Z (default: as soon as it is signed)',
];

const data: OptionSpec = ['--data <dir>', "the member's data folder (default: .yitong in this checkout)"];

function member(
  name: string,
  spec: Pick<CommandSpec, 'args' | 'summary' | 'options' | 'examples'>,
  load: CommandSpec['load'],
  remote = true,
): CommandSpec {
  return { ...spec, name: `member ${name}`, ...(remote ? { remote: true as const } : {}), load };
}

const propose = () => import('./member/propose.ts');

/** Commands by which members join, leave and change their keys: each makes or signs the next version of the region's directory. */
export const memberCommands: readonly CommandSpec[] = [
  member(
    'show',
    {
      args: '',
      summary: 'Members, their keys, and what is proposed, as a node knows them',
      options: [['-o, --output <file>', 'write all signed versions to a file, for a member that joins']],
      examples: ['yitong member show --at 310000', 'yitong member show --at 310000 -o region.json'],
    },
    () => import('./member/show.ts'),
  ),
  member(
    'new',
    {
      args: '<member>',
      summary: 'Make the keys of a member that wants to join, and the file that tells of them',
      options: [
        data,
        ['--host <address>', 'where its node is reached by the others (default: 127.0.0.1)'],
        ['-o, --output <file>', 'the file (default: <member>.member.json)'],
      ],
      examples: ['yitong member new 330200 --data /srv/ningbo'],
    },
    () => import('./member/new.ts'),
    false,
  ),
  member(
    'join',
    {
      args: '<file>',
      summary: 'Propose that a member joins, by the file it made',
      options: [['--without-vote', 'it does not sign versions of the directory itself'], effective],
      examples: ['yitong member join 330200.member.json --at 310000'],
    },
    () => propose().then(({ join }) => ({ run: join })),
  ),
  member(
    'leave',
    {
      args: '<member>',
      summary: 'Propose that a member leaves',
      options: [effective],
      examples: ['yitong member leave 330200 --at 310000 --effective 2027-01-01T00:00:00.000Z'],
    },
    () => propose().then(({ leave }) => ({ run: leave })),
  ),
  member(
    'rotate',
    {
      args: '',
      summary: 'Make a new key of this member and propose it beside the old one',
      options: [
        ['--key <which>', 'signing, directory or tls (default: signing)'],
        ['--overlap <days>', 'how long the old one stays valid (default: 14)'],
        effective,
      ],
      examples: ['yitong member rotate --at 340000', 'yitong member rotate --at 340000 --key tls'],
    },
    () => propose().then(({ rotate }) => ({ run: rotate })),
  ),
  member(
    'revoke',
    {
      args: '<key-id>',
      summary: 'Propose that a key signs nothing any more; a new one takes its place where the files are',
      options: [
        ['--reason <code>', 'such as lost, stolen, retired (default: lost)'],
        ['--since <time>', 'since when it may not be trusted (default: now)'],
      ],
      examples: ['yitong member revoke 340000-2026a --reason stolen --at 340000'],
    },
    () => propose().then(({ revoke }) => ({ run: revoke })),
  ),
  member(
    'threshold',
    {
      args: '<number>',
      summary: 'Propose how many members must sign a version',
      options: [effective],
      examples: ['yitong member threshold 4 --at 310000'],
    },
    () => propose().then(({ threshold }) => ({ run: threshold })),
  ),
  member(
    'reissue',
    {
      args: '',
      summary: 'Propose the same again with today’s date, as is due every week',
      options: [],
      examples: ['yitong member reissue --at 310000'],
    },
    () => propose().then(({ reissue }) => ({ run: reissue })),
  ),
  member(
    'propose',
    {
      args: '<file>',
      summary: 'Propose a version that was written by hand (JSON)',
      options: [],
      examples: ['yitong member propose next.json --at 310000'],
    },
    () => propose().then(({ byHand }) => ({ run: byHand })),
  ),
  member(
    'sign',
    {
      args: '[hash]',
      summary:
        'Show what a draft changes and sign it for this member; enough signatures make it the next version',
      options: [
        ['--yes', 'sign without asking'],
        ['--instead', 'though this member has signed another draft of that number'],
      ],
      examples: ['yitong member sign --at 330000', 'yitong member sign 4f2a --at 330000 --yes'],
    },
    () => import('./member/sign.ts'),
  ),
  member(
    'enter',
    {
      args: '<file>',
      summary: 'Put the signed versions of a region into the data folder of a member that joins',
      options: [data, ['--hash <hex>', 'the hash of the newest version, as another member told it']],
      examples: ['yitong member enter region.json --data /srv/ningbo'],
    },
    () => import('./member/enter.ts'),
    false,
  ),
];
