const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:2rem 1rem}
main{max-width:32rem;margin:10vh auto 0}h1{font-size:1.4rem}button{font:inherit;padding:.6rem 1.2rem;cursor:pointer}`

interface Page {
  readonly title: string
  /** HTML. */
  readonly body: string
}

const toHtml = ({ title, body }: Page) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>
`

/** Asks before anything changes: programs that look for dangerous links open every one. */
export function askPage(address: string): string {
  return toHtml({
    title: 'Unsubscribe',
    body: `<p>Stop e-mails to <strong>${escape(maskAddress(address))}</strong>?</p>
<form method="post"><button type="submit">Unsubscribe</button></form>`,
  })
}

export function donePage(address: string): string {
  return toHtml({
    title: 'Unsubscribed',
    body: `<p><strong>${escape(maskAddress(address))}</strong> receives no more e-mails from this sender.</p>`,
  })
}

export const UNKNOWN_PAGE = toHtml({
  title: 'Unknown link',
  body: '<p>This link to unsubscribe is not known here. It may have been cut: copy all of it from the e-mail.</p>',
})

/** `ann@example.com` as `a…@example.com`: a link may be passed on, with the e-mail. */
function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  return `${[...address][0] ?? ''}…${address.slice(at)}`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
