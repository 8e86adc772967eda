/** Roles of a declaration as accounts have them: `<system>/<role>`; `self` and `public` as they are. */
export function rolesFor(system: string, roles: readonly string[]): readonly string[] {
  const first = roles
    .filter((role) => role !== 'self' && role !== 'public')
    .map((role) => `${system}/${role}`);
  const rest = roles.filter((role) => role === 'self' || role === 'public');
  return [...first, ...rest];
}
