import { Empty } from './parts/empty.tsx'
import { Page } from './parts/page.tsx'

/** What an unknown address shows. */
export function Missing() {
  return (
    <Page title="No such page">
      <Empty title="There is nothing at this address.">
        Continue with the <a href="/console/logs">logs</a> or to <a href="/">all products</a>.
      </Empty>
    </Page>
  )
}
