import { clientToken } from '../issuer/client-token.ts';
import type { RunningIssuer } from '../issuer/issuer.ts';

/** A token of an issuer's demonstration account, as the authorization header wants it. */
export async function tokenFrom(
  { url, accounts }: Pick<RunningIssuer, 'url' | 'accounts'>,
  id: string,
): Promise<string> {
  const secret = accounts.find((account) => account.id === id)?.secret ?? '';
  return `Bearer ${await clientToken({ issuer: url, id, secret })}`;
}
