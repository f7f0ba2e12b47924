import { html, type Html } from './html.ts'

export interface LayoutOptions {
  readonly title: string
  readonly content: Html
  /** Leads to the list after some seconds. */
  readonly leave?: boolean
}

/** Seconds that a message stands before the list comes. */
const LEAVE_SECONDS = 4

/** A whole page as text. */
export function layout({ title, content, leave = false }: LayoutOptions): string {
  const refresh = html`<meta http-equiv="refresh" content="${LEAVE_SECONDS}; url=/" />`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${leave ? refresh : undefined}
        <title>${title} · Runnel</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <header>
          <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="24" height="24" />Runnel</a>
          <nav><a href="/">Products</a><a href="/docs">API</a></nav>
        </header>
        <main>${content}</main>
      </body>
    </html>`.text
}
