import type { RecordType, SystemType } from '@yitong/kit';
import type { Invocation } from './command.ts';
import { usage } from './failure.ts';

/**
 * The header that says why a record is read: what `--purpose` says; where a record of persons is read and the system has one
 * purpose only, that one, and the reader is told. Errors: usage, when there are several to choose from.
 */
export function purposeHeaders(
  { options, output }: Invocation,
  system: SystemType,
  record: RecordType,
): Readonly<Record<string, string>> {
  const told = options.text('purpose');
  if (told !== undefined) return { 'yitong-purpose': told };
  const concernsPerson = record.about.person || record.person !== undefined;
  const [only, ...more] = system.purposes;
  if (!concernsPerson || only === undefined) return {};
  if (more.length > 0)
    throw usage(
      `${record.type} is about persons: say why you read it.`,
      `--purpose with one of: ${system.purposes.join(', ')}`,
    );
  output.note(`Read for the purpose ${only}; the persons concerned can see that.`);
  return { 'yitong-purpose': only };
}
