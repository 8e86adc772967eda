import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Locale } from '@yitong/kit';

/** A page in one language; `body` is HTML already. */
export interface Page {
  readonly locale: Locale;
  readonly title: string;
  readonly body: string;
}

const style = `
:root{color-scheme:light dark;--canvas:#f3f6f9;--sheet:#fff;--text:#14202c;--quiet:#475565;--line:#768596;--hair:#dce3ea;--tile:#0a3a66;--action:#0b5cad;--tint:#e8f1fa;--you:#b87000}
@media (prefers-color-scheme:dark){:root{--canvas:#0e141a;--sheet:#151c24;--text:#e8edf2;--quiet:#a7b4c2;--line:#6b7a8a;--hair:#28323d;--tile:#0b5cad;--action:#7ab8ff;--tint:#17293b;--you:#ffb84d}}
*{box-sizing:border-box}
body{margin:0;background:var(--canvas);color:var(--text);font:16px/26px system-ui,sans-serif;overflow-wrap:anywhere}
header,main{max-width:760px;margin:0 auto;padding:16px 20px}
header{display:flex;align-items:center;gap:12px;font-size:18px;font-weight:700}
header svg{width:32px;height:32px;padding:4px;border-radius:22%;background:var(--tile);color:#fff}
h1{margin:8px 0;font-size:28px;line-height:38px}
h2{margin:26px 0 8px;font-size:18px;line-height:24px;font-weight:600}
p{margin:8px 0}
a{color:var(--action)}
code{font:14px ui-monospace,monospace}
.note{margin:16px 0;padding:12px 16px;background:var(--sheet);border:1px solid var(--hair);border-inline-start:4px solid var(--you);border-radius:8px}
ul{list-style:none;margin:0;padding:0;background:var(--sheet);border:1px solid var(--hair);border-radius:8px}
li+li{border-top:1px solid var(--hair)}
li:first-child button{border-radius:7px 7px 0 0}li:last-child button{border-radius:0 0 7px 7px}
button{display:block;width:100%;min-height:44px;padding:9px 16px;font:inherit;text-align:start;color:inherit;background:none;border:0;cursor:pointer}
button:hover{background:var(--tint)}
button small{display:block;font-size:14px;line-height:20px;color:var(--quiet)}
:focus-visible{outline:3px solid var(--action);outline-offset:2px}
@media (max-width:600px){h1{font-size:24px;line-height:32px}}
`;

const mark =
  '<svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">' +
  '<path d="M3 8h1.5c4.5 0 3.5 8 8 8h7c4.5 0 3.5-8 8-8H29M3 24h1.5c4.5 0 3.5-8 8-8h7c4.5 0 3.5 8 8 8H29"/></svg>';

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  vary: 'accept-language',
};

/** The text of a page: nothing on it comes from elsewhere. */
export function pageText({ locale, title, body }: Page): string {
  return `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · 一通 Yitong</title><style>${style}</style></head>
<body><header>${mark}<span>一通 Yitong</span></header>
<main><h1>${escaped(title)}</h1>${body}</main></body>
</html>
`;
}

/** Headers of every page; its one style is allowed by its hash, nothing else is. */
export function pageHeaders(locale: Locale): Readonly<Record<string, string>> {
  return { ...headers, 'content-language': locale };
}

/** Sends a page as the whole answer. */
export function sendPage(
  response: ServerResponse,
  status: number,
  page: Page,
  more: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...pageHeaders(page.locale), ...more }).end(pageText(page));
}

/** Text as HTML shows it. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
