import { Empty } from './parts/empty.tsx'
import { Page } from './parts/page.tsx'

/** What an unknown address shows. */
export function Missing() {
  return (
    <Page title="Page not found">
      <Empty title="There is nothing at this address.">
        Continue with the <a href="/console/logs">logs</a> or <a href="/">all products</a>.
      </Empty>
    </Page>
  )
}
