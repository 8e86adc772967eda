import type { Invocation } from '../command.ts';
import { usage } from '../failure.ts';
import { type Api, type Call, refusal } from '../http/api.ts';

const types: Readonly<Record<string, string>> = { csv: 'text/csv', geojson: 'application/geo+json' };

/** The media type of `--format`; undefined without one. Errors: usage. */
export function typeAsked({ options }: Invocation): string | undefined {
  const format = options.text('format');
  if (format === undefined) return undefined;
  const type = Object.hasOwn(types, format) ? types[format] : undefined;
  if (type === undefined)
    throw usage(`--format ${format}: not a form.`, `The forms are: ${Object.keys(types).join(', ')}.`);
  return type;
}

/** Writes a whole list to standard output as a file, byte for byte as the node made it. Errors: `Failure` with the node's words. */
export async function writeFile(api: Api, call: Call, { output }: Invocation): Promise<void> {
  const answer = await api.call(call);
  if (answer.status >= 400) throw refusal(answer);
  await output.line(answer.text.replace(/\n$/, ''));
}
