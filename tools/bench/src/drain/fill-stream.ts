import { createItems } from '../metric-items.ts'

const BATCH_ITEMS = 1000
const SENDERS = 4

/** Puts metrics into the stream through ingest-api. @throws Error when one is refused */
export async function fillStream(ingestUrl: string, count: number): Promise<void> {
  let next = 0
  const send = async (): Promise<void> => {
    while (next < count) {
      const from = next
      next += BATCH_ITEMS
      const body = JSON.stringify(createItems(Math.min(BATCH_ITEMS, count - from), from))
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${ingestUrl}/api/v1/metrics`, { method: 'POST', headers, body })
      const text = await response.text()
      if (response.status !== 202) throw new Error(`The stream cannot be filled: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, send))
}
