import { useLocation } from 'preact-iso'
import { useCallback, useMemo } from 'preact/hooks'
import { changeQuery, hrefOf, type QueryChanges } from './change-query.ts'

export interface QueryParams {
  readonly params: URLSearchParams
  /** Changes the address; a step of the browser's history unless `replace`. */
  readonly change: (changes: QueryChanges, replace?: boolean) => void
  /** The address that `change` would lead to, for links. */
  readonly href: (changes: QueryChanges) => string
}

/** The query of the address: where every filter of a view lives. */
export function useQueryParams(): QueryParams {
  const { url, path, route } = useLocation()
  const params = useMemo(() => new URL(url, location.origin).searchParams, [url])
  const href = useCallback(
    (changes: QueryChanges) => hrefOf(path, changeQuery(params, changes)),
    [path, params],
  )
  const change = useCallback(
    (changes: QueryChanges, replace = false) => route(href(changes), replace),
    [href, route],
  )
  return { params, change, href }
}
