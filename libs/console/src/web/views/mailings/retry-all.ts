import type { Retriable, RetriedMessages, RetryRequest } from '../../api/mailings.ts'

interface RetryAllOptions {
  readonly include: readonly Retriable[]
  /** One request of several. */
  readonly send: (request: RetryRequest) => Promise<RetriedMessages>
  /** Called after each with how many have been accepted so far. */
  readonly onProgress: (accepted: number) => void
}

/** Asks for messages to be sent again, request after request, until all are. @returns how many */
export async function retryAll({ include, send, onProgress }: RetryAllOptions): Promise<number> {
  let accepted = 0
  let cursor: string | null | undefined
  while (cursor !== null) {
    const retried: RetriedMessages = await send(cursor === undefined ? { include } : { include, cursor })
    accepted += retried.accepted
    cursor = retried.nextCursor
    onProgress(accepted)
  }
  return accepted
}
