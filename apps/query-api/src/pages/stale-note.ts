import { html } from './html.ts'
import { STALE_MARK } from './layout.ts'

const NOTE = html`<p class="stale-note" role="status">
  The database does not answer at the moment. This is what was known last; it may be out of date.
</p>`

/** A page that stands in while Postgres is away, saying so. */
export function markStale(page: string): string {
  return page.replace(STALE_MARK, NOTE.text)
}
