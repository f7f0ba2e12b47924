import { isCurrent, NAV_ITEMS } from '@runnel/console'
import { html, Html } from './html.ts'

export interface LayoutOptions {
  readonly title: string
  readonly content: Html
  /** What the page reloads when products change. */
  readonly live?: 'list' | 'product'
  /** Whether it is one of the pages of products, which the navigation then marks. Default: true. */
  readonly ofProducts?: boolean
  /** Leads to the list after some seconds. */
  readonly leave?: boolean
}

/** Seconds until a message is followed by the list. */
const LEAVE_SECONDS = 4

/** The place in a page for the note that it is stale. */
const STALE_MARK = '<!--stale-->'

const STALE_NOTE = html`<p class="stale-note" role="status">
  The database does not answer at the moment. This is the last known state; it may be out of date.
</p>`

/** A whole page as text. */
export function layout({ title, content, live, ofProducts = true, leave = false }: LayoutOptions): string {
  const refresh = html`<meta http-equiv="refresh" content="${LEAVE_SECONDS}; url=/" />`
  const script = html`<script type="module" src="/assets/products.js"></script>`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <script src="/assets/theme.js"></script>
        ${leave ? refresh : undefined}
        <title>${title} · Runnel</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ${live ? script : undefined}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="22" height="22" />Runnel</a>
          <nav aria-label="Main">${navigation(ofProducts)}</nav>
        </header>
        <main id="main" tabindex="-1" data-live="${live ?? ''}">${new Html(STALE_MARK)}${content}</main>
      </body>
    </html>`.text
}

/** The same as in the console; pages of products belong to its first item. */
function navigation(ofProducts: boolean): Html[] {
  return NAV_ITEMS.map((item) =>
    ofProducts && isCurrent(item, '/')
      ? html`<a href="${item.href}" aria-current="page">${item.label}</a>`
      : html`<a href="${item.href}">${item.label}</a>`,
  )
}

/** @returns a page that is served while Postgres is unreachable, with a note that says so */
export function markStale(page: string): string {
  return page.replace(STALE_MARK, STALE_NOTE.text)
}
