import { z } from 'zod';
import type { SystemType } from './declare/system.ts';
import type { Locale } from './reasons.ts';

const locales: readonly Locale[] = ['zh-CN', 'en'];

/**
 * The keys of the texts that a system must have, sorted: its own name and each declared one, `<declaration>.<field>` of records and of
 * commands' input, `!<refusal>`, `$<purpose>`, `@<role>`.
 */
export function textKeys(system: SystemType): readonly string[] {
  const keys = new Set<string>([system.name]);
  for (const named of [system.records, system.accounts, system.commands, system.messages, system.questions])
    for (const name of named.keys()) keys.add(name);
  for (const { name, schema } of system.records.values())
    for (const field of fieldNames(schema)) keys.add(`${name}.${field}`);
  for (const { name, input } of [...system.commands.values(), ...system.questions.values()])
    for (const field of fieldNames(input)) keys.add(`${name}.${field}`);
  for (const { refusals } of [
    ...system.commands.values(),
    ...system.messages.values(),
    ...system.questions.values(),
  ])
    for (const code of refusals) keys.add(`!${code}`);
  for (const purpose of system.purposes) keys.add(`$${purpose}`);
  for (const role of system.roles) keys.add(`@${role}`);
  return [...keys].sort();
}

/** The texts that a system lacks or has left blank, as `<locale> <key>`; a node with one of these does not start. */
export function missingTexts(system: SystemType): readonly string[] {
  const keys = textKeys(system);
  return locales.flatMap((locale) =>
    keys
      .filter((key) => !Object.hasOwn(system.texts[locale], key) || system.texts[locale][key]?.trim() === '')
      .map((key) => `${locale} ${key}`),
  );
}

/** The names of the fields of an object's schema, of all variants of a union; of anything else, none. */
export function fieldNames(schema: z.ZodType): readonly string[] {
  return [...new Set(namesIn(z.toJSONSchema(schema, { io: 'input' })))];
}

function namesIn(schema: z.core.JSONSchema._JSONSchema): string[] {
  if (typeof schema === 'boolean') return [];
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [...Object.keys(schema.properties ?? {}), ...variants.flatMap(namesIn)];
}
