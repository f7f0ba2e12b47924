const SENDERS = 4

export interface FillOptions {
  /** Of ingest-api, with the path of a kind. */
  readonly url: string
  readonly count: number
  /** Items of one request. */
  readonly batchItems?: number
  /** @param from number of the first item */
  readonly createItems: (count: number, from: number) => readonly object[]
}

/** Puts events into a stream through ingest-api. @throws Error when one is refused */
export async function fillStream({ url, count, batchItems = 1000, createItems }: FillOptions): Promise<void> {
  let next = 0
  const send = async (): Promise<void> => {
    while (next < count) {
      const from = next
      next += batchItems
      const body = JSON.stringify(createItems(Math.min(batchItems, count - from), from))
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(url, { method: 'POST', headers, body })
      const text = await response.text()
      if (response.status !== 202) throw new Error(`The stream cannot be filled: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, send))
}
