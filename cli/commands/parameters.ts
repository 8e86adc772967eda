import type { Run } from '../command.ts';
import { pointer } from '../json/strict.ts';
import { jsonText } from '../output.ts';
import { systemNamed } from '../systems.ts';

const columns = ['member', 'parameter', 'from', 'at', 'value', 'source', 'mark'] as const;

/** Every single number, date and word of a system's parameters as CSV, with the day it begins, its source and its mark. */
export const run: Run = async ({ args, options, output, stop }) => {
  const [name = '', within = ''] = args;
  const { parameters, overlays } = await systemNamed(name);
  const [first = ''] = within.split('/');
  const member = options.text('member');
  const own = Object.entries(overlays).filter(([code]) => member === undefined || member === code);
  if (!output.json) await output.line(columns.join(','));
  for (const [code, histories] of [['', parameters] as const, ...own])
    for (const [parameter, history] of Object.entries(histories))
      for (const { from, value, source, mark = '' } of parameter.startsWith(first) ? (history ?? []) : [])
        for (const [path, leaf] of leaves(value, [])) {
          if (stop.aborted) return 'interrupted';
          const at = pointer(path);
          if (!`${parameter}${at}`.startsWith(within)) continue;
          const row = { member: code, parameter, from, at, value: leaf, source, mark };
          await output.line(
            output.json ? jsonText(row) : columns.map((column) => cell(row[column])).join(','),
          );
        }
  return 'done';
};

type Path = readonly (string | number)[];

/** The values inside a value, each with its way there. */
function* leaves(value: unknown, path: Path): Generator<readonly [Path, unknown]> {
  if (typeof value !== 'object' || value === null) yield [path, value];
  else if (Array.isArray(value)) for (const [i, inner] of value.entries()) yield* leaves(inner, [...path, i]);
  else for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key]);
}

/** A cell of RFC 4180; nothing for null. */
function cell(value: unknown): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
