import type { ComponentChildren } from 'preact'
import type { Resource } from '../data/use-resource.ts'
import { ErrorNote } from './error-note.tsx'
import { Loading } from './loading.tsx'
import { StaleNote } from './stale-note.tsx'

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
