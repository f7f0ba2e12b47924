import { CliError } from '../../cli-error.ts'

/** Shows the place of a query that could not be read below the sentence. @returns any other error as it is */
export function explainQuery(error: unknown, query: string): unknown {
  if (!(error instanceof CliError) || error.details.code !== 'invalid_query') return error
  const { position } = error.details as { readonly position?: number }
  if (position === undefined) return error
  const place = `  ${query}\n  ${' '.repeat(position)}^`
  const hint = `${place}\nThe language: docs/LOG-QUERIES.md`
  return new CliError(error.exitCode, error.message, { ...error.details, hint }, error)
}
