import type { Command, Declaration, Fields, Schema } from '../api/types.ts';
import { choiceText, labelOf, plain } from '../app/declaration.ts';
import { dayText, momentText, monthText, yuan } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';

/** Fields by which a person knows again what they sent. */
const most = 3;

/** The first fields of what is sent, each with what stands in it; a citizen number with its middle hidden. */
export function briefOf(declared: Declaration, { name, input }: Command, value: unknown): string {
  const sent = Object(value) as Fields;
  return Object.entries(input.properties ?? {})
    .flatMap(([field, schema]) => {
      const text = shortText(declared, schema, sent[field]);
      return text === '' ? [] : [`${labelOf(declared, name, field)}${t('form.colon')}${text}`];
    })
    .slice(0, most)
    .join(' · ');
}

/** A field's value in a few words; nothing for what cannot be said so. */
export function shortText(declared: Declaration, schema: Schema, value: unknown): string {
  if (Array.isArray(value))
    return value
      .map((one) => shortText(declared, plain(schema).items ?? {}, one))
      .filter(Boolean)
      .join(t('list.comma'));
  if (typeof value !== 'string') return '';
  switch (plain(schema).kind) {
    case 'money':
      return yuan(value);
    case 'date':
      return dayText(value);
    case 'instant':
      return momentText(value);
    case 'month':
      return monthText(value);
    case 'member':
    case 'city':
    case 'place':
      return placeName(value);
    case 'cn-id':
      return value.replace(/^(.{6})(.{8})(.{4})$/, '$1********$3');
    default:
      return choiceText(declared, value).slice(0, 60);
  }
}
