import { usage } from './failure.ts';

const operators: readonly (readonly [written: string, suffix: string])[] = [
  ['>=', '.gte'],
  ['<=', '.lte'],
  ['^=', '.prefix'],
  ['=', ''],
  ['>', '.gt'],
  ['<', '.lt'],
];

/** Adds a condition such as `city=340100`, `day>=2026-01-01` or `name^=合肥` to a query. Errors: usage. */
export function addCondition(query: URLSearchParams, condition: string): void {
  const [, field = '', written = '', value = ''] =
    /^([A-Za-z][A-Za-z0-9]*)(>=|<=|\^=|=|>|<)(.*)$/s.exec(condition) ?? [];
  const found = operators.find(([operator]) => operator === written);
  if (found === undefined)
    throw usage(
      `--where ${condition}: not a condition.`,
      "Write field=value, or >= <= > < ^= (begins with); quote it: 'day>=2026-01-01'",
    );
  query.append(`${field}${found[1]}`, value);
}
