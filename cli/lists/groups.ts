import { isObject } from '../json/difference.ts';
import { jsonText, type Output } from '../output.ts';
import { table } from '../table.ts';

/** Shows a count by fields: a row for each combination of values, with rows and distinct subjects. */
export async function showGroups(
  output: Output,
  by: readonly string[],
  groups: readonly unknown[],
): Promise<void> {
  if (output.json) {
    for (const group of groups) await output.line(jsonText(group));
    return;
  }
  const rows = groups
    .filter(isObject)
    .map(({ value, rows, subjects }) => [
      ...by.map((name) => String((isObject(value) ? value[name] : undefined) ?? '–')),
      String(rows),
      String(subjects),
    ]);
  if (rows.length === 0) output.note('No records.');
  else for (const line of table([...by, 'ROWS', 'SUBJECTS'], rows, output.width)) output.say(line);
}
