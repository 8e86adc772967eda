import { useQuery } from '@tanstack/react-query';
import { asked, get } from '../api/client.ts';
import type { Declaration, RecordType, Schema, Session } from '../api/types.ts';
import type { Sides } from './books.ts';
import { mayUse } from './session.ts';
import { locale, type TextKey, t } from './texts.ts';

/** A summary of each system that the node runs. */
export interface SystemSummary {
  readonly name: string;
  readonly title: { readonly 'zh-CN': string; readonly en: string };
  readonly commands: readonly {
    readonly type: string;
    readonly by: readonly string[];
    readonly title: { readonly 'zh-CN': string; readonly en: string };
  }[];
  readonly records: readonly {
    readonly type: string;
    readonly readers: readonly string[];
    readonly title: { readonly 'zh-CN': string; readonly en: string };
  }[];
}

/** A system as it is declared: what pages are generated from. It changes only with the node's program. Not asked for without `enabled`. */
export function useDeclaration(system: string, enabled = true) {
  return useQuery({
    ...asked<Declaration>(`/systems/${system}`),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}

/** All systems of the node, in short. */
export function useSystems() {
  return useQuery({
    ...asked<{ readonly data: readonly SystemSummary[] }>('/systems'),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The text of a name of a declaration; the name itself where none is declared. */
export function textOf({ texts }: Pick<Declaration, 'texts'>, key: string): string {
  return texts[key] ?? key;
}

/** The text of a choice or state. */
export function choiceText({ texts }: Pick<Declaration, 'texts'>, value: string): string {
  return texts[`=${value}`] ?? texts[`#${value}`] ?? value;
}

const common = new Set<string>([
  'from',
  'to',
  'code',
  'name',
  'date',
  'amount',
  'quantity',
  'unitPrice',
  'restrictionMet',
  'at',
  'param',
  'lon',
  'lat',
]);

/**
 * What people call a field: `of` is the declaration that it stands in, or the field that holds it. Fields inside fields may have a text of
 * their own (`shares.pool`), else the portal's for a name that many systems use.
 */
export function labelOf(declared: Pick<Declaration, 'texts'>, of: string, field: string): string {
  const own = declared.texts[`${of}.${field}`] ?? declared.texts[`.${field}`];
  if (own !== undefined) return own;
  return common.has(field) ? t(`field.${field}` as TextKey) : field;
}

/** What a record is called, where it bears a name: in the page's language if it has one there. */
export function nameIn(value: object): string | undefined {
  const own: unknown =
    (locale === 'en' ? Reflect.get(value, 'nameEn') : undefined) ?? Reflect.get(value, 'name');
  return typeof own === 'string' ? own : undefined;
}

/** A schema without what only says that null is allowed. */
export function plain(schema: Schema): Schema {
  const { anyOf, oneOf, ...rest } = schema;
  const variants = anyOf ?? oneOf;
  if (variants === undefined) return schema;
  const [first, ...more] = variants.filter(({ type }) => type !== 'null');
  return first !== undefined && more.length === 0 ? plain({ ...rest, ...first }) : schema;
}

/** Whether null stands for "none" in a field. */
export function isNullable({ anyOf, oneOf, type }: Schema): boolean {
  return (
    (Array.isArray(type) && type.includes('null')) ||
    (anyOf ?? oneOf ?? []).some((one) => one.type === 'null')
  );
}

/** How far someone reads a record: everybody's, what is about themselves, or nothing. */
export function reachOf(
  session: Session | undefined,
  system: string,
  record: RecordType,
): 'all' | 'self' | 'none' {
  const roles = record.readers.filter((role) => role !== 'self');
  if (mayUse(session, system, roles)) return 'all';
  return record.readers.includes('self') && session?.who?.isPerson === true ? 'self' : 'none';
}

/** How far someone reads a record's list: what is about a person can be listed for them only where the node finds it by the person. */
export function listReachOf(
  session: Session | undefined,
  system: string,
  record: RecordType,
): 'all' | 'self' | 'none' {
  const reach = reachOf(session, system, record);
  const isFound = record.isPerson || (record.person !== null && record.find.includes(record.person));
  return reach === 'self' && !isFound ? 'none' : reach;
}

/** The purpose that reading a record needs; undefined when it concerns nobody or only the reader. */
export function purposeFor(
  declared: Declaration,
  record: RecordType,
  reach: 'all' | 'self' | 'none',
): string | undefined {
  const concernsPerson = record.isPerson || record.person !== null;
  return concernsPerson && reach === 'all' ? (declared.purposes[0] ?? 'service') : undefined;
}

/** Of all systems the accounts that a debt between two members is kept in. */
export function useMirrors() {
  const systems = useSystems();
  const names = systems.data?.data.map(({ name }) => name) ?? [];
  return useQuery({
    queryKey: ['mirrors', ...names],
    enabled: systems.isSuccess,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Sides> => {
      const declared = await Promise.all(names.map((name) => get<Declaration>(`/systems/${name}`)));
      return new Map(declared.flatMap(sidesOf));
    },
  });
}

function sidesOf(
  declared: Declaration,
): readonly (readonly [string, { readonly title: string; readonly isOwed: boolean }])[] {
  return declared.accounts
    .filter(({ mirror }) => mirror !== null)
    .map(({ name, side }) => [
      `${declared.name}/${name}`,
      { title: textOf(declared, name), isOwed: side === 'credit' },
    ]);
}
