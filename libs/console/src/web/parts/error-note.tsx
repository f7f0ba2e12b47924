import type { ApiError } from '../api/api-error.ts'
import { explain } from './explain.ts'

interface ErrorNoteProps {
  readonly error: ApiError
  /** Tries again. */
  readonly onRetry?: (() => void) | undefined
  /** false: nothing is tried again by itself. */
  readonly again?: boolean
}

/** The same request is a mistake again, but whatever else went wrong may be over. */
function mayPass(error: ApiError): boolean {
  return error.isTransient || error.trouble.status >= 500
}

/** What went wrong, which input was meant, what would be right, and whether it passes by itself. */
export function ErrorNote({ error, onRetry, again = true }: ErrorNoteProps) {
  const { title, detail, hint } = explain(error, again)
  return (
    <div class="error-note" role="alert">
      <div>
        <p class="note-title">{title}</p>
        <p>{detail}</p>
        {hint && <p class="quiet">{hint}</p>}
      </div>
      {onRetry && mayPass(error) && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}
