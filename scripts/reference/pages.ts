import { join } from 'node:path';
import type { CommandSpec, OptionSpec } from '../../cli/command.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { commonOptions, groups, remoteOptions } from '../../cli/program.ts';
import type { SystemType } from '../../kit/index.ts';
import { NodeConfig } from '../../node/config.ts';
import { exists, top } from '../tree.ts';
import { problemsPage } from './problems.ts';
import { systemPage } from './systems.ts';
import { made, table } from './table.ts';

/** The pages under docs/reference that are made from the code itself, by path: `npm run reference` writes them, a test compares. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  return {
    'docs/reference/cli.md': commandsPage(),
    'docs/reference/exit-codes.md': exitCodesPage(),
    'docs/reference/configuration.md': configurationPage(),
    'docs/reference/problems.md': problemsPage(),
    ...Object.fromEntries(
      (await declared()).map((system) => [`docs/reference/systems/${system.name}.md`, systemPage(system)]),
    ),
  };
}

function exitCodesPage(): string {
  const rows = Object.entries(exitCodes).map(([name, { code, means }]) => [`${code}`, `\`${name}\``, means]);
  return `# Exit codes of \`yitong\`

${made} The numbers are a promise to scripts: one that exists never changes its meaning.

${table(['code', 'name', 'meaning'], rows)}
`;
}

async function declared(): Promise<readonly SystemType[]> {
  if (!exists('systems/index.ts')) return [];
  const loaded: { readonly systems: readonly SystemType[] } = await import(join(top, 'systems/index.ts'));
  return loaded.systems;
}

function commandsPage(): string {
  const index = groups.flatMap(({ title, commands }) =>
    commands.map(({ name, summary }, place) => [
      place === 0 ? title : '',
      `[\`${name}\`](#${name.replaceAll(' ', '-')})`,
      summary,
    ]),
  );
  const chapters = groups.flatMap(({ commands }) => commands.map(commandChapter));
  return `# The \`yitong\` command

${made} \`npx yitong help <command>\` says the same in the terminal.

${table(['', 'command', 'what it does'], index)}

Each command takes:

${optionTable(commonOptions)}

Commands that speak to a node (marked *node*) also take:

${optionTable(remoteOptions)}

How a command ended is in its [exit code](exit-codes.md).

${chapters.join('\n')}`;
}

function optionTable(options: readonly OptionSpec[]): string {
  const rows = options.map(([flags, meaning]) => [`\`${flags}\``, meaning]);
  return table(['option', 'meaning'], rows);
}

function commandChapter(command: CommandSpec): string {
  const { name, args, summary, options, examples, remote } = command;
  const shown = remote ? options.filter((option) => !remoteOptions.includes(option)) : options;
  const usage = ['yitong', name, args].filter(Boolean).join(' ');
  const parts = [
    `## ${name}`,
    `\`${usage}\`${remote ? ' *node*' : ''}`,
    `${summary}.`,
    shown.length > 0 ? optionTable(shown) : '',
    ['```sh', ...examples, '```'].join('\n'),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly format?: string;
}

function configurationPage(): string {
  const schema: Schema = JSON.parse(JSON.stringify(NodeConfig.toJSONSchema({ io: 'input' })));
  return `# Configuration of a node

${made}

One node is one process with one file, \`<data>/nodes/<member>/config.json\`, readable by its user alone (mode 0600). It is read once, at start; a field that is missing, unknown or
of the wrong form is named, and the node does not start. \`yitong up\` writes these files; \`yitong node <file>\` starts a node from one.

${table(['field', 'form', 'meaning'], fieldRows(schema, ''))}
`;
}

function fieldRows(schema: Schema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const must = schema.required?.includes(name) ? '' : ', optional';
    if (field.properties) return fieldRows(field, `${prefix}${name}.`).map((row) => within(row, field));
    return [[`\`${prefix}${name}\``, `${form(field)}${must}`, field.description ?? '']];
  });
}

/** What the object is for goes before what the field in it is. */
function within([name = '', kind = '', meaning = '']: readonly string[], outer: Schema): string[] {
  return [name, kind, [outer.description, meaning].filter(Boolean).join(' · ')];
}

function form(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(' ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf) return schema.anyOf.map(form).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? form(schema.items) : 'values'}`;
  if (schema.type === 'integer') return `whole number ${schema.minimum}–${schema.maximum}`;
  if (schema.format === 'uri') return 'URL';
  return { string: 'text', boolean: '`true` or `false`', object: 'object' }[schema.type ?? ''] ?? 'value';
}
