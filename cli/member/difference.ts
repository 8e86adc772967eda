import type { Directory, DirectoryKey, Member } from '@yitong/kernel';

/** What a version changes against the one before, a line for each thing, for people who are about to sign it. */
export function changesBetween(before: Directory, after: Directory): readonly string[] {
  return [
    ...after.members.flatMap((member) => memberChanges(find(before, member.code), member)),
    ...before.members
      .filter(({ code }) => find(after, code) === undefined)
      .map((member) => `member ${named(member)} leaves`),
    ...listChanges('signs versions', before.signers, after.signers),
    ...(before.threshold === after.threshold
      ? []
      : [
          `${after.threshold} of ${after.signers.length} members must sign, before it was ${before.threshold} of ${before.signers.length}`,
        ]),
    ...listChanges('is a purpose', before.purposes ?? [], after.purposes ?? []),
    ...(JSON.stringify(before.permissions) === JSON.stringify(after.permissions)
      ? []
      : ['who may send what for which purpose changes: compare the permissions']),
    ...((before.streams ?? 16) === (after.streams ?? 16) ? [] : [`streams: ${after.streams}`]),
    `in force from ${after.issued} to ${after.expires}`,
  ];
}

const find = (directory: Directory, code: string): Member | undefined =>
  directory.members.find((member) => member.code === code);

const named = ({ code, name }: Member): string => (name === undefined ? code : `${code} ${name}`);

function memberChanges(before: Member | undefined, after: Member): readonly string[] {
  if (before === undefined)
    return [
      `member ${named(after)} joins, at ${after.url}`,
      ...after.keys.map(
        (key) => `  with key ${key.id} (${key.suite}) for ${key.use.join(', ')}: ${key.public}`,
      ),
      ...after.tls.map((hash) => `  with TLS key ${hash}`),
    ];
  const of = named(after);
  return [
    ...(before.url === after.url ? [] : [`${of} is at ${after.url}, before it was ${before.url}`]),
    ...listChanges(`is a TLS key of ${of}`, before.tls, after.tls),
    ...((before.epoch ?? 1) === (after.epoch ?? 1)
      ? []
      : [`streams of ${of} begin epoch ${after.epoch}: what nobody receipted is sent again`]),
    ...after.keys.flatMap((key) =>
      keyChanges(
        of,
        before.keys.find(({ id }) => id === key.id),
        key,
      ),
    ),
    ...before.keys
      .filter(({ id }) => after.keys.every((key) => key.id !== id))
      .map(({ id }) => `key ${id} of ${of} is not listed any more`),
  ];
}

function keyChanges(of: string, before: DirectoryKey | undefined, after: DirectoryKey): readonly string[] {
  if (before === undefined)
    return [`new key ${after.id} of ${of} for ${after.use.join(', ')}, to ${after.until}: ${after.public}`];
  return [
    ...(before.until === after.until ? [] : [`key ${after.id} of ${of} ends at ${after.until}`]),
    ...(before.revoked === undefined && after.revoked !== undefined
      ? [`key ${after.id} of ${of} is REVOKED since ${after.revoked.at}: ${after.revoked.reason}`]
      : []),
  ];
}

function listChanges(what: string, before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...after.filter((one) => !before.includes(one)).map((one) => `${one} ${what} from now on`),
    ...before.filter((one) => !after.includes(one)).map((one) => `${one} ${what} no more`),
  ];
}
