/** Why an app has not answered, in words that help to find the cause. */
export function explainNoAnswer(error: Error): string {
  if (error.name === 'TimeoutError') return 'no answer in time'
  if (error.name === 'AbortError') return 'query-api is shutting down'
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException
  return code === 'ECONNREFUSED' ? 'no process listens at its address' : (code ?? 'its answer is malformed')
}
