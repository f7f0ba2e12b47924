/**
 * HTML that mail programs show: tables, styles on the elements, 600 px, no image, no script. Clients that know the dark
 * mode use the classes; the others show the light colours that stand on the elements.
 */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text of others within HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!)
}

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

export const STYLES = {
  text: `${FONT};font-size:14px;line-height:20px;color:#1c2430`,
  quiet: `${FONT};font-size:13px;line-height:18px;color:#5a6676`,
  heading: `${FONT};font-size:15px;line-height:20px;font-weight:600;color:#1c2430;padding:24px 0 8px`,
  title: `${FONT};font-size:20px;line-height:26px;font-weight:600;color:#1c2430;padding:0 0 4px`,
  cell: `${FONT};font-size:14px;line-height:20px;color:#1c2430;padding:8px 8px 8px 0;border-top:1px solid #dde2e9;vertical-align:top`,
  number: `${FONT};font-size:14px;line-height:20px;color:#1c2430;padding:8px 0 8px 8px;border-top:1px solid #dde2e9;text-align:right;white-space:nowrap;vertical-align:top`,
  link: 'color:#0b5cad;text-decoration:underline',
} as const

const DARK = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background:#12161c!important}
.sheet{background:#1b212a!important}
.text,.heading,.title,.cell,.number{color:#e7ebf0!important}
.quiet{color:#a3aebb!important}
.cell,.number{border-color:#333d4a!important}
.link{color:#7cb8f7!important}
.bad{color:#ff9d90!important}
}
@media (max-width:620px){.sheet{width:100%!important}.inner{padding:16px!important}}`

/** A whole page around rows of a table. @param title and rows as HTML */
export function emailPage({ title, rows }: { title: string; rows: string }): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${title}</title><style>${DARK}</style></head>
<body class="page" style="margin:0;padding:0;background:#eef1f5">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#eef1f5"><tr><td align="center" style="padding:24px 8px">
<table role="presentation" class="sheet" width="600" cellpadding="0" cellspacing="0" border="0" style="width:600px;max-width:600px;background:#ffffff;border-radius:8px"><tr><td class="inner" style="padding:28px 32px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${rows}</table>
</td></tr></table></td></tr></table></body></html>
`
}

type Style = keyof typeof STYLES

/** One row with one cell. @param html as it stands in the cell */
export function row(style: Style, html: string): string {
  return `<tr><td class="${style}" style="${STYLES[style]}">${html}</td></tr>`
}

export function link(href: string, text: string): string {
  return `<a class="link" style="${STYLES.link}" href="${escapeHtml(href)}">${escapeHtml(text)}</a>`
}

/** Rows of two columns: what, and how many. Both as HTML. */
export function pairs(rows: readonly (readonly [what: string, value: string])[]): string {
  const cells = rows
    .map(
      ([what, value]) =>
        `<tr><td class="cell" style="${STYLES.cell}">${what}</td><td class="number" style="${STYLES.number}">${value}</td></tr>`,
    )
    .join('')
  return `<tr><td><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${cells}</table></td></tr>`
}
