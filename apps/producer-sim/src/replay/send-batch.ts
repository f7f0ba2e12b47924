import type { Kind } from '@runnel/contracts'
import type { IngestClient } from '../http/ingest-client.ts'
import { postUntilAnswered, type RetryOptions } from '../http/post-until-answered.ts'
import type { BatchItem } from './batches.ts'
import { DeliveryError } from './delivery-error.ts'

/** An entry that was not taken, and why. */
export interface Rejection {
  readonly position: number
  readonly code: string
  readonly message: string
}

/**
 * Delivers items, in halves where the server takes fewer at a time.
 *
 * @returns the items that the server will never take
 * @throws DeliveryError when the server stays busy or away, or is not the API that was expected
 * @throws the signal's reason when it aborts
 */
export async function sendBatch(
  client: IngestClient,
  kind: Kind,
  items: readonly BatchItem[],
  signal: AbortSignal,
  retry: RetryOptions,
): Promise<readonly Rejection[]> {
  if (items.length === 0) return []
  const body = `[${items.map((item) => item.text).join(',')}]`
  const { answer } = await postUntilAnswered(client, kind, body, signal, retry)
  switch (answer.type) {
    case 'accepted':
      return answer.rejected.map(({ index, code, message }) => ({
        position: at(items, index),
        code,
        message,
      }))
    case 'rejected':
      return items.map(({ position }, index) => {
        const own = answer.rejected.find((item) => item.index === index)
        return { position, code: own?.code ?? String(answer.status), message: own?.message ?? answer.reason }
      })
    case 'too-large': {
      if (items.length === 1) return [{ position: at(items, 0), code: '413', message: answer.reason }]
      const half = Math.ceil(items.length / 2)
      const first = await sendBatch(client, kind, items.slice(0, half), signal, retry)
      return [...first, ...(await sendBatch(client, kind, items.slice(half), signal, retry))]
    }
    default:
      throw new DeliveryError(answer)
  }
}

function at(items: readonly BatchItem[], index: number): number {
  return items[index]?.position ?? 0
}
