import { z } from '@yitong/kit';

/** A program that signs in by itself: the issuer's address, its client's credentials, and for whom the token shall be. */
export interface ClientWish {
  readonly issuer: string;
  readonly id: string;
  readonly secret: string;
  /** The issuer's own choice when absent. */
  readonly audience?: string;
}

/** An access token by client credentials. Errors: the issuer gives none. */
export async function clientToken({ issuer, id, secret, audience }: ClientWish): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(audience === undefined ? {} : { resource: audience }),
    }),
  });
  const given = z.object({ access_token: z.string() }).safeParse(await answer.json());
  if (!given.success) throw new Error(`no token for ${id}: HTTP ${answer.status}`);
  return given.data.access_token;
}
