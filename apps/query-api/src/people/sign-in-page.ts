import { html } from '../pages/html.ts'
import { layout } from '../pages/layout.ts'

/** A page that says how it stands with signing in. @param link where to go from here */
export function signInPage(
  title: string,
  text: string,
  link = { href: '/auth/login', label: 'Sign in' },
): string {
  return layout({
    title,
    content: html`<div class="note">
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a href="${link.href}">${link.label}</a></p>
    </div>`,
  })
}
