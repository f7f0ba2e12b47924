import type { Page } from 'playwright-core'

/** A variable that hostile data sets where a page runs them: it must never be set. */
export const CANARY = '__hacked'

/**
 * Writes down whatever should not happen in a page: errors in its console (breaches of its policy are among them),
 * exceptions, requests to another host, dialogs.
 *
 * @param origin the only one that the page may talk to
 * @returns the list, which grows
 */
export function watchPage(page: Page, origin: string): string[] {
  const troubles: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => troubles.push(`exception: ${error.stack ?? error.message}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin && url.protocol !== 'data:') troubles.push(`request: ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return troubles
}
