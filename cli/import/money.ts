import { type SystemType, z } from '@yitong/kit';
import { isObject } from '../json/difference.ts';

/** Names of all fields of a system's records that hold money. */
export function moneyFields(system: SystemType): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { schema } of system.records.values()) {
    collect(names, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '');
  }
  return names;
}

function collect(names: Set<string>, schema: unknown, name: string): void {
  if (Array.isArray(schema)) {
    for (const one of schema) collect(names, one, name);
    return;
  }
  if (!isObject(schema)) return;
  if (schema['kind'] === 'money') names.add(name);
  for (const [key, inner] of Object.entries(schema)) {
    if ((key === 'properties' || key === '$defs') && isObject(inner)) {
      for (const [field, type] of Object.entries(inner)) collect(names, type, field);
    } else if (key !== 'enum' && key !== 'const') collect(names, inner, name);
  }
}
