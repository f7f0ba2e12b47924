import type { ApiError } from '../api/api-error.ts'
import { ErrorNote } from './error-note.tsx'

/** Why something that a person asked for was not done. */
export function ActionError({ error }: { error: ApiError | undefined }) {
  return error ? <ErrorNote error={error} again={false} /> : null
}
