import { useMemo } from 'preact/hooks'
import { readColumns } from './columns-param.ts'
import { searchedWords } from './searched-words.ts'

/** How entries are shown. */
export interface LogLook {
  /** What is marked in messages. */
  readonly words: readonly string[]
  /** Fields that have columns of their own. */
  readonly fields: readonly string[]
  /** Long messages go on over several lines. */
  readonly wraps: boolean
}

/** How an address wants entries to be shown; the same as long as it wants the same, so that rows are not drawn again. */
export function useLook(params: URLSearchParams): LogLook {
  const [query, q, wraps] = [params.get('query') ?? '', params.get('q') ?? '', params.has('wrap')]
  const columns = JSON.stringify(readColumns(params))
  const words = useMemo(() => searchedWords(query, q), [query, q])
  const fields = useMemo(() => JSON.parse(columns) as string[], [columns])
  return { words, fields, wraps }
}
