import { html } from './html.ts'
import { layout } from './layout.ts'

/** A page with a message alone. @param leave it leads to the list after some seconds, and says so */
export function messagePage(title: string, text: string, leave = false): string {
  const then = leave
    ? 'The list of products follows in a moment; or go there now:'
    : 'From here you can go on to'
  return layout({
    title,
    leave,
    ofProducts: leave,
    content: html`<div class="note">
      <h1>${title}</h1>
      <p>${text}</p>
      <p>${then} <a href="/">all products</a> or <a href="/console/logs">the logs</a>.</p>
    </div>`,
  })
}
