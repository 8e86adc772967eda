import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Locale } from '@yitong/kit';
import type Provider from 'oidc-provider';
import { localeOf } from '../http/locale.ts';
import type { DemonstrationAccount } from './accounts.ts';
import { pickedAcr, strongAcr } from './acr.ts';
import { escaped, type Page, sendPage } from './page.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const bodyMax = 4_096;

const words = {
  'zh-CN': {
    title: '演示登录',
    pick: '请选择一个账户。',
    note: '演示环境：账户均为虚构，无需密码。',
    again: '加强认证（演示）',
    asked: '办理资金、紧急查阅等事项前，须再次证明是您本人。',
    againNote: '演示环境：正式环境在此核验第二因素，如实体密钥或人脸。',
    confirm: '确认是本人：',
    home: '区域门户会把您带到这里来登录；请从门户开始。',
    programs:
      '程序按 OAuth 客户端凭证取得令牌：账户与密钥在数据目录的 <code>issuer/accounts.json</code>，地址见',
    accounts: '账户',
    failed: '登录未完成',
    back: '请回到您来的页面，重新登录。',
    reason: '原因',
    wait: '尝试过于频繁',
    waitFor: (seconds: number) => `请在 ${seconds} 秒后重试。`,
  },
  en: {
    title: 'Demonstration sign-in',
    pick: 'Pick an account.',
    note: 'Demonstration: all accounts are made up and need no password.',
    again: 'Confirm that it is you (demonstration)',
    asked: 'Before money moves, or a glass is broken in an emergency, you prove once more who you are.',
    againNote:
      'Demonstration: in production a second factor is checked here, such as a security key or a face.',
    confirm: 'It is me: ',
    home: 'The region’s portal brings you here to sign in; please begin there.',
    programs:
      'Programs get tokens by OAuth client credentials: accounts and secrets are in <code>issuer/accounts.json</code> of the data folder, addresses in',
    accounts: 'Accounts',
    failed: 'You are not signed in',
    back: 'Go back to the page you came from and sign in again.',
    reason: 'Reason',
    wait: 'Too many attempts',
    waitFor: (seconds: number) => `Try again in ${seconds} s.`,
  },
} as const;

/** Signing in to the demonstration: one picks an account from the list, there is no password. */
export function interactionPage(provider: Provider, accounts: readonly DemonstrationAccount[]): Handler {
  const known = new Set(accounts.map(({ id }) => id));
  return async (request, response) => {
    const { params } = await provider.interactionDetails(request, response); // throws unless this browser's own sign-in is under way
    const isStrong = String(params['acr_values'] ?? '')
      .split(' ')
      .includes(strongAcr);
    if (request.method !== 'POST') {
      const known = accounts.find(({ id }) => id === params['login_hint']);
      const wished = params['ui_locales'];
      const locale = localeOf(
        typeof wished === 'string' ? wished.replaceAll(' ', ',') : request.headers['accept-language'],
      );
      sendPage(response, 200, isStrong ? confirmPage(known, accounts, locale) : pickPage(accounts, locale));
      return;
    }
    const account = new URLSearchParams(await bodyOf(request)).get('account') ?? '';
    if (!known.has(account)) throw new Error('no such account');
    const login = { accountId: account, acr: isStrong ? strongAcr : pickedAcr };
    await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  };
}

/** What stands at the issuer's own address: what it is for, and where to begin. */
export function homePage(accounts: readonly DemonstrationAccount[], locale: Locale): Page {
  const { title, note, home, programs, accounts: heading } = words[locale];
  const discovery = '/.well-known/openid-configuration';
  const link = `<a href="${discovery}"><code>${discovery}</code></a>`;
  const body = `<p class="note">${note}</p><p>${home}</p><p>${programs} ${link}</p><h2>${heading}</h2>`;
  const rows = accounts.map(({ id, name }) => `<p>${escaped(name[locale])} <code>${escaped(id)}</code></p>`);
  return { locale, title, body: body + rows.join('') };
}

/** A sign-in that came to nothing; `reason` is the code of RFC 6749, if there is one. */
export function failedPage(locale: Locale, reason?: string): Page {
  const { failed, back, reason: heading } = words[locale];
  const why = reason === undefined ? '' : `<p>${heading}: <code>${escaped(reason)}</code></p>`;
  return { locale, title: failed, body: `<p>${back}</p>${why}` };
}

/** Whoever tried too often has to wait so many seconds. */
export function waitPage(locale: Locale, seconds: number): Page {
  const { wait, waitFor } = words[locale];
  return { locale, title: wait, body: `<p>${waitFor(seconds)}</p>` };
}

/** Asks whoever is signed in at a node once more; who is not picks an account. */
function confirmPage(
  known: DemonstrationAccount | undefined,
  accounts: readonly DemonstrationAccount[],
  locale: Locale,
): Page {
  const { again, asked, againNote, confirm, pick } = words[locale];
  const head = `<p class="note">${againNote}</p><p>${asked}</p>`;
  if (known === undefined)
    return { locale, title: again, body: `${head}<p>${pick}</p>${formOf(accounts, locale)}` };
  const button = `<button name="account" value="${escaped(known.id)}">${confirm}${escaped(known.name[locale])}<small><code>${escaped(known.id)}</code></small></button>`;
  return { locale, title: again, body: `${head}<form method="post"><ul><li>${button}</li></ul></form>` };
}

function pickPage(accounts: readonly DemonstrationAccount[], locale: Locale): Page {
  const { title, note, pick } = words[locale];
  const body = `<p class="note">${note}</p><p>${pick}</p>${formOf(accounts, locale)}`;
  return { locale, title, body };
}

function formOf(accounts: readonly DemonstrationAccount[], locale: Locale): string {
  const members = [...new Set(accounts.map(({ member }) => member))];
  const groups = members.map((member) => {
    const own = accounts.filter((account) => account.member === member);
    const [place, rows] = [placeOf(own[0], locale), own.map((account) => rowOf(account, locale))];
    return `<h2>${escaped(place)}</h2><ul>${rows.join('')}</ul>`;
  });
  return `<form method="post">${groups.join('')}</form>`;
}

/** Names are `<place>·<role>` and `<place>: <role>`. */
const separators = { 'zh-CN': '·', en: ': ' } as const;

function placeOf(account: DemonstrationAccount | undefined, locale: Locale): string {
  return account?.name[locale].split(separators[locale])[0] ?? '';
}

function rowOf({ id, name, person }: DemonstrationAccount, locale: Locale): string {
  const role = name[locale].split(separators[locale]).slice(1).join(separators[locale]);
  // Made up like all the rest; who plays the cashier needs it.
  const number = person === undefined ? '' : ` · <code>${escaped(person)}</code>`;
  return `<li><button name="account" value="${escaped(id)}">${escaped(role)}<small><code>${escaped(id)}</code>${number}</small></button></li>`;
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
