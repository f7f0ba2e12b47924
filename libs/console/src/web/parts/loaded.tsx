import type { ComponentChildren } from 'preact'
import type { Resource } from '../data/use-resource.ts'
import { ErrorNote } from './error-note.tsx'
import { Loading } from './loading.tsx'

interface LoadedProps<T> {
  readonly resource: Resource<T>
  readonly children: (data: T) => ComponentChildren
}

/** The states of something that is read: loading, failed, stale, there. What is there stays while the next one fails. */
export function Loaded<T>({ resource, children }: LoadedProps<T>) {
  const { data, error, loading, stale, reload } = resource
  return (
    <>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {stale && <StaleNote />}
      {data === undefined && loading && !error && <Loading />}
      {data !== undefined && (
        <div class="loaded" aria-busy={loading}>
          {children(data)}
        </div>
      )}
    </>
  )
}

/** Says that what is shown comes from a cache whose source is unreachable. */
function StaleNote() {
  return (
    <p class="stale-note" role="status">
      <strong>Stale.</strong> The database is unreachable; this is the last known state.
    </p>
  )
}
