import type { ComponentType } from 'preact'
import { lazy } from 'preact-iso'
import { Empty } from './parts/empty.tsx'
import { Page } from './parts/page.tsx'

/** A view that is loaded once it is looked at. After an update of the server its file may be gone: a reload finds the new one. */
export function lazyView(load: () => Promise<{ default: ComponentType }>) {
  return lazy(() => load().catch(() => ({ default: NotLoaded })))
}

function NotLoaded() {
  return (
    <Page title="Loading failed">
      <Empty title="This part of the console could not be loaded.">
        <button type="button" class="primary" onClick={() => location.reload()}>
          Load again
        </button>
      </Empty>
    </Page>
  )
}
