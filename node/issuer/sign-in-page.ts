import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { DemonstrationAccount } from './accounts.ts';

type Page = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const bodyMax = 4_096;
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Signing in to the demonstration: one picks an account from the list, there is no password. */
export function interactionPage(provider: Provider, accounts: readonly DemonstrationAccount[]): Page {
  const known = new Set(accounts.map(({ id }) => id));
  return async (request, response) => {
    await provider.interactionDetails(request, response); // throws unless this browser's own sign-in is under way
    if (request.method !== 'POST') {
      response.writeHead(200, headers).end(listOf(accounts));
      return;
    }
    const account = new URLSearchParams(await bodyOf(request)).get('account') ?? '';
    if (!known.has(account)) throw new Error('no such account');
    const login = { accountId: account };
    await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  };
}

function listOf(accounts: readonly DemonstrationAccount[]): string {
  const rows = accounts.map(
    ({ id, name }) =>
      `<li><button name="account" value="${escaped(id)}">${escaped(name['zh-CN'])} <small>${escaped(name.en)}</small></button></li>`,
  );
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>演示登录 · demonstration sign-in</title>
<style>body{font:1.125rem/1.6 system-ui;max-width:40rem;margin:2rem auto;padding:0 1rem}ul{list-style:none;padding:0}
button{font:inherit;width:100%;text-align:start;padding:.6rem 1rem;margin:.2rem 0}</style>
<h1>演示登录</h1><p>演示环境:以下账户均为虚构,无密码。 Demonstration only: all accounts are made up and have no password.</p>
<form method="post"><ul>${rows.join('')}</ul></form></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > bodyMax) throw new Error('too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
