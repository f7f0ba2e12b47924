import { html } from '../pages/html.ts'
import { layout } from '../pages/layout.ts'

export interface Link {
  readonly href: string
  readonly label: string
}

/** A page that says how it stands with signing in. @param links where to go from here */
export function signInPage(title: string, text: string, links: readonly Link[]): string {
  return layout({
    title,
    content: html`<div class="note">
      <h1>${title}</h1>
      <p>${text}</p>
      ${links.map(({ href, label }) => html`<p><a href="${href}">${label}</a></p>`)}
    </div>`,
  })
}
