import type { HttpConfig } from './context.ts';

/** The page on which people read the API and try it. Nothing on it comes from elsewhere. */
export function docsPage({ name, member, demonstration }: HttpConfig): string {
  const note = demonstration
    ? '<p class="note">演示环境:数据均为虚构。 Demonstration: all data are made up.</p>'
    : '';
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>一通 Yitong · ${escaped(name.zh)} · ${escaped(name.en)}</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<style>body{margin:0;background:#fff}.note{font:1rem/1.6 system-ui;margin:0;padding:.6rem 1.2rem;background:#fff3c4;color:#3d2f00}</style>
</head>
<body data-member="${escaped(member)}">
${note}
<main id="page"><noscript>本页需要 JavaScript;接口说明见 <a href="/openapi.json">/openapi.json</a></noscript></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
}

/** Starts the page; the validator of its makers would be another host. */
export const docsScript = `window.SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#page', deepLinking: true, docExpansion: 'list', filter: true,
  validatorUrl: null, persistAuthorization: false, displayRequestDuration: true,
});
`;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
