/**
 * An operation over AMQP waits for its answer for as long as its connection lives.
 *
 * @throws Error once the time is over; the operation itself goes on
 */
export async function withTimeout<T>(operation: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`${what}: no answer within ${timeoutMs} ms`)),
    timeoutMs,
  )
  try {
    return await Promise.race([operation, late.promise])
  } finally {
    clearTimeout(timer)
    operation.catch(() => undefined)
  }
}
