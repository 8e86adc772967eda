import type { HttpConfig } from './context.ts';

/** The page on which people read the API and try it. Nothing on it comes from elsewhere. */
export function docsPage({ name, member, demonstration }: HttpConfig): string {
  const note = demonstration
    ? '<p class="note" lang="zh-CN">演示环境：数据均为虚构。 <span lang="en">Demonstration: all data are made up.</span></p>'
    : '';
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>一通 Yitong · ${escaped(name.zh)} · ${escaped(name.en)}</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<style>${style}</style>
</head>
<body data-member="${escaped(member)}">
<header>${mark}<span>一通 Yitong</span></header>
${note}
<main id="page"><noscript>本页需要 JavaScript;接口说明见 · This page needs JavaScript; the description is at <a href="/openapi.json">/openapi.json</a></noscript></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
}

/** The region's mark; its colours are those of the sign-in page. */
const mark =
  '<svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">' +
  '<path d="M3 8h1.5c4.5 0 3.5 8 8 8h7c4.5 0 3.5-8 8-8H29M3 24h1.5c4.5 0 3.5-8 8-8h7c4.5 0 3.5 8 8 8H29"/></svg>';

/** Over the library's own: our colours in light and dark, a focus that is seen, and lines that break where the screen is narrow. */
const style = `
:root{--canvas:#f3f6f9;--sheet:#fff;--text:#14202c;--quiet:#475565;--hair:#dce3ea;--tile:#0a3a66;--action:#0b5cad;--good:#0a6b3d;--note:#fff4e0;--warn:#8a5300}
.dark-mode{--canvas:#0e141a;--sheet:#151c24;--text:#e8edf2;--quiet:#a7b4c2;--hair:#28323d;--tile:#0b5cad;--action:#7ab8ff;--good:#63d297;--note:#33270f;--warn:#ffb84d}
body{margin:0;font:16px/26px system-ui,sans-serif}
body,html.dark-mode,html.dark-mode .swagger-ui,.swagger-ui .scheme-container,html.dark-mode .swagger-ui .scheme-container{background:var(--canvas);color:var(--text)}
header,.note,noscript{display:flex;max-width:1460px;margin:0 auto;padding:12px 20px;box-sizing:border-box}
header{align-items:center;gap:12px;font-size:18px;font-weight:700}
header svg{width:32px;height:32px;padding:4px;box-sizing:border-box;border-radius:22%;background:var(--tile);color:#fff}
.note{flex-wrap:wrap;column-gap:12px;background:var(--note);color:var(--warn);border-inline-start:4px solid}
.swagger-ui,.swagger-ui .info .title,.swagger-ui .opblock-tag,.swagger-ui .btn,.swagger-ui select,.swagger-ui label,.swagger-ui .info p,.swagger-ui table thead tr th,.swagger-ui .opblock-description-wrapper p{font-family:system-ui,sans-serif}
.swagger-ui .info{margin:24px 0}
.swagger-ui .info .title{font-size:28px;line-height:38px;color:var(--text)}
.swagger-ui .scheme-container{box-shadow:none;border-bottom:1px solid var(--hair);padding:12px 0}
.swagger-ui .opblock .opblock-summary-description,.swagger-ui .opblock-tag small{color:var(--quiet);font-size:14px}
.swagger-ui .opblock{box-shadow:none;border-radius:8px}
.swagger-ui .scheme-container .auth-wrapper .btn.authorize,.swagger-ui .btn.authorize{color:var(--action);border-color:var(--action);box-shadow:none}
.swagger-ui .btn.authorize svg{fill:var(--action)}
.swagger-ui .opblock.opblock-get .opblock-summary-method{background:var(--action);text-shadow:none}
.swagger-ui .opblock.opblock-post .opblock-summary-method{background:var(--good);text-shadow:none}
.swagger-ui .scheme-container .servers,.swagger-ui .scheme-container .servers-title{display:none}
.dark-mode .swagger-ui .opblock.opblock-get .opblock-summary-method,.dark-mode .swagger-ui .opblock.opblock-post .opblock-summary-method{color:#0e141a}
.swagger-ui .models button{background:none}
.swagger-ui a.link,.swagger-ui .info a{color:var(--action)}
.swagger-ui :focus-visible,header :focus-visible{outline:3px solid var(--action);outline-offset:2px}
@media (max-width:700px){
.swagger-ui .wrapper{padding:0 12px}
.swagger-ui .info .title{font-size:24px;line-height:32px}
.swagger-ui .opblock-tag{flex-wrap:wrap;font-size:18px}
.swagger-ui .opblock-tag>a{flex:1 1 auto;overflow-wrap:anywhere}
.swagger-ui .opblock-tag small{flex:1 1 100%;order:2;padding:0}
.swagger-ui .opblock .opblock-summary{align-items:flex-start}
.swagger-ui .opblock-summary-control{min-width:0;flex-wrap:wrap}
.swagger-ui .opblock .opblock-summary-method{min-width:56px;padding:6px 0;font-size:13px}
.swagger-ui .opblock .opblock-summary-path-description-wrapper{flex:1 1 0;flex-direction:column;align-items:flex-start;gap:4px;min-width:0}
.swagger-ui .opblock .opblock-summary-path{max-width:100%;font-size:14px;overflow-wrap:anywhere}
.swagger-ui .filter .operation-filter-input{box-sizing:border-box;width:100%;max-width:none;margin:12px 0}
.swagger-ui .json-schema-2020-12-accordion{display:inline-flex;align-items:center;text-align:start}
.swagger-ui .json-schema-2020-12__title{font-size:14px!important;overflow-wrap:anywhere}
.swagger-ui table.parameters thead{display:none}
.swagger-ui table.parameters,.swagger-ui table.parameters tbody,.swagger-ui table.parameters tr,.swagger-ui table.parameters td{display:block;width:100%;max-width:none;padding:4px 0;overflow-wrap:anywhere}
.swagger-ui .responses-table .response-col_links,.swagger-ui .responses-table .col_header:last-child{display:none}
.swagger-ui .parameters-col_description input,.swagger-ui .parameters-col_description select{min-width:0;width:100%;box-sizing:border-box}
}`;

/**
 * Starts the page; the validator of its makers would be another host, and so would the issuer's discovery, which the description names for
 * programs.
 */
export const docsScript = `const dark = window.matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
window.SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#page', deepLinking: true, docExpansion: 'list', filter: true,
  validatorUrl: null, persistAuthorization: false, displayRequestDuration: true,
  responseInterceptor: (answer) => {
    if (answer.url?.endsWith('/openapi.json') && answer.body?.components?.securitySchemes) {
      delete answer.body.components.securitySchemes.signIn;
      answer.text = answer.data = JSON.stringify(answer.body);
    }
    return answer;
  },
});
`;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
