import { z } from '@yitong/kit';
import type { RunningIssuer } from '../issuer/issuer.ts';

/** A token of an issuer's demonstration account, as the authorization header wants it. */
export async function tokenFrom(
  { url, accounts }: Pick<RunningIssuer, 'url' | 'accounts'>,
  id: string,
): Promise<string> {
  const secret = accounts.find((account) => account.id === id)?.secret ?? '';
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const answer = await fetch(`${url}/token`, { method: 'POST', headers: { authorization }, body });
  return `Bearer ${z.object({ access_token: z.string() }).parse(await answer.json()).access_token}`;
}
