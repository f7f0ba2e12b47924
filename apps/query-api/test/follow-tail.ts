import type { Api } from './start-api.ts'

/** What a client has heard. */
interface Heard {
  readonly ids: string[]
  readonly messages: string[]
  dropped: number
  missed: number
  comments: number
}

/** Follows the logs as a browser does. */
export async function followTail(url: string, query = '', headers: Record<string, string> = {}) {
  const abort = new AbortController()
  const response = await fetch(`${url}/api/v1/logs/tail?${query}`, { headers, signal: abort.signal })
  const heard: Heard = { ids: [], messages: [], dropped: 0, missed: 0, comments: 0 }
  let ended = false
  const read = async () => {
    let rest = ''
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + piece).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) hear(block, heard)
    }
    ended = true
  }
  let cut = false
  const reading = read().catch(() => (cut = true))
  return {
    response,
    heard,
    ended: () => ended,
    /** Whether the connection ended without the end of the answer. */
    cut: () => cut,
    close: async () => {
      abort.abort()
      await reading
    },
  }
}

function hear(block: string, heard: Heard): void {
  if (block.startsWith(':')) heard.comments++
  const data = /^data: (.*)$/m.exec(block)?.[1]
  if (data === undefined) return
  if (block.includes('event: dropped')) {
    const { count, missed } = JSON.parse(data) as { count: number; missed: number }
    heard.dropped += count
    heard.missed += missed
    return
  }
  const { id, message } = JSON.parse(data) as { id: string; message: string }
  heard.ids.push(id)
  heard.messages.push(message)
}

/** The address of a replica, which listens from then on. */
export function listen(api: Api, host?: string): Promise<string> {
  return api.http.listen({ port: 0, ...(host !== undefined && { host }) })
}
